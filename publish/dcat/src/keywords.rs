//! Words under which a dataset is looked for: all of them stand in the definitions.

use catalog::Text;
use metadata::DescribedDataset;

/// What every dataset is about.
const ALWAYS: [(&str, &str); 2] = [("žiniasklaida", "media"), ("viešosios informacijos rengėjai ir skleidėjai", "media service providers")];

/// What its tables are called, and what is looked for in them; each word once. Histories are called after the tables that they are of.
pub(crate) fn keywords(dataset: &DescribedDataset<'_>) -> Vec<Text> {
    let mut all = always();
    let own = dataset.tables.iter().filter(|table| dataset.dataset.tables.contains(&table.table.name)).map(|table| table.table);
    for table in own {
        all.push(table.title.clone());
        all.extend(table.search.iter().map(|search| search.kind.clone()));
    }
    let mut seen = Vec::new();
    all.retain(|word| {
        let is_new = !seen.contains(word);
        seen.push(word.clone());
        is_new
    });
    all
}

/// Words for all datasets together.
pub(crate) fn always() -> Vec<Text> {
    ALWAYS.iter().map(|(lt, en)| Text { lt: (*lt).to_owned(), en: (*en).to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use catalog::Tier;

    use super::*;
    use crate::sample;

    #[test]
    fn a_dataset_is_found_by_its_tables_and_by_what_is_looked_for_in_them() {
        let catalog = sample::catalog();
        let described = sample::described(&catalog, Tier::Public);
        let dataset = described.datasets.iter().find(|dataset| dataset.dataset.name == "savininkai").unwrap();
        assert!(dataset.tables.iter().any(|table| table.table.name == "out_savininkas__istorija"), "a history is there");
        let words: Vec<String> = keywords(dataset).into_iter().map(|word| word.en).collect();
        assert!(["media", "Ultimate owners", "owner"].iter().all(|word| words.iter().any(|found| found == word)), "{words:?}");
        assert!(!words.iter().any(|word| word.contains("history")), "{words:?}");
        assert_eq!(words.iter().filter(|word| *word == "owner").count(), 1, "each word once");
    }
}
