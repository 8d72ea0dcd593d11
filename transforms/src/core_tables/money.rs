//! Money: `core_parama` under the rule of ten, `core_reklama`, `core_lesos`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::{filter_record_batch, take_record_batch};
use arrow::datatypes::{Date32Type, Decimal128Type};
use arrow::error::ArrowError;
use catalog::codes::is_personal_code;
use catalog::{Kind, Role};
use chrono::Datelike;
use polars::prelude::{Column, DataFrame, SortMultipleOptions};
use spool::join;

use super::owners::decimals;
use super::payers::{Columns, Payers, groups};
use super::{Build, people, text, with_columns};
use crate::cells::{cell, day};
use crate::pseudonyms::{PERSON_ID, WITHOUT_CODE};
use crate::subjects::is_abroad;
use crate::support::{Measure, above_threshold};
use crate::{Error, bridge};

/// Columns by which gifts are summed up and put in order.
const KEYS: [&str; 4] = ["ja_kodas", "data", "davejas", "turtas"];
/// `bsi_kartai` has four decimal places; a unit of BSI is counted in cents.
const BSI_PLACES: i64 = 10_000 / 100;

pub(super) fn build(build: &mut Build<'_>) -> Result<(), Error> {
    let (natural, legal) = (build.take(Role::GiftsOfPersons)?, build.take(Role::GiftsOfEntities)?);
    let (advertising, funds) = (build.take(Role::Advertising)?, build.take(Role::PublicFunds)?);
    // Whoever names a person first gives the name.
    people::meet(build, &natural);
    people::meet(build, &advertising);
    let this = &*build;
    let (gifts, (advertising, funds)) = rayon::join(
        || support(this, natural, &legal),
        || rayon::join(|| self::advertising(this, &advertising), || self::funds(this, &funds)),
    );
    let (gifts, before_bsi) = gifts?;
    build.core.gifts_before_bsi = before_bsi;
    for (name, rows) in [("core_parama", gifts), ("core_reklama", advertising?), ("core_lesos", funds?)] {
        build.keep(name, &rows)?;
    }
    Ok(())
}

fn advertising(build: &Build<'_>, rows: &RecordBatch) -> Result<RecordBatch, Error> {
    let rows = entities_only(rows, "dal_kodas");
    let columns = Columns { code: "dal_kodas", name: "dal_pavadinimas", day: "reklamos_nuo" };
    let payers = Payers::of(&rows, &columns, today(build));
    let added = vec![
        ("dal_kodas", payers.codes()),
        ("dal_pavadinimas", payers.names()),
        ("grupe", groups(&rows, "grupe", columns.day, today(build))),
        ("metai", years(&rows, columns.day)),
    ];
    with_columns(build, "core_reklama", &rows, added)
}

fn funds(build: &Build<'_>, rows: &RecordBatch) -> Result<RecordBatch, Error> {
    let places: ArrayRef = Arc::new(Int64Array::from_iter_values((1..).take(rows.num_rows())));
    with_columns(build, "core_lesos", rows, vec![("eil_nr", places), ("metai", years(rows, "data"))])
}

/// The day of this release, in days since 1970.
fn today(build: &Build<'_>) -> i32 {
    Date32Type::from_naive_date(build.settings.as_of)
}

/// Whether a row is about somebody of another state.
fn is_foreign(states: Option<&StringArray>, row: usize) -> bool {
    is_abroad(cell(states, row))
}

/// The rows, with no person's code in a column of entities' codes: whoever writes one there must not have it published. Codes from abroad may
/// look alike, and stay.
fn entities_only(rows: &RecordBatch, column: &str) -> RecordBatch {
    let states = rows.column_by_name("valstybe").map(|states| states.as_string::<i32>());
    let schema = rows.schema();
    let columns = schema.fields().iter().zip(rows.columns()).map(|(field, array)| {
        if field.name() != column {
            return array.clone();
        }
        let codes = array.as_string::<i32>().iter().enumerate();
        text(codes.map(|(row, code)| code.filter(|code| is_foreign(states, row) || !is_personal_code(code))))
    });
    RecordBatch::try_new(schema.clone(), columns.collect())
        .unwrap_or_else(|_| unreachable!("a column of the same type and length stands in its place"))
}

/// Columns both registers' gifts have, once donors are told apart.
fn gifts(rows: &RecordBatch, added: Vec<(&'static str, ArrayRef)>) -> RecordBatch {
    let own = ["ja_kodas", "valstybe", "data", "suma", "turtas", "turto_verte"];
    let own = own.into_iter().filter_map(|name| rows.column_by_name(name).map(|column| (name, column.clone())));
    RecordBatch::try_from_iter_with_nullable(own.chain(added).map(|(name, column)| (name, column, true)))
        .unwrap_or_else(|_| unreachable!("all columns come from tables of equal length"))
}

fn natural_gifts(rows: &RecordBatch) -> RecordBatch {
    let nothing = || text((0..rows.num_rows()).map(|_| None::<&str>));
    // A foreigner is one without a code; the register's own flag does not exist.
    let without_code = rows.column_by_name(WITHOUT_CODE).map(|column| column.as_boolean());
    let kind = text((0..rows.num_rows()).map(|row| Some(if without_code.is_some_and(|without| without.value(row)) { "UF" } else { "F" })));
    let ids = rows.column_by_name(PERSON_ID).cloned().unwrap_or_else(nothing);
    gifts(
        rows,
        vec![
            ("davejo_rusis", kind),
            ("davejas", ids.clone()),
            ("asmens_id", ids),
            ("dav_kodas", nothing()),
            ("dav_pavadinimas", nothing()),
            ("registras", nothing()),
        ],
    )
}

fn legal_gifts(rows: &RecordBatch, today: i32) -> RecordBatch {
    let states = rows.column_by_name("valstybe").map(|states| states.as_string::<i32>());
    let foreign = |row| is_foreign(states, row);
    let donors = Payers::of(rows, &Columns { code: "dav_kodas", name: "dav_pavadinimas", day: "data" }, today);
    let nobody = text((0..rows.num_rows()).map(|_| None::<&str>));
    let copy = |name| rows.column_by_name(name).cloned().unwrap_or_else(|| nobody.clone());
    gifts(
        rows,
        vec![
            ("davejo_rusis", text((0..rows.num_rows()).map(|row| Some(if foreign(row) { "UJ" } else { "J" })))),
            ("davejas", donors.ids()),
            ("asmens_id", nobody.clone()),
            ("dav_kodas", donors.codes()),
            ("dav_pavadinimas", donors.names()),
            ("registras", copy("registras")),
        ],
    )
}

/// Gifts of days for which a BSI is known; older ones can be measured against nothing and are counted, not published.
fn with_bsi(build: &Build<'_>, gifts: &RecordBatch) -> Result<RecordBatch, Error> {
    let (law, policy) = (build.catalog.law(), build.settings.bsi_policy);
    let known = |days: i32| law.bsi(policy.day(day(days))).is_ok();
    let dates = gifts.column_by_name("data").map(|column| column.as_primitive::<Date32Type>());
    let keep: BooleanArray = dates.into_iter().flat_map(|dates| dates.iter()).map(|days| Some(days.is_some_and(known))).collect();
    filter_record_batch(gifts, &keep).map_err(Error::arrow("core_parama"))
}

/// Applies the rule of ten to the gifts of persons and entities and numbers what is left; how many are older than all that is known of BSI.
fn support(build: &Build<'_>, natural: RecordBatch, legal: &RecordBatch) -> Result<(RecordBatch, u64), Error> {
    let both = [natural_gifts(&natural), legal_gifts(&entities_only(legal, "dav_kodas"), today(build))];
    drop(natural);
    let all = join(&both[0].schema(), both.into()).map_err(Error::arrow("core_parama"))?;
    let gifts = &with_bsi(build, &all)?;
    let before_bsi = (all.num_rows() - gifts.num_rows()) as u64;
    drop(all);
    let dates = gifts.column_by_name("data").map(|column| column.as_primitive::<Date32Type>());
    let dates = dates.ok_or_else(|| Error::arrow("core_parama")(ArrowError::SchemaError("column data is not filled".to_owned())))?;
    let amount = |row| -> i64 {
        let part = |name| {
            let column = gifts.column_by_name(name).map(|column| column.as_primitive::<Decimal128Type>());
            column.filter(|column| column.is_valid(row)).map_or(0, |column| column.value(row))
        };
        i64::try_from(part("suma") + part("turto_verte")).unwrap_or(i64::MAX)
    };
    let mut measure = Measure::new(build.catalog.law(), build.settings.bsi_policy);
    let dates: Vec<_> = dates.values().iter().map(|days| day(*days)).collect();
    dates.iter().try_for_each(|date| measure.note(*date))?;
    let cents: Vec<i64> = (0..gifts.num_rows()).map(amount).collect();
    let units = dates.iter().zip(&cents).map(|(date, cents)| measure.weigh(*date, *cents)).collect::<Result<Vec<_>, _>>()?;
    let each = |of: &dyn Fn(i32) -> i64| -> Vec<i64> { dates.iter().map(|date| of(date.year())).collect() };
    let step = "support";
    // What decides; all else is taken by its place once it is known which gifts stay.
    let keys = KEYS.iter().map(|name| gifts.schema().index_of(name)).collect::<Result<Vec<_>, _>>();
    let keys = keys.and_then(|keys| gifts.project(&keys)).map_err(Error::arrow("core_parama"))?;
    let mut frame = bridge::to_frame(&keys, step)?;
    let extra = [
        ("metai", each(&i64::from)),
        ("centai", cents),
        ("vienetai", units),
        ("riba", each(&|year| measure.threshold(year))),
        ("vienetas", each(&|year| measure.unit(year))),
        ("vieta", (0..).take(gifts.num_rows()).collect()),
    ];
    for (name, values) in extra {
        frame.with_column(Column::new(name.into(), values)).map_err(Error::frame(step))?;
    }
    let order = ["ja_kodas", "metai", "data", "davejas", "centai", "turtas"];
    let kept: DataFrame =
        above_threshold(frame)?.sort(order, SortMultipleOptions::default().with_maintain_order(true)).map_err(Error::frame(step))?;
    let whole = |name| -> Result<Vec<i64>, Error> {
        let column = kept.column(name).and_then(|column| column.i64().cloned()).map_err(Error::frame(step))?;
        Ok(column.iter().flatten().collect())
    };
    let (sums, weights, units) = (whole("per_metus")?, whole("vienetai_per_metus")?, whole("vienetas")?);
    let times = weights.iter().zip(&units).map(|(weight, unit)| Some(i128::from((weight * BSI_PLACES + unit / 2) / unit)));
    let rows = take_record_batch(gifts, &Int64Array::from(whole("vieta")?)).map_err(Error::arrow("core_parama"))?;
    let added: Vec<(&str, ArrayRef)> = vec![
        ("metai", Arc::new(Int64Array::from(whole("metai")?))),
        ("eil_nr", Arc::new(Int64Array::from_iter_values((1..).take(rows.num_rows())))),
        ("paramos_suma", decimals(sums.iter().map(|cents| Some(i128::from(*cents))), Kind::Money)),
        ("bsi_kartai", decimals(times, Kind::Number)),
    ];
    Ok((with_columns(build, "core_parama", &rows, added)?, before_bsi))
}

/// The calendar year of a date column.
fn years(rows: &RecordBatch, column: &str) -> ArrayRef {
    let dates = rows.column_by_name(column).map(|column| column.as_primitive::<Date32Type>());
    Arc::new(
        dates.into_iter().flat_map(|dates| dates.iter()).map(|date| date.map(|date| i64::from(day(date).year()))).collect::<Int64Array>(),
    )
}
