//! Forgets persons in what earlier statistics were made of (`state/published`): a random token that leads nowhere stands for each of them.
//!
//! Their amounts stay. Without them nothing would tell that tonight's figures lack but one person's, so nothing would be held, and who has both
//! releases could subtract what that person did.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use catalog::{Catalog, Layer};
use publish::{Sought, fold};

use super::published_past::PublishedPasts;

/// Random bytes of a token.
const TOKEN_BYTES: usize = 16;

/// Replaces every person whom the texts name. An earlier release in which one of them stands where no person should (a dimension) is not kept:
/// with another value there its figures could not be compared.
///
/// # Errors
/// A file cannot be read or written.
pub(crate) fn forget(state: &Path, catalog: &Catalog, sought: &Sought) -> Result<()> {
    let mut tokens = Tokens::default();
    for (rows, pasts) in PublishedPasts::all(state)? {
        let dimensions = dimensions(catalog, &rows);
        for number in pasts.numbers()? {
            if sought.is_in_file(&pasts.path(number, "json"))? {
                pasts.remove(number)?;
                continue;
            }
            let hidden = pasts.hidden(number)?;
            if !sought.in_rows(&hidden)?.contains(&true) {
                continue;
            }
            let replaced = tokens.replace(&hidden, &dimensions, sought)?;
            match sought.in_rows(&replaced)?.contains(&true) {
                true => pasts.remove(number)?,
                false => pasts.write_hidden(number, &replaced)?,
            }
        }
    }
    Ok(())
}

/// The columns of rows by whose values statistics count.
fn dimensions(catalog: &Catalog, rows: &str) -> BTreeSet<String> {
    let statistics = catalog.tables(Layer::Out).filter_map(|table| table.statistic.as_ref()).filter(|statistic| statistic.rows == rows);
    let columns = |statistic: &catalog::Statistic| -> Vec<String> {
        statistic.dimensions.iter().map(|dimension| dimension.of.clone()).chain(statistic.only.keys().cloned()).collect()
    };
    statistics.flat_map(columns).collect()
}

/// The token of each cell that named somebody; the same in every release, so that who was one stays one.
#[derive(Default)]
struct Tokens(HashMap<String, String>);

impl Tokens {
    fn replace(&mut self, rows: &RecordBatch, dimensions: &BTreeSet<String>, sought: &Sought) -> Result<RecordBatch> {
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(rows.num_columns());
        for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
            columns.push(match column.as_string_opt::<i32>() {
                Some(cells) if !dimensions.contains(field.name()) => Arc::new(self.replace_in(cells, sought)?),
                _ => column.clone(),
            });
        }
        Ok(RecordBatch::try_new(rows.schema(), columns)?)
    }

    fn replace_in(&mut self, cells: &StringArray, sought: &Sought) -> Result<StringArray> {
        let replaced = (0..cells.len()).map(|row| match cells.is_valid(row).then(|| cells.value(row)) {
            Some(cell) if sought.is_in(cell) => self.of(cell).map(Some),
            cell => Ok(cell.map(str::to_owned)),
        });
        replaced.collect()
    }

    fn of(&mut self, cell: &str) -> Result<String> {
        let folded = fold(cell);
        if let Some(token) = self.0.get(&folded) {
            return Ok(token.clone());
        }
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("cannot get random bytes from the system: {error}"))?;
        let token = hex::encode(bytes);
        self.0.insert(folded, token.clone());
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::Int64Array;

    use super::*;

    #[test]
    fn a_token_stands_for_one_person_everywhere_and_amounts_and_others_stay() {
        let payers: ArrayRef = Arc::new(StringArray::from(vec![Some("Fabc123456"), Some("Fdef123456"), None, Some("FABC123456")]));
        let amounts: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4]));
        let places: ArrayRef = Arc::new(StringArray::from(vec!["abc123456", "a", "b", "c"]));
        let rows = RecordBatch::try_from_iter_with_nullable([
            ("moketojas", payers.clone(), true),
            ("verte", amounts.clone(), true),
            ("vieta", places.clone(), true),
        ])
        .unwrap();
        let sought = Sought::new(&["abc123456".to_owned()]).unwrap();
        let mut tokens = Tokens::default();
        let replaced = tokens.replace(&rows, &BTreeSet::from(["vieta".to_owned()]), &sought).unwrap();
        let found = replaced.column(0).as_string::<i32>();
        assert!(found.value(0) == found.value(3) && found.value(0).len() == 2 * TOKEN_BYTES && found.is_null(2));
        assert_eq!(found.value(1), "Fdef123456");
        assert!(replaced.column(1) == &amounts && replaced.column(2) == &places, "a dimension is not touched");
        let again = tokens.replace(&rows.slice(3, 1), &BTreeSet::new(), &sought).unwrap();
        assert_eq!(again.column(0).as_string::<i32>().value(0), found.value(0), "the same in every release");
        let other = Tokens::default().replace(&rows, &BTreeSet::new(), &sought).unwrap();
        assert_ne!(other.column(0).as_string::<i32>().value(0), found.value(0), "it follows from nothing");
    }

    /// Two releases: in the first the text pays, in the second it stands where statistics count by it.
    #[test]
    fn an_earlier_release_with_the_text_in_a_dimension_is_not_kept() {
        let state = tempfile::tempdir().unwrap();
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let key = transforms::PersonKey::new(&std::array::from_fn::<u8, 32, _>(|place| u8::try_from(place).unwrap())).unwrap();
        let pasts = PublishedPasts::of(state.path(), "out_faktai_pajamos");
        for (payer, institution) in [("abc123456", "300000001"), ("def123456", "abc123456")] {
            let cell = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text])) };
            let hidden = RecordBatch::try_from_iter([("moketojas", cell(payer)), ("institucijos_kodas", cell(institution))]).unwrap();
            pasts.add(&transforms::PublishedPast { hidden, pattern: transforms::PublishedPattern::default() }, &key, 9).unwrap();
        }
        let sought = Sought::new(&["abc123456".to_owned()]).unwrap();
        forget(state.path(), &catalog, &sought).unwrap();
        assert_eq!(pasts.numbers().unwrap(), [1], "the second is removed");
        let left = pasts.hidden(1).unwrap();
        assert!(!sought.in_rows(&left).unwrap().contains(&true));
        assert_eq!(left.column(1).as_string::<i32>().value(0), "300000001");
    }
}
