//! One night's models and checks. A statement whose SQL and whose inputs are those of the last night is not run again: what it
//! made or found then still holds.
//!
//! What a table holds is told by its [`content()`], not by how it came about: a model that ran and made what it made before
//! keeps all that follows from it from running.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{AsArray, RecordBatch, StringArray};
use catalog::Catalog;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::lookups::{Lookups, RowHashes, row_hashes};
use crate::models::{Models, Statement, fit};
use crate::{CheckResult, Core, Engine, Error, content};

/// What one night leaves to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Content of every core and published table.
    pub contents: BTreeMap<String, String>,
    /// Hash of the SQL of every model and check.
    pub statements: BTreeMap<String, String>,
    /// How many wrong rows each check found.
    pub findings: BTreeMap<String, u64>,
    /// Hashes of key and content of every row of the tables that are looked up.
    pub looked_up: RowHashes,
}

/// Words of a statement; names of columns may be among them.
pub type Words = BTreeSet<String>;

/// Reads a table of last time: at least the columns that these words name, or all. An error says what is wrong, and no value.
pub type ReadEarlier<'a> = dyn Fn(&str, Option<&Words>) -> Result<RecordBatch, String> + 'a;

/// Reads every text that stands in a table of last time: in the columns that these words name, or in all.
pub type ReadTexts<'a> = dyn Fn(&str, Option<&Words>) -> Result<Vec<StringArray>, String> + 'a;

/// The last night, as far as it is at hand.
pub struct Earlier<'a> {
    /// What it left.
    pub remembered: &'a Remembered,
    /// Reads the rows that a model made then.
    pub rows: &'a ReadEarlier<'a>,
    /// Reads the texts that stood in them.
    pub texts: &'a ReadTexts<'a>,
}

impl std::fmt::Debug for Earlier<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Earlier({} tables)", self.remembered.contents.len())
    }
}

/// Why a statement ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It did not run last time, or nothing of last time may be used.
    First,
    /// Its SQL is another.
    Sql,
    /// These tables hold something else than last time.
    Needs(Vec<String>),
}

/// One statement's turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlStep {
    /// `model` or `check`.
    pub kind: &'static str,
    /// File name without `.sql`.
    pub name: String,
    /// Why it ran; `None` where it was skipped.
    pub why: Option<Why>,
}

/// What came of a night.
#[derive(Debug)]
pub struct Made {
    /// The published tables that hold something else than last time.
    pub changed: BTreeMap<String, RecordBatch>,
    /// What all checks found, tonight or when they last ran.
    pub checks: Vec<CheckResult>,
    /// For the next night.
    pub remembered: Remembered,
    /// Models and checks, in the order of their turns.
    pub steps: Vec<SqlStep>,
}

/// The run of all models and checks of one night.
pub struct SqlRun<'a> {
    models: &'a Models,
    catalog: &'a Catalog,
    engine: &'a mut dyn Engine,
    earlier: Earlier<'a>,
    salt: &'a [u8; 32],
    /// Core tables that no statement has needed yet.
    core: BTreeMap<String, RecordBatch>,
    lookups: Lookups,
    /// How many statements whose turn is still to come need each table.
    waiting: BTreeMap<String, usize>,
    /// Tables in the engine, each with the words for which it was read; no words: it has all its columns.
    in_engine: BTreeMap<String, Option<Words>>,
    now: Remembered,
    /// Models whose results are not those of last time.
    changed: BTreeSet<String>,
    steps: Vec<SqlStep>,
}

impl std::fmt::Debug for SqlRun<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SqlRun({} steps)", self.steps.len())
    }
}

impl<'a> SqlRun<'a> {
    /// Begins with the core tables.
    ///
    /// # Errors
    /// A statement looks something up in a table that has no single text as its key.
    pub fn new(
        models: &'a Models,
        catalog: &'a Catalog,
        engine: &'a mut dyn Engine,
        core: Core,
        earlier: Earlier<'a>,
        salt: &'a [u8; 32],
    ) -> Result<Self, Error> {
        let core = core.tables;
        let contents = core.par_iter().map(|(name, rows)| (name.clone(), content(rows, salt))).collect();
        let statements = || models.models.iter().chain(&models.checks).filter(|statement| !statement.looks_up.is_empty());
        let names: BTreeSet<&String> = statements().flat_map(|statement| &statement.looks_up).collect();
        let looked_up: RowHashes = names
            .into_par_iter()
            .filter_map(|name| Some((name, core.get(name)?)))
            .map(|(name, rows)| Ok((name.clone(), row_hashes(catalog.table(name)?, rows, salt)?)))
            .collect::<Result<_, Error>>()?;
        let mut lookups = Lookups::new(&earlier.remembered.looked_up, &looked_up, salt);
        // Asked now, while all core tables are at hand.
        let needs: BTreeSet<&String> = statements().flat_map(|statement| &statement.needs).collect();
        let tables = needs.into_iter().filter_map(|name| core.get_key_value(name));
        lookups.ask(&tables.map(|(name, rows)| (name, texts(rows, named_of(models, name).as_ref()))).collect::<Vec<_>>());
        let now = Remembered { contents, looked_up, ..Remembered::default() };
        let (in_engine, changed, steps) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        let mut waiting = BTreeMap::new();
        for need in models.models.iter().chain(&models.checks).flat_map(|statement| &statement.needs) {
            *waiting.entry(need.clone()).or_default() += 1;
        }
        Ok(Self { models, catalog, engine, earlier, salt, core, lookups, waiting, in_engine, now, changed, steps })
    }

    /// Runs the models that must run; `done` hears the name of each model when its turn is over.
    ///
    /// # Errors
    /// A model fails, or makes other columns than its definition has.
    pub fn models(&mut self, done: &mut dyn FnMut(&str)) -> Result<(), Error> {
        for model in &self.models.models {
            let known = self.earlier.remembered.contents.get(&model.name);
            let why = if known.is_some() { self.why(model)? } else { Some(Why::First) };
            match (&why, known) {
                (None, Some(content)) => {
                    self.now.contents.insert(model.name.clone(), content.clone());
                    self.let_go(model)?;
                }
                _ => self.run(model, known.filter(|_| self.may_be_same(model, why.as_ref())))?,
            }
            self.step("model", model, why);
            done(&model.name);
        }
        Ok(())
    }

    /// Runs the checks that must run.
    ///
    /// # Errors
    /// A check's own SQL fails.
    pub fn checks(&mut self) -> Result<Vec<CheckResult>, Error> {
        let mut results = Vec::new();
        for check in &self.models.checks {
            let known = self.earlier.remembered.findings.get(&check.name).copied();
            let why = if known.is_some() { self.why(check)? } else { Some(Why::First) };
            let wrong = match (&why, known) {
                (None, Some(wrong)) => wrong,
                _ => {
                    self.put(check)?;
                    self.engine.query(check.header.file(), &check.sql, &check.needs)?.num_rows() as u64
                }
            };
            self.let_go(check)?;
            self.now.findings.insert(check.name.clone(), wrong);
            self.step("check", check, why);
            results.push(check.result(wrong)?);
        }
        Ok(results)
    }

    /// Takes what changed out of the engine, with the types of its definition.
    ///
    /// # Errors
    /// A model's columns are not those of its definition.
    pub fn finish(mut self, checks: Vec<CheckResult>) -> Result<Made, Error> {
        let mut changed = BTreeMap::new();
        for model in self.models.models.iter().filter(|model| self.changed.contains(&model.name)) {
            changed.insert(model.name.clone(), fit(&self.engine.rows(&model.name)?, self.catalog, model)?);
            self.engine.forget(&model.name)?;
        }
        let missing = changed.par_iter().filter(|(name, _)| !self.now.contents.contains_key(*name));
        let contents: Vec<_> = missing.map(|(name, rows)| (name.clone(), content(rows, self.salt))).collect();
        self.now.contents.extend(contents);
        // Those that nobody compared while they were made.
        changed.retain(|name, _| self.now.contents.get(name) != self.earlier.remembered.contents.get(name));
        Ok(Made { changed, checks, remembered: self.now, steps: self.steps })
    }

    /// Runs a model. Where there is something to compare with, its result is looked at once and let go again, since it may be the
    /// same; what is not is handed out at the end.
    fn run(&mut self, model: &Statement, known: Option<&String>) -> Result<(), Error> {
        self.put(model)?;
        self.engine.keep(model.header.file(), &model.sql, &model.needs, &model.name)?;
        self.in_engine.insert(model.name.clone(), None);
        self.let_go(model)?;
        if let Some(known) = known {
            let content = content(&fit(&self.engine.rows(&model.name)?, self.catalog, model)?, self.salt);
            let same = content == *known;
            self.now.contents.insert(model.name.clone(), content);
            if same {
                return self.let_go_of(&model.name);
            }
        }
        self.changed.insert(model.name.clone());
        Ok(())
    }

    /// Whether a model that must run may well make what it made before, so that looking at its result at once can spare others their turn:
    /// not where the rows that it is made of are others, and not only what it looks up.
    fn may_be_same(&self, model: &Statement, why: Option<&Why>) -> bool {
        !matches!(why, Some(Why::Needs(changed)) if changed.iter().any(|name| !model.looks_up.contains(name)))
    }

    /// Why a statement must run, if it must.
    fn why(&mut self, statement: &Statement) -> Result<Option<Why>, Error> {
        let earlier = self.earlier.remembered;
        match earlier.statements.get(&statement.name) {
            None => return Ok(Some(Why::First)),
            Some(sql) if *sql != hash_of(&statement.sql) => return Ok(Some(Why::Sql)),
            Some(_) => {}
        }
        let same = |need: &&String| matches!((self.now.contents.get(*need), earlier.contents.get(*need)), (Some(a), Some(b)) if a == b);
        let changed: Vec<String> = statement.needs.iter().filter(|need| !same(need)).cloned().collect();
        let only_looked_up = changed.iter().all(|name| statement.looks_up.contains(name) && self.lookups.has(name));
        if !only_looked_up {
            return Ok(Some(Why::Needs(changed)));
        }
        let mut met = Vec::new();
        for name in changed {
            if self.meets(statement, &name)? {
                met.push(name);
            }
        }
        Ok((!met.is_empty()).then_some(Why::Needs(met)))
    }

    /// Whether a statement meets a changed row of a table that it looks something up in.
    fn meets(&mut self, statement: &Statement, looked_up: &str) -> Result<bool, Error> {
        for need in statement.needs.iter().filter(|need| *need != looked_up) {
            if !self.lookups.knows(need) {
                // A result of last time: core tables were asked when the night began.
                let found = (self.earlier.texts)(need, named_of(self.models, need).as_ref());
                let texts = found.map_err(|reason| Error::Earlier { table: need.clone(), reason })?;
                self.lookups.ask(&[(need, texts)]);
            }
            if self.lookups.is_named(need, looked_up) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn step(&mut self, kind: &'static str, statement: &Statement, why: Option<Why>) {
        self.now.statements.insert(statement.name.clone(), hash_of(&statement.sql));
        self.steps.push(SqlStep { kind, name: statement.name.clone(), why });
    }

    /// After a statement's turn: tables that no other waits for are let go, for they would be most of the run's memory.
    fn let_go(&mut self, statement: &Statement) -> Result<(), Error> {
        for need in &statement.needs {
            if let Some(count) = self.waiting.get_mut(need) {
                *count -= 1;
            }
            self.let_go_of(need)?;
        }
        Ok(())
    }

    /// Lets a table go, unless a statement waits for it or it is to be handed out.
    fn let_go_of(&mut self, table: &str) -> Result<(), Error> {
        if self.waiting.get(table).is_some_and(|count| *count > 0) || self.changed.contains(table) {
            return Ok(());
        }
        self.core.remove(table);
        match self.in_engine.remove(table) {
            Some(_) => self.engine.forget(table),
            None => Ok(()),
        }
    }

    /// Brings the tables that a statement needs into the engine. Each core table is let go as soon as the engine has it: two copies
    /// of all of them would be most of the run's memory. Of a table of last time only columns are read that statements may name.
    fn put(&mut self, statement: &Statement) -> Result<(), Error> {
        for need in &statement.needs {
            let wanted = words(&statement.sql);
            match (self.in_engine.get(need), &wanted) {
                (Some(None), _) => continue,
                (Some(Some(known)), Some(wanted)) if wanted.is_subset(known) => continue,
                (Some(Some(_)), _) => {
                    self.engine.forget(need)?;
                    self.in_engine.remove(need);
                }
                (None, _) => {}
            }
            let (rows, words) = match self.core.remove(need) {
                Some(rows) => (rows, None),
                None => {
                    let words = self.words_about(need, wanted);
                    let rows = (self.earlier.rows)(need, words.as_ref());
                    (rows.map_err(|reason| Error::Earlier { table: need.clone(), reason })?, words)
                }
            };
            self.engine.register(need, &rows)?;
            self.in_engine.insert(need.clone(), words);
        }
        Ok(())
    }

    /// What is wanted of a table, and what other statements will want of it that must run too, so that it is read once.
    fn words_about(&self, table: &str, wanted: Option<Words>) -> Option<Words> {
        let changed = |need: &String| {
            let (now, before) = (self.now.contents.get(need), self.earlier.remembered.contents.get(need));
            self.changed.contains(need) || now.is_some() && now != before
        };
        let must_run = |of: &&Statement| of.needs.iter().any(|need| changed(need) && !of.looks_up.contains(need));
        let all = self.models.models.iter().chain(&self.models.checks);
        let others = all.filter(|of| of.needs.iter().any(|need| need == table)).filter(must_run);
        others.map(|of| words(&of.sql)).fold(wanted, |all, some| Some(all?.into_iter().chain(some?).collect()))
    }
}

/// What the statements that look something up may name of a table; `None`: anything.
fn named_of(models: &Models, table: &str) -> Option<Words> {
    let all = models.models.iter().chain(&models.checks).filter(|statement| !statement.looks_up.is_empty());
    let naming = all.filter(|statement| statement.needs.iter().any(|need| need == table));
    naming.map(|statement| words(&statement.sql)).try_fold(Words::new(), |all, some| Some(all.into_iter().chain(some?).collect()))
}

/// The columns of text that these words name, or all.
fn texts(rows: &RecordBatch, words: Option<&Words>) -> Vec<StringArray> {
    let schema = rows.schema();
    let named = schema.fields().iter().zip(rows.columns()).filter(|(field, _)| words.is_none_or(|words| words.contains(field.name())));
    named.filter_map(|(_, column)| column.as_string_opt::<i32>().cloned()).collect()
}

/// All words of a statement; `None` where a star may stand for columns.
fn words(sql: &str) -> Option<Words> {
    let code: String = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let code = code.replace("COUNT(*)", "").to_lowercase();
    let may_be_columns = code.match_indices('*').any(|(place, _)| !is_times(&code[..place]));
    let words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty());
    (!may_be_columns).then(|| words.map(str::to_owned).collect())
}

/// Whether a star behind this multiplies: something stands before it that has a value.
fn is_times(before: &str) -> bool {
    let before = before.trim_end();
    let word = before.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
    before.ends_with(')') || !matches!(word, "" | "select" | "distinct" | "all")
}

fn hash_of(sql: &str) -> String {
    hex::encode(Sha256::digest(sql))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_all_columns_unless_it_counts_rows_or_multiplies() {
        let of = |sql: &str| words(sql).map(|words| words.into_iter().collect::<Vec<_>>());
        assert_eq!(of("SELECT a.Suma, COUNT(*) FROM x -- kaina.*"), Some(["a", "from", "select", "suma", "x"].map(str::to_owned).into()));
        for times in ["SELECT a * b FROM x", "SELECT 2*b FROM x", "SELECT CAST(1 AS DOUBLE) * (b) FROM x"] {
            assert!(of(times).is_some(), "{times}");
        }
        for columns in ["SELECT * FROM x", "SELECT x.* FROM x", "SELECT a, * FROM x", "SELECT DISTINCT\n* FROM x", "SELECT x. * FROM x"] {
            assert!(of(columns).is_none(), "{columns}");
        }
    }
}
