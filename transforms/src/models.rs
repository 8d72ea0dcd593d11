//! The SQL of `sql/models`, in the order of its needs, and the checks of `sql/checks`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::compute::cast;
use catalog::{Catalog, Evidence};

use crate::template::expand;
use crate::{Error, Header};

/// Whether a check's findings stop publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The guarded tables are not released.
    Error,
    /// Said, counted, published all the same.
    Warning,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// Its own name: that of its file without `.sql`, or that of its line in a file of several.
    pub name: String,
    /// The file, as messages name it.
    pub file: String,
    /// Whether findings stop publication.
    pub severity: Severity,
    /// Tables it guards.
    pub guards: Vec<String>,
    /// Rows that are wrong.
    pub wrong: u64,
}

/// A statement of a file of `sql/`.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) name: String,
    pub(crate) sql: String,
    pub(crate) header: Header,
    pub(crate) needs: Vec<String>,
    /// Those of `needs` whose rows matter only where another of them names their key.
    pub(crate) looks_up: Vec<String>,
}

/// All models and checks of a home folder.
#[derive(Debug)]
pub struct Models {
    pub(crate) models: Vec<Statement>,
    pub(crate) checks: Vec<Statement>,
}

impl Models {
    /// Reads `home/sql` and puts the models in order.
    ///
    /// # Errors
    /// A file cannot be read, lacks its header, needs something unknown, or needs itself through others.
    pub fn load(home: &Path) -> Result<Self, Error> {
        Ok(Self { models: in_order(read(&home.join("sql/models"))?)?, checks: read(&home.join("sql/checks"))? })
    }

    /// Names of the models, in the order in which they run.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.models.iter().map(|model| model.name.as_str())
    }

    /// The tables that the model of a published table reads.
    #[must_use]
    pub fn needs(&self, table: &str) -> &[String] {
        self.models.iter().find(|model| model.name == table).map_or(&[], |model| &model.needs)
    }

    /// The SQL of each model, by the table that it makes.
    #[must_use]
    pub fn sql(&self) -> BTreeMap<String, String> {
        self.models.iter().map(|model| (model.name.clone(), model.sql.clone())).collect()
    }

    /// Models, then checks, in the order in which they run.
    pub(crate) fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.models.iter().chain(&self.checks)
    }
}

impl Statement {
    fn parse(file: &Path, name: String, sql: String) -> Result<Self, Error> {
        let header = Header::parse(file, &sql);
        header.one("needs")?;
        let (needs, looks_up) = (header.list("needs"), header.list("looks_up"));
        if let Some(strange) = looks_up.iter().find(|name| !needs.contains(name)) {
            return Err(header.wrong(format!("it looks up {strange}, which is not among its needs")));
        }
        Ok(Self { name, sql, header, needs, looks_up })
    }

    /// What a check says when it found this many wrong rows.
    pub(crate) fn result(&self, wrong: u64) -> Result<CheckResult, Error> {
        let severity = match self.header.one("severity")? {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => return Err(self.header.wrong("severity is error or warning".to_owned())),
        };
        Ok(CheckResult {
            name: self.name.clone(),
            file: self.header.file().to_owned(),
            severity,
            guards: self.header.list("guards"),
            wrong,
        })
    }
}

impl CheckResult {
    /// What it says, and where to look.
    #[must_use]
    pub fn said(&self) -> String {
        format!("check {} found {} wrong rows; see {}", self.name, self.wrong, self.file)
    }

    /// What the checks say about one table, as the gate asks it.
    #[must_use]
    pub fn evidence(results: &[Self], table: &str) -> Evidence {
        let guarding =
            results.iter().filter(|check| check.severity == Severity::Error && check.guards.iter().any(|guarded| guarded == table));
        Evidence { failed: guarding.filter(|check| check.wrong > 0).map(CheckResult::said).collect() }
    }
}

fn read(folder: &Path) -> Result<Vec<Statement>, Error> {
    let failed = |source| Error::Catalog(catalog::Error::Read { path: folder.to_owned(), source });
    let mut paths: Vec<_> = fs::read_dir(folder).map_err(failed)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    paths.sort();
    let mut statements: Vec<Statement> = Vec::new();
    for path in paths {
        for (name, sql) in expand(&path, &fs::read_to_string(&path).map_err(failed)?)? {
            let statement = Statement::parse(&path, name, sql)?;
            if let Some(other) = statements.iter().find(|other| other.name == statement.name) {
                return Err(statement.header.wrong(format!("{} is already in {}", other.name, other.header.file())));
            }
            statements.push(statement);
        }
    }
    Ok(statements)
}

/// Topological order; models that could run at the same time keep the order of their names.
fn in_order(models: Vec<Statement>) -> Result<Vec<Statement>, Error> {
    let names: BTreeSet<String> = models.iter().map(|model| model.name.clone()).collect();
    let mut waiting = models;
    let (mut ordered, mut finished) = (Vec::new(), BTreeSet::new());
    while !waiting.is_empty() {
        let ready = |model: &Statement| model.needs.iter().all(|need| need.starts_with("core_") || finished.contains(need));
        let Some(next) = waiting.iter().position(ready) else {
            let stuck = &waiting[0];
            let strange = stuck.needs.iter().find(|need| !need.starts_with("core_") && !names.contains(*need));
            return Err(stuck.header.wrong(match strange {
                Some(need) => format!("it needs {need}, which no model makes"),
                None => "it needs itself, through other models".to_owned(),
            }));
        };
        let model = waiting.remove(next);
        finished.insert(model.name.clone());
        ordered.push(model);
    }
    Ok(ordered)
}

/// The result with the definition's types; a column too many, too few or out of place is an error.
pub(crate) fn fit(rows: &RecordBatch, catalog: &Catalog, model: &Statement) -> Result<RecordBatch, Error> {
    let table = catalog.table(&model.name)?;
    let schema = table.schema();
    let names = |schema: &arrow::datatypes::Schema| schema.fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>();
    let (found, defined) = (names(&rows.schema()), names(&schema));
    if found != defined {
        return Err(model.header.wrong(format!("its columns are ({}), its definition has ({})", found.join(", "), defined.join(", "))));
    }
    let columns = schema
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, column)| {
            if column.data_type() == field.data_type() {
                return Ok(column.clone());
            }
            let reason = format!("column {} is {}, its definition says {}; CAST it", field.name(), column.data_type(), field.data_type());
            // Only the width of a decimal may differ: an engine widens sums.
            match (column.data_type(), field.data_type()) {
                (arrow::datatypes::DataType::Decimal128(_, a), arrow::datatypes::DataType::Decimal128(_, b)) if a == b => {
                    cast(column, field.data_type()).map_err(|_| model.header.wrong(reason))
                }
                _ => Err(model.header.wrong(reason)),
            }
        })
        .collect::<Result<Vec<_>, Error>>()?;
    RecordBatch::try_new(schema, columns).map_err(Error::arrow(&model.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn statement(name: &str, needs: &str) -> Statement {
        let sql = format!("-- needs: {needs}\nSELECT 1");
        let header = Header::parse(&PathBuf::from(format!("sql/models/{name}.sql")), &sql);
        Statement { name: name.to_owned(), needs: header.list("needs"), looks_up: Vec::new(), header, sql }
    }

    #[test]
    fn models_run_after_what_they_need() {
        let ordered =
            in_order(vec![statement("out_a", "out_b"), statement("out_b", "core_x, out_c"), statement("out_c", "core_x")]).unwrap();
        assert_eq!(ordered.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(), ["out_c", "out_b", "out_a"]);
        assert!(in_order(vec![statement("out_a", "out_b"), statement("out_b", "out_a")]).is_err());
        assert!(in_order(vec![statement("out_a", "out_missing")]).unwrap_err().to_string().contains("out_missing"));
    }

    #[test]
    fn every_model_of_this_project_has_a_definition_and_every_definition_a_model() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let catalog = Catalog::load(&home).unwrap();
        let models = Models::load(&home).unwrap();
        let made: BTreeSet<&str> = models.names().collect();
        let defined: BTreeSet<&str> = catalog.tables(catalog::Layer::Out).map(|table| table.name.as_str()).collect();
        assert_eq!(made, defined);
    }
}
