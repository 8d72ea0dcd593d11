//! One night's models and checks: which of them must run, and what they make and find.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use catalog::Catalog;
use rayon::prelude::*;
use spool::Spool;

use super::content_hash::content_hash;
use super::engine_tables::EngineTables;
use super::lookups::{Lookups, RowHashes, row_hashes};
use super::previous::{PreviousResults, Remembered, RunReason, StatementReport};
use super::words::{Words, named_in_lookups, named_texts, sql_hash, words};
use crate::models::{Models, Statement, fit};
use crate::{CheckResult, Core, Engine, Error};

/// What came of a night's SQL. Not to be printed: its rows hold what the internal tier alone may see.
pub struct SqlResults {
    /// The published tables whose content changed.
    pub changed: BTreeMap<String, RecordBatch>,
    /// What all checks found, tonight or when they last ran.
    pub checks: Vec<CheckResult>,
    /// For the next night.
    pub remembered: Remembered,
    /// Models and checks, in the order of their turns.
    pub statements: Vec<StatementReport>,
}

/// A night's SQL under way.
pub struct SqlRun<'a> {
    models: &'a Models,
    catalog: &'a Catalog,
    previous: PreviousResults<'a>,
    salt: &'a [u8; 32],
    spool: &'a Spool,
    tables: EngineTables<'a>,
    lookups: Lookups,
    now: Remembered,
    reports: Vec<StatementReport>,
}

impl std::fmt::Debug for SqlRun<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SqlRun({} statements)", self.reports.len())
    }
}

impl<'a> SqlRun<'a> {
    /// Begins with the core tables; results wait in the spool.
    ///
    /// # Errors
    /// A statement looks something up in a table that has no single text as its key.
    pub fn new(
        models: &'a Models,
        catalog: &'a Catalog,
        engine: &'a mut dyn Engine,
        core: Core,
        previous: PreviousResults<'a>,
        (salt, spool): (&'a [u8; 32], &'a Spool),
    ) -> Result<Self, Error> {
        let core = core.tables;
        let contents = core.par_iter().map(|(name, rows)| (name.clone(), content_hash(rows, salt))).collect();
        let looking = || models.statements().filter(|statement| !statement.looks_up.is_empty());
        let names: BTreeSet<&String> = looking().flat_map(|statement| &statement.looks_up).collect();
        let looked_up: RowHashes = names
            .into_par_iter()
            .filter_map(|name| Some((name, core.get(name)?)))
            .map(|(name, rows)| Ok((name.clone(), row_hashes(catalog.table(name)?, rows, salt)?)))
            .collect::<Result<_, Error>>()?;
        let mut lookups = Lookups::new(&previous.remembered.looked_up, &looked_up, salt);
        // Searched now, while all core tables are at hand.
        let needs: BTreeSet<&String> = looking().flat_map(|statement| &statement.needs).collect();
        let tables = needs.into_iter().filter_map(|name| core.get_key_value(name));
        lookups.search(&tables.map(|(name, rows)| (name, named_texts(rows, named_in_lookups(models, name).as_ref()))).collect::<Vec<_>>());
        let now = Remembered { contents, looked_up, ..Remembered::default() };
        let tables = EngineTables::new(models, engine, core, previous.rows);
        Ok(Self { models, catalog, previous, salt, spool, tables, lookups, now, reports: Vec::new() })
    }

    /// Runs the models that must run; `done` hears the name of each model when its turn is over.
    ///
    /// # Errors
    /// A model fails, or makes other columns than its definition has.
    pub fn models(&mut self, done: &mut dyn FnMut(&str)) -> Result<(), Error> {
        for model in &self.models.models {
            let known = self.previous.remembered.contents.get(&model.name);
            let reason = if known.is_some() { self.reason(model)? } else { Some(RunReason::First) };
            match (&reason, known) {
                (None, Some(content)) => {
                    self.now.contents.insert(model.name.clone(), content.clone());
                    self.tables.let_go_after(model)?;
                }
                _ => self.run(model, known.filter(|_| may_be_same(model, reason.as_ref())))?,
            }
            self.report("model", model, reason);
            done(&model.name);
        }
        self.tables.pack()
    }

    /// Runs the checks that must run.
    ///
    /// # Errors
    /// A check's own SQL fails.
    pub fn checks(&mut self) -> Result<Vec<CheckResult>, Error> {
        let mut results = Vec::new();
        for check in &self.models.checks {
            let known = self.previous.remembered.findings.get(&check.name).copied();
            let reason = if known.is_some() { self.reason(check)? } else { Some(RunReason::First) };
            let wrong = match (&reason, known) {
                (None, Some(wrong)) => wrong,
                _ => {
                    self.bring(check)?;
                    self.tables.run_check(check)?
                }
            };
            self.tables.let_go_after(check)?;
            self.now.findings.insert(check.name.clone(), wrong);
            self.report("check", check, reason);
            results.push(check.result(wrong)?);
        }
        Ok(results)
    }

    /// Takes what changed out of the engine, with the types of its definition.
    ///
    /// # Errors
    /// A model's columns are not those of its definition.
    pub fn finish(mut self, checks: Vec<CheckResult>) -> Result<SqlResults, Error> {
        let mut changed = BTreeMap::new();
        for model in self.models.models.iter().filter(|model| self.tables.is_result(&model.name)).collect::<Vec<_>>() {
            changed.insert(model.name.clone(), self.rows(model)?);
            self.tables.taken(model)?;
        }
        let missing = changed.par_iter().filter(|(name, _)| !self.now.contents.contains_key(*name));
        let contents: Vec<_> = missing.map(|(name, rows)| (name.clone(), content_hash(rows, self.salt))).collect();
        self.now.contents.extend(contents);
        // Those that nobody compared while they were made.
        changed.retain(|name, _| self.now.contents.get(name) != self.previous.remembered.contents.get(name));
        Ok(SqlResults { changed, checks, remembered: self.now, statements: self.reports })
    }

    /// Runs a model. Where there is something to compare with, its result is looked at once and let go again, since it may be the
    /// same; what is not is handed out at the end.
    fn run(&mut self, model: &Statement, known: Option<&String>) -> Result<(), Error> {
        self.bring(model)?;
        self.tables.run_model(model)?;
        self.tables.let_go_after(model)?;
        if let Some(known) = known {
            let content = content_hash(&self.rows(model)?, self.salt);
            let same = content == *known;
            self.now.contents.insert(model.name.clone(), content);
            if same {
                return self.tables.let_go(&model.name);
            }
        }
        self.tables.keep_result(model);
        Ok(())
    }

    /// The rows of a model that ran, with the types of its definition.
    fn rows(&mut self, model: &Statement) -> Result<RecordBatch, Error> {
        let table = self.catalog.table(&model.name)?;
        let mut rows = self.spool.table(table, table.schema());
        self.tables.rows(model, &mut |part| Ok(rows.push(fit(&part, self.catalog, model)?)?))?;
        Ok(rows.finish()?)
    }

    /// Why a statement must run, if it must.
    fn reason(&mut self, statement: &Statement) -> Result<Option<RunReason>, Error> {
        let previous = self.previous.remembered;
        match previous.statements.get(&statement.name) {
            None => return Ok(Some(RunReason::First)),
            Some(sql) if *sql != sql_hash(&statement.sql) => return Ok(Some(RunReason::Sql)),
            Some(_) => {}
        }
        let same = |need: &&String| matches!((self.now.contents.get(*need), previous.contents.get(*need)), (Some(a), Some(b)) if a == b);
        let changed: Vec<String> = statement.needs.iter().filter(|need| !same(need)).cloned().collect();
        let only_looked_up = changed.iter().all(|name| statement.looks_up.contains(name) && self.lookups.has(name));
        if !only_looked_up {
            return Ok(Some(RunReason::Needs(changed)));
        }
        let mut met = Vec::new();
        for name in changed {
            if self.meets(statement, &name)? {
                met.push(name);
            }
        }
        Ok((!met.is_empty()).then_some(RunReason::Needs(met)))
    }

    /// Whether a statement meets a changed row of a table that it looks something up in.
    fn meets(&mut self, statement: &Statement, looked_up: &str) -> Result<bool, Error> {
        for need in statement.needs.iter().filter(|need| *need != looked_up) {
            if !self.lookups.is_searched(need) {
                // A result of the previous night: core tables were searched when the night began.
                let found = (self.previous.texts)(need, named_in_lookups(self.models, need).as_ref());
                let texts = found.map_err(|reason| Error::Earlier { table: need.clone(), reason })?;
                self.lookups.search(&[(need, texts)]);
            }
            if self.lookups.is_named(need, looked_up) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn report(&mut self, kind: &'static str, statement: &Statement, reason: Option<RunReason>) {
        self.now.statements.insert(statement.name.clone(), sql_hash(&statement.sql));
        self.reports.push(StatementReport { kind, name: statement.name.clone(), reason });
    }

    /// Brings the tables that a statement needs into the engine. A table of the previous release is read once: with what other statements
    /// will want of it that must run, too.
    fn bring(&mut self, statement: &Statement) -> Result<(), Error> {
        let (models, now, before) = (self.models, &self.now.contents, &self.previous.remembered.contents);
        let words_about = |tables: &EngineTables<'_>, table: &str| {
            let differs = |need: &String| tables.is_result(need) || now.contains_key(need) && now.get(need) != before.get(need);
            let must_run = |of: &&Statement| of.needs.iter().any(|need| differs(need) && !of.looks_up.contains(need));
            let others = models.statements().filter(|of| of.needs.iter().any(|need| need == table)).filter(must_run);
            let merge = |all: Option<Words>, some: Option<Words>| Some(all?.into_iter().chain(some?).collect());
            others.map(|of| words(&of.sql)).fold(words(&statement.sql), merge)
        };
        self.tables.bring(statement, words_about)
    }
}

/// Whether a model that must run may well make what it made before, so that looking at its result at once can spare others their turn:
/// not where the rows that it is made of are others, and not only what it looks up.
fn may_be_same(model: &Statement, reason: Option<&RunReason>) -> bool {
    !matches!(reason, Some(RunReason::Needs(changed)) if changed.iter().any(|name| !model.looks_up.contains(name)))
}
