//! One night's models and checks. A statement whose SQL and whose inputs are those of the last night is not run again: what it
//! made or found then still holds.
//!
//! What a table holds is told by its [`content`], not by how it came about: a model that ran and made what it made before
//! keeps all that follows from it from running.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use catalog::Catalog;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::models::{Models, Statement, fit};
use crate::persons::hexadecimal;
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
}

/// The last night, as far as it is at hand.
pub struct Earlier<'a> {
    /// What it left.
    pub remembered: &'a Remembered,
    /// Reads the rows that a model made then.
    pub rows: &'a dyn Fn(&str) -> Result<RecordBatch, String>,
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
pub struct Step {
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
    pub steps: Vec<Step>,
}

/// A night under way.
pub struct Night<'a> {
    models: &'a Models,
    catalog: &'a Catalog,
    engine: &'a mut dyn Engine,
    earlier: Earlier<'a>,
    salt: &'a [u8; 32],
    /// Core tables that no statement has needed yet.
    core: BTreeMap<String, RecordBatch>,
    in_engine: BTreeSet<String>,
    now: Remembered,
    /// Results that are not those of last time; those still in the engine have no rows here.
    changed: BTreeMap<String, Option<RecordBatch>>,
    steps: Vec<Step>,
}

impl std::fmt::Debug for Night<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Night({} steps)", self.steps.len())
    }
}

impl<'a> Night<'a> {
    /// Begins with the core tables.
    #[must_use]
    pub fn new(
        models: &'a Models,
        catalog: &'a Catalog,
        engine: &'a mut dyn Engine,
        core: Core,
        earlier: Earlier<'a>,
        salt: &'a [u8; 32],
    ) -> Self {
        let contents = core.tables.par_iter().map(|(name, rows)| (name.clone(), content(rows, salt))).collect();
        let now = Remembered { contents, ..Remembered::default() };
        let (in_engine, changed, steps) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        Self { models, catalog, engine, earlier, salt, core: core.tables, in_engine, now, changed, steps }
    }

    /// Runs the models that must run; `done` hears the name of each model when its turn is over.
    ///
    /// # Errors
    /// A model fails, or makes other columns than its definition has.
    pub fn models(&mut self, done: &mut dyn FnMut(&str)) -> Result<(), Error> {
        for model in &self.models.models {
            let known = self.earlier.remembered.contents.get(&model.name);
            let why = if known.is_some() { self.why(model) } else { Some(Why::First) };
            match (&why, known) {
                (None, Some(content)) => drop(self.now.contents.insert(model.name.clone(), content.clone())),
                _ => self.run(model, known)?,
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
            let why = if known.is_some() { self.why(check) } else { Some(Why::First) };
            let wrong = match (&why, known) {
                (None, Some(wrong)) => wrong,
                _ => {
                    self.put(&check.needs)?;
                    self.engine.query(check.header.file(), &check.sql, &check.needs)?.num_rows() as u64
                }
            };
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
        // Let go first: what is handed out lies in memory beside what the engine still holds.
        self.core.clear();
        let kept: Vec<String> = self.in_engine.iter().filter(|name| !matches!(self.changed.get(*name), Some(None))).cloned().collect();
        kept.iter().try_for_each(|name| self.engine.forget(name))?;
        let mut changed = BTreeMap::new();
        for model in &self.models.models {
            let rows = match self.changed.remove(&model.name) {
                None => continue,
                Some(Some(rows)) => rows,
                Some(None) => {
                    let rows = fit(&self.engine.rows(&model.name)?, self.catalog, model)?;
                    self.engine.forget(&model.name)?;
                    rows
                }
            };
            changed.insert(model.name.clone(), rows);
        }
        let contents: Vec<_> = changed.par_iter().map(|(name, rows)| (name.clone(), content(rows, self.salt))).collect();
        self.now.contents.extend(contents);
        Ok(Made { changed, checks, remembered: self.now, steps: self.steps })
    }

    /// Runs a model. Where there is something to compare with, its result is looked at once: it may be the same.
    fn run(&mut self, model: &Statement, known: Option<&String>) -> Result<(), Error> {
        self.put(&model.needs)?;
        self.engine.keep(model.header.file(), &model.sql, &model.needs, &model.name)?;
        self.in_engine.insert(model.name.clone());
        let Some(known) = known else {
            self.changed.insert(model.name.clone(), None);
            return Ok(());
        };
        let rows = fit(&self.engine.rows(&model.name)?, self.catalog, model)?;
        let content = content(&rows, self.salt);
        if content != *known {
            self.changed.insert(model.name.clone(), Some(rows));
        }
        self.now.contents.insert(model.name.clone(), content);
        Ok(())
    }

    /// Why a statement must run, if it must.
    fn why(&self, statement: &Statement) -> Option<Why> {
        let earlier = self.earlier.remembered;
        match earlier.statements.get(&statement.name) {
            None => return Some(Why::First),
            Some(sql) if *sql != hash_of(&statement.sql) => return Some(Why::Sql),
            Some(_) => {}
        }
        let same = |need: &String| matches!((self.now.contents.get(need), earlier.contents.get(need)), (Some(a), Some(b)) if a == b);
        let others: Vec<String> = statement.needs.iter().filter(|need| !same(need)).cloned().collect();
        (!others.is_empty()).then_some(Why::Needs(others))
    }

    fn step(&mut self, kind: &'static str, statement: &Statement, why: Option<Why>) {
        self.now.statements.insert(statement.name.clone(), hash_of(&statement.sql));
        self.steps.push(Step { kind, name: statement.name.clone(), why });
    }

    /// Brings tables into the engine. Each core table is let go as soon as the engine has it: two copies of all of them would be
    /// most of the run's memory.
    fn put(&mut self, needs: &[String]) -> Result<(), Error> {
        for need in needs {
            if self.in_engine.contains(need) {
                continue;
            }
            let rows = match self.core.remove(need) {
                Some(rows) => rows,
                None => (self.earlier.rows)(need).map_err(|reason| Error::Earlier { table: need.clone(), reason })?,
            };
            self.engine.register(need, &rows)?;
            self.in_engine.insert(need.clone());
        }
        Ok(())
    }
}

fn hash_of(sql: &str) -> String {
    hexadecimal(&Sha256::digest(sql))
}
