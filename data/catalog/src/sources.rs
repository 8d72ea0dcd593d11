//! From which systems the rows of published tables come, as pages say it below them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Catalog, Error, Layer, Table};

/// Classifier of the systems.
const SYSTEMS: &str = "saltiniai";

impl Catalog {
    /// Tables that name systems which are none, or keep one silent that feeds the core table of the same name.
    pub(crate) fn source_problems(&self) -> Vec<Error> {
        let fed = self.fed();
        self.tables.values().flat_map(|table| self.source_problems_of(table, &fed)).collect()
    }

    fn source_problems_of(&self, table: &Table, fed: &BTreeMap<&str, Vec<&Arc<Table>>>) -> Vec<Error> {
        let wrong = |reason: String| Error::Definition { place: format!("table {}", table.name), reason };
        let is_known =
            |source: &String| self.classifiers.get(SYSTEMS).is_some_and(|known| known.terms.iter().any(|term| term.code == *source));
        let mut found: Vec<Error> = table
            .sources
            .iter()
            .filter(|source| !is_known(source))
            .map(|source| wrong(format!("source {source} is not in classifier {SYSTEMS}")))
            .collect();
        if table.layer != Layer::Out {
            found.extend((!table.sources.is_empty()).then(|| wrong("only out_ tables name their sources".to_owned())));
            return found;
        }
        let raws = fed.get(format!("core_{}", table.subject()).as_str()).into_iter().flatten();
        let silent = raws.filter(|raw| !table.sources.iter().any(|source| source == raw.source()));
        found.extend(silent.map(|raw| wrong(format!("rows of {} are in it, so `sources` must name {}", raw.name, raw.source()))));
        found
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_source_that_is_none_or_is_kept_silent_is_told() {
        let mut catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        assert!(catalog.source_problems().is_empty());
        for (name, sources, word) in [
            ("out_vip", &["formos", "nera"][..], "source nera"),
            ("out_numeris", &["jar"], "must name libis"),
            ("core_vip", &["formos"], "only out_ tables"),
        ] {
            let mut table = Table::clone(catalog.table(name).unwrap());
            table.sources = sources.iter().map(|source| (*source).to_owned()).collect();
            let before = catalog.tables.insert(name.to_owned(), Arc::new(table)).unwrap();
            let told: Vec<String> = catalog.source_problems().iter().map(ToString::to_string).collect();
            assert!(told.len() == 1 && told[0].contains(word), "{name}: {told:?}");
            catalog.tables.insert(name.to_owned(), before);
        }
    }
}
