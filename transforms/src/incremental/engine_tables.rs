//! The tables that lie in the SQL engine, each for no longer than a statement needs it: all of them at once would be most of the run's memory.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use super::previous::ReadRows;
use super::words::Words;
use crate::models::{Models, Statement};
use crate::{Engine, Error};

/// Brings tables into the engine when a statement needs them, and lets them go when no other does.
pub(super) struct EngineTables<'a> {
    engine: &'a mut dyn Engine,
    /// Core tables that no statement has needed yet.
    core: BTreeMap<String, RecordBatch>,
    /// Reads the tables of the previous release.
    previous: &'a ReadRows<'a>,
    /// How many statements whose turn is still to come need each table.
    waiting: BTreeMap<String, usize>,
    /// Tables in the engine, each with the words for which it was read; no words: it has all its columns.
    held: BTreeMap<String, Option<Words>>,
    /// Results that are handed out at the end, and stay until then.
    results: BTreeSet<String>,
}

impl<'a> EngineTables<'a> {
    pub(super) fn new(
        models: &Models,
        engine: &'a mut dyn Engine,
        core: BTreeMap<String, RecordBatch>,
        previous: &'a ReadRows<'a>,
    ) -> Self {
        let mut waiting = BTreeMap::new();
        for need in models.statements().flat_map(|statement| &statement.needs) {
            *waiting.entry(need.clone()).or_default() += 1;
        }
        Self { engine, core, previous, waiting, held: BTreeMap::new(), results: BTreeSet::new() }
    }

    /// Brings in what a statement needs. Each core table is let go as soon as the engine has it: two copies of all of them would be most of
    /// the run's memory. Of a table of the previous release only those columns are read that `words` may name.
    pub(super) fn bring(&mut self, statement: &Statement, words: impl Fn(&Self, &str) -> Option<Words>) -> Result<(), Error> {
        for need in &statement.needs {
            let wanted = super::words::words(&statement.sql);
            match (self.held.get(need), &wanted) {
                (Some(None), _) => continue,
                (Some(Some(known)), Some(wanted)) if wanted.is_subset(known) => continue,
                (Some(Some(_)), _) => {
                    self.engine.forget(need)?;
                    self.held.remove(need);
                }
                (None, _) => {}
            }
            let (rows, words) = match self.core.remove(need) {
                Some(rows) => (rows, None),
                None => {
                    let words = words(self, need);
                    let rows = (self.previous)(need, words.as_ref());
                    (rows.map_err(|reason| Error::Earlier { table: need.clone(), reason })?, words)
                }
            };
            self.engine.register(need, &rows)?;
            self.held.insert(need.clone(), words);
        }
        Ok(())
    }

    /// Runs a model, whose result stays in the engine under its name.
    pub(super) fn run_model(&mut self, model: &Statement) -> Result<(), Error> {
        self.engine.keep(model.header.file(), &model.sql, &model.needs, &model.name)?;
        self.held.insert(model.name.clone(), None);
        Ok(())
    }

    /// Makes what lies in the engine smaller: from now on it is only read.
    pub(super) fn pack(&mut self) -> Result<(), Error> {
        self.engine.pack()
    }

    /// Runs a check; gives how many wrong rows it finds.
    pub(super) fn run_check(&mut self, check: &Statement) -> Result<u64, Error> {
        Ok(self.engine.query(check.header.file(), &check.sql, &check.needs)?.num_rows() as u64)
    }

    /// Hands out the rows of a model that ran.
    pub(super) fn rows(&mut self, model: &Statement, part: &mut dyn FnMut(RecordBatch) -> Result<(), Error>) -> Result<(), Error> {
        self.engine.rows(&model.name, part)
    }

    /// Keeps the result of a model until it is taken.
    pub(super) fn keep_result(&mut self, model: &Statement) {
        self.results.insert(model.name.clone());
    }

    /// Whether the result of a model is kept.
    pub(super) fn is_result(&self, table: &str) -> bool {
        self.results.contains(table)
    }

    /// Lets a result go that was taken out of the engine.
    pub(super) fn taken(&mut self, model: &Statement) -> Result<(), Error> {
        self.results.remove(&model.name);
        self.held.remove(&model.name);
        self.engine.forget(&model.name)
    }

    /// After a statement's turn: tables that no other waits for are let go.
    pub(super) fn let_go_after(&mut self, statement: &Statement) -> Result<(), Error> {
        for need in &statement.needs {
            if let Some(count) = self.waiting.get_mut(need) {
                *count -= 1;
            }
            self.let_go(need)?;
        }
        Ok(())
    }

    /// Lets a table go, unless a statement waits for it or it is a result.
    pub(super) fn let_go(&mut self, table: &str) -> Result<(), Error> {
        if self.waiting.get(table).is_some_and(|count| *count > 0) || self.results.contains(table) {
            return Ok(());
        }
        self.core.remove(table);
        match self.held.remove(table) {
            Some(_) => self.engine.forget(table),
            None => Ok(()),
        }
    }
}
