//! Cleaning: raw text becomes typed columns; a row that breaks a rule goes to quarantine with its row number, column and rule.
//!
//! A row is checked in this order and the first broken rule names it: number of fields and encoding (the connector's),
//! personal values where none belong ([`Guard`]), then column by column — required, type, check, a day in the future for something that has happened —, then groups
//! of which one is required, the order of dates, the key.

use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Date32Type, Schema, SchemaRef};
use catalog::{Catalog, Check, ENTITY, Guard, SecretCode, Table};
use chrono::NaiveDate;
use foldhash::fast::RandomState;
use hmac::Mac;
use siphasher::sip128::{Hasher128, SipHasher13};
use spool::{Spool, SpooledTable};

use crate::Error;
use crate::cast::{Faults, fault_rows, mark, typed};
use crate::keys::key_of;
use crate::known_codes::KnownCodes;
use crate::persons::PersonKey;
use crate::profile::{AHEAD, Profile, Profiler};
use crate::pseudonyms::{kept_schema, names_persons, pseudonymise};
use crate::row_filter::RowFilter;

/// A row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Row of the file, from 1; the heading line counts.
    pub row_number: u64,
    /// The column at fault; empty where the row as a whole is.
    pub column: String,
    /// The rule it breaks.
    pub rule: &'static str,
}

/// One raw table, typed, its persons known by surrogate ids. Not to be printed: it has rows and codes.
pub struct Cleaned {
    /// The definition.
    pub table: Arc<Table>,
    /// Good rows that are asked for, with the table's [`kept_schema`].
    pub rows: RecordBatch,
    /// Rows set aside, in the order of the file within each batch.
    pub quarantined: Vec<Quarantined>,
    /// How many of them are about each entity, where a row still says it.
    pub set_aside: BTreeMap<String, u64>,
    /// What the whole extract looked like.
    pub profile: Profile,
    /// Keyed hashes of the keys of all good rows, sorted.
    pub keys: Vec<u64>,
    /// Good rows that were not asked for.
    pub aside: u64,
    /// Personal codes in the rows, where they were to be noted.
    pub codes: HashSet<SecretCode>,
    /// Old 7-digit entity codes seen: kept, but worth a warning.
    pub old_codes: u64,
}

/// Cleans one table, batch after batch. Rows whose persons still have their codes never leave it. Not to be printed: it has rows and codes.
pub struct Cleaner {
    table: Arc<Table>,
    schema: SchemaRef,
    key: PersonKey,
    filter: Option<RowFilter>,
    guard: Guard,
    classifiers: Vec<Option<KnownCodes>>,
    hasher: SipHasher13,
    keys: HashSet<(u64, u64), RandomState>,
    profiler: Profiler,
    rows: SpooledTable,
    quarantined: Vec<Quarantined>,
    set_aside: BTreeMap<String, u64>,
    aside: u64,
    codes: Option<HashSet<SecretCode>>,
    old_codes: u64,
    last_day: i32,
}

impl Cleaner {
    /// A cleaner for `table` that keeps the rows that `filter` lets through, all of them if there is none.
    ///
    /// # Errors
    /// A column's check names a classifier that is not there.
    pub fn new(table: &Arc<Table>, catalog: &Catalog, key: &PersonKey, filter: Option<RowFilter>) -> Result<Self, Error> {
        let classifiers = table
            .columns
            .iter()
            .map(|column| match &column.column.check {
                Some(Check::Classifier(name)) => Ok(Some(KnownCodes::of(catalog.classifier(name)?))),
                _ => Ok(None),
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            table: table.clone(),
            schema: kept_schema(table),
            key: key.clone(),
            filter,
            guard: Guard::over(table.columns.iter().map(|column| &*column.column)),
            classifiers,
            hasher: key_hasher(key),
            keys: HashSet::default(),
            profiler: Profiler::new(table, key),
            rows: Spool::memory().table(table, kept_schema(table)),
            quarantined: Vec::new(),
            set_aside: BTreeMap::new(),
            aside: 0,
            codes: None,
            old_codes: 0,
            last_day: i32::MAX,
        })
    }

    /// Where the rows wait that are kept; without it in memory.
    pub fn wait_in(&mut self, spool: &Spool) {
        self.rows = spool.table(&self.table, self.schema.clone());
    }

    /// The last day on which something may have happened: tonight, and a margin for clocks. Rows of later facts are set aside by rule
    /// [`AHEAD`]; later days of anything else are left out of the profile. Without it all days count.
    pub fn know_last_day(&mut self, day: NaiveDate) {
        self.last_day = Date32Type::from_naive_date(day);
        self.profiler.know_last_day(self.last_day);
    }

    /// Whether personal codes are to be noted, because the population register must be asked for each.
    pub fn note_codes(&mut self, note: bool) {
        self.codes = note.then(HashSet::new);
    }

    /// A row that the connector could not split into its fields.
    pub fn reject(&mut self, row_number: u64, rule: &'static str) {
        self.profiler.rejected(row_number, rule);
        self.quarantined.push(Quarantined { row_number, column: String::new(), rule });
    }

    /// Cleans a batch of text; `row_numbers` says where in the file each row stands. Of a table that names no persons it gives all good
    /// rows, asked for or not; of one that does, none.
    ///
    /// # Errors
    /// The batch has not the table's columns, or the rows cannot be put where they wait.
    pub fn push(&mut self, raw: &RecordBatch, row_numbers: &[u64]) -> Result<Option<RecordBatch>, Error> {
        self.profiler.raw(raw);
        let mut faults = self.personal(raw);
        let columns = self.typed_columns(raw, &mut faults);
        self.check_rows(raw, &columns, &mut faults);
        let rows = RecordBatch::try_new(self.nullable_schema(), columns).map_err(Error::arrow(&self.table.name))?;
        let good = self.set_bad_rows_aside(raw, rows, &faults, row_numbers)?;
        self.profiler.clean(&self.table, &good);
        let good_numbers = row_numbers.iter().zip(&faults).filter(|(_, fault)| fault.is_none()).map(|(number, _)| *number);
        let kept = pseudonymise(&self.table, &self.nullable_kept_schema(), &good, good_numbers, &self.key)?;
        let asked_for = self.asked_for(&kept)?;
        self.aside += (kept.num_rows() - asked_for.num_rows()) as u64;
        self.rows.push(asked_for)?;
        self.note_codes_of(&good)?;
        Ok((!names_persons(&self.table)).then_some(kept))
    }

    /// The cells with the types of their columns; what breaks the rule of its column becomes a fault of its row.
    fn typed_columns(&mut self, raw: &RecordBatch, faults: &mut Faults) -> Vec<ArrayRef> {
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(raw.num_columns());
        for (place, definition) in self.table.columns.iter().enumerate() {
            let text = raw.column(place).as_string::<i32>();
            let as_written = self.classifiers[place].as_ref().and_then(|known| known.as_written(text));
            let text = as_written.as_ref().unwrap_or(text);
            if definition.required && text.null_count() > 0 {
                mark(faults, place, "required", |row| text.is_null(row));
            }
            let column = typed(&definition.column, text, place, faults);
            self.check_past(place, &column, faults);
            columns.push(column);
            if let Some(known) = &self.classifiers[place] {
                mark(faults, place, "classifier", |row| text.is_valid(row) && !known.contains(text.value(row)));
            }
            if definition.column.check == Some(Check::JaKodas) {
                let old = |row: &usize| text.is_valid(*row) && text.value(*row).len() == catalog::codes::OLD_LEGAL_ENTITY_DIGITS;
                self.old_codes += (0..text.len()).filter(old).count() as u64;
            }
        }
        columns
    }

    /// Notes the rows that are at fault; gives the others.
    fn set_bad_rows_aside(
        &mut self,
        raw: &RecordBatch,
        rows: RecordBatch,
        faults: &Faults,
        row_numbers: &[u64],
    ) -> Result<RecordBatch, Error> {
        if faults.iter().all(Option::is_none) {
            return Ok(rows);
        }
        for (fault, row_number) in faults.iter().zip(row_numbers) {
            if let Some((place, rule)) = fault {
                let column = place.map(|place| self.table.columns[place].column.name.clone()).unwrap_or_default();
                self.quarantined.push(Quarantined { row_number: *row_number, column, rule });
            }
        }
        self.note_entities(raw, faults);
        let keep: BooleanArray = faults.iter().map(|fault| Some(fault.is_none())).collect();
        filter_record_batch(&rows, &keep).map_err(Error::arrow(&self.table.name))
    }

    fn asked_for(&self, rows: &RecordBatch) -> Result<RecordBatch, Error> {
        self.filter.as_ref().map_or(Ok(rows.clone()), |filter| filter.apply(&self.table.name, rows.clone()))
    }

    /// Only of rows that are kept: the register may not be asked about anyone else.
    fn note_codes_of(&mut self, good: &RecordBatch) -> Result<(), Error> {
        if self.codes.is_none() {
            return Ok(());
        }
        let asked_for = self.asked_for(good)?;
        if let Some(codes) = &mut self.codes {
            let column = asked_for.column_by_name("asmens_kodas").map(|column| column.as_string::<i32>());
            codes.extend(column.into_iter().flatten().flatten().map(SecretCode::new));
        }
        Ok(())
    }

    /// Rows with something personal in a cell that is published or where it does not belong.
    fn personal(&self, raw: &RecordBatch) -> Faults {
        let texts: Vec<&StringArray> = raw.columns().iter().map(|column| column.as_string()).collect();
        let fault = |row: usize| {
            let cell = |place: usize| texts[place].is_valid(row).then(|| texts[place].value(row));
            let (place, finding) = self.guard.in_row(cell).into_iter().next()?;
            Some((Some(place), finding.rule()))
        };
        (0..raw.num_rows()).map(fault).collect()
    }

    /// All good rows as one table.
    ///
    /// # Errors
    /// As [`SpooledTable::finish`].
    pub fn finish(self) -> Result<Cleaned, Error> {
        let rows = self.rows.finish()?;
        let mut by_rule = BTreeMap::new();
        for bad in &self.quarantined {
            *by_rule.entry(bad.rule.to_owned()).or_insert(0) += 1;
        }
        let mut keys: Vec<u64> = self.keys.into_iter().map(|(key, _)| key).collect();
        keys.sort_unstable();
        Ok(Cleaned {
            table: self.table,
            rows,
            quarantined: self.quarantined,
            set_aside: self.set_aside,
            profile: self.profiler.finish(by_rule),
            keys,
            aside: self.aside,
            codes: self.codes.unwrap_or_default(),
            old_codes: self.old_codes,
        })
    }

    /// Counts the bad rows of a batch by entity: what is known of these entities is incomplete.
    fn note_entities(&mut self, raw: &RecordBatch, faults: &Faults) {
        let Some(codes) = raw.column_by_name(ENTITY).map(|column| column.as_string::<i32>()) else { return };
        let bad = faults.iter().zip(codes.iter()).filter_map(|(fault, code)| fault.and(code));
        for code in bad.filter(|code| Check::JaKodas.accepts(code)) {
            *self.set_aside.entry(code.to_owned()).or_default() += 1;
        }
    }

    /// A fact cannot lie in the future.
    fn check_past(&self, place: usize, column: &ArrayRef, faults: &mut Faults) {
        if self.table.columns[place].column.past {
            let days = column.as_primitive::<Date32Type>();
            mark(faults, place, AHEAD, |row| days.is_valid(row) && days.value(row) > self.last_day);
        }
    }

    /// Rules that look at more than one column, and the key over all batches.
    fn check_rows(&mut self, raw: &RecordBatch, columns: &[ArrayRef], faults: &mut Faults) {
        let place = |name: &String| self.table.columns.iter().position(|column| column.column.name == *name);
        for group in &self.table.require_one {
            let members: Vec<_> = group.iter().filter_map(place).collect();
            let missing = |row: usize| members.iter().all(|&member| raw.column(member).is_null(row));
            fault_rows(faults, None, "require_one", missing);
        }
        for (first, second) in &self.table.order {
            let (Some(from), Some(until)) = (place(first), place(second)) else { continue };
            let (from_days, until_days) = (columns[from].as_primitive::<Date32Type>(), columns[until].as_primitive::<Date32Type>());
            let reversed = |row: usize| from_days.is_valid(row) && until_days.is_valid(row) && from_days.value(row) > until_days.value(row);
            fault_rows(faults, Some(until), "order", reversed);
        }
        let key: Vec<usize> = self.table.key.iter().filter_map(place).collect();
        let Some(first) = key.first().copied() else { return };
        let members: Vec<&dyn Array> = key.iter().map(|member| columns[*member].as_ref()).collect();
        for (row, fault) in faults.iter_mut().enumerate().filter(|(_, fault)| fault.is_none()) {
            let mut hasher = self.hasher;
            key_of(&members, row).for_each(|cell| cell.hash(&mut hasher));
            let hash = hasher.finish128();
            // 128 bits of hash stand for the key: a chance repetition among a billion rows is below one in 10^20.
            if !self.keys.insert((hash.h1, hash.h2)) {
                *fault = Some((Some(first), "key"));
            }
        }
    }

    /// Bad rows may lack required values until they are filtered out.
    fn nullable_schema(&self) -> SchemaRef {
        nullable(&self.table.schema())
    }

    fn nullable_kept_schema(&self) -> SchemaRef {
        nullable(&self.schema)
    }
}

fn nullable(schema: &SchemaRef) -> SchemaRef {
    Arc::new(Schema::new(schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect::<Vec<_>>()))
}

/// Keys may be personal codes, and their hashes are kept until the next extract: only a keyed hash does not give them away.
fn key_hasher(key: &PersonKey) -> SipHasher13 {
    let digest = key.digest("keys of rows").finalize().into_bytes();
    let mut halves = digest.chunks_exact(8).map(|half| half.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)));
    SipHasher13::new_with_keys(halves.next().unwrap_or_default(), halves.next().unwrap_or_default())
}

#[cfg(test)]
mod ahead;

#[cfg(test)]
mod tests;
