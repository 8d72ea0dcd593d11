//! A file is written and read back.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema, SchemaRef};
use catalog::{Catalog, Column, Kind, Layer, Personal, Table, TableColumn, Text, Tier};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::*;

/// One of each kind, called by what it is.
const NAMES: [&str; 7] = ["tekstas", "kiekis", "suma", "dalis", "skaicius", "data", "pozymis"];

fn definitions() -> Catalog {
    Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

fn column(name: &str, kind: Kind, required: bool) -> TableColumn {
    let title = Text { lt: format!("{name} ąž"), en: format!("{name} in English") };
    let description = (name == "suma").then(|| Text { lt: "Kiek.".to_owned(), en: "How much.".to_owned() });
    let column = Column { name: name.to_owned(), kind, title, description, check: None, unit: None, personal: Personal::None, past: false };
    TableColumn { column: Arc::new(column), required }
}

/// A published table with other columns.
fn table(name: &str, key: &[&str], columns: Vec<TableColumn>) -> Arc<Table> {
    let mut table = definitions().table("out_vip").unwrap().as_ref().clone();
    table.name = name.to_owned();
    table.key = key.iter().map(|&name| name.to_owned()).collect();
    table.columns = columns;
    Arc::new(table)
}

fn batch(table: &Table, columns: Vec<ArrayRef>) -> RecordBatch {
    RecordBatch::try_new(table.schema(), columns).unwrap()
}

fn all_kinds() -> Arc<Table> {
    let mut columns = vec![column("nr", Kind::Text, true)];
    columns.extend(NAMES.iter().zip(Kind::ALL).map(|(name, kind)| column(name, kind, false)));
    table("out_visos_rusys", &["nr"], columns)
}

/// The ends of what each kind can say, quotes, and a row with nothing.
fn extremes(table: &Table) -> RecordBatch {
    let decimals = |values: [Option<i128>; 4], kind: Kind| -> ArrayRef {
        Arc::new(Decimal128Array::from(values.to_vec()).with_data_type(kind.arrow()))
    };
    let most = 999_999_999_999_999_999;
    batch(
        table,
        vec![
            Arc::new(StringArray::from(vec!["007", "2", "10", "Ž"])),
            Arc::new(StringArray::from(vec![Some("'; DROP TABLE \"x\"; -- „Ąžuolas“\n"), Some(""), Some("0037"), None])),
            Arc::new(Int64Array::from(vec![Some(i64::MIN), Some(i64::MAX), Some(0), None])),
            decimals([Some(-most), Some(most), Some(7), None], Kind::Money),
            decimals([Some(0), Some(1_000_000_000_000), Some(333_333_333_333), None], Kind::Share),
            decimals([Some(-most), Some(most), Some(-1), None], Kind::Number),
            Arc::new(Date32Array::from(vec![Some(-719_528), Some(2_932_896), Some(20_758), None])),
            Arc::new(BooleanArray::from(vec![Some(true), Some(false), Some(true), None])),
        ],
    )
}

struct Written {
    folder: TempDir,
    path: PathBuf,
}

fn written(tables: &[(Arc<Table>, RecordBatch)]) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("virsis.sqlite");
    write_anew(&path, tables).unwrap();
    Written { folder, path }
}

fn write_anew(path: &Path, tables: &[(Arc<Table>, RecordBatch)]) -> Result<(), Error> {
    let tables: Vec<&dyn DatabaseTable> = tables.iter().map(|table| table as &dyn DatabaseTable).collect();
    write(path, &tables, None)
}

impl Written {
    fn bytes(&self) -> Vec<u8> {
        assert_eq!(fs::read_dir(self.folder.path()).unwrap().count(), 1, "nothing lies beside the file");
        fs::read(&self.path).unwrap()
    }

    /// All rows of a query.
    fn asked(&self, sql: &str) -> Vec<Vec<Value>> {
        let connection = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..width).map(|place| row.get(place)).collect();
        statement.query_map([], row).unwrap().map(Result::unwrap).collect()
    }

    fn one(&self, sql: &str) -> Value {
        self.asked(sql).remove(0).remove(0)
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn every_kind_is_read_back_at_its_ends_and_nothing_stays_nothing() {
    let table = all_kinds();
    let file = written(&[(table.clone(), extremes(&table))]);
    let most = 999_999_999_999_999_999;
    let read = |nr: &str| {
        let columns = "tekstas, kiekis, suma_e2, dalis_e12, skaicius_e4, data, pozymis";
        file.asked(&format!("SELECT {columns} FROM visos_rusys WHERE nr = '{nr}'")).remove(0)
    };
    let whole = |numbers: [i64; 4]| numbers.map(Value::Integer);
    let expect = |said: &str, numbers: [i64; 4], date: &str, mark: i64| {
        let mut row = vec![text(said)];
        row.extend(whole(numbers));
        row.extend([text(date), Value::Integer(mark)]);
        row
    };
    assert_eq!(read("007"), expect("'; DROP TABLE \"x\"; -- „Ąžuolas“\n", [i64::MIN, -most, 0, -most], "0000-01-01", 1));
    assert_eq!(read("2"), expect("", [i64::MAX, most, 1_000_000_000_000, most], "9999-12-31", 0));
    assert_eq!(read("10"), expect("0037", [0, 7, 333_333_333_333, -1], "2026-11-01", 1));
    assert_eq!(read("Ž"), vec![Value::Null; 7]);
    let computed = file.asked("SELECT suma, dalis, skaicius FROM visos_rusys WHERE nr IN ('10', 'Ž') ORDER BY nr");
    assert_eq!(computed, [[0.07, 0.333_333_333_333, -0.0001].map(Value::Real).to_vec(), vec![Value::Null; 3]]);
    let types = file.asked("SELECT DISTINCT typeof(nr), typeof(tekstas), typeof(kiekis), typeof(suma_e2), typeof(suma), typeof(data), typeof(pozymis) FROM visos_rusys WHERE nr <> 'Ž'");
    assert_eq!(types, [["text", "text", "integer", "integer", "real", "text", "integer"].map(text).to_vec()]);
    assert_eq!(file.one("PRAGMA integrity_check"), text("ok"));
}

#[test]
fn sums_comparisons_and_orders_are_in_euros_and_whole_numbers_are_exact() {
    let table = table("out_mokejimas", &["eil_nr"], vec![column("eil_nr", Kind::Integer, true), column("suma", Kind::Money, true)]);
    let cents: Vec<i128> = vec![10_000, 9_900, 10, 20, 123_456_789_012_345_678];
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(1..=5));
    let sums: ArrayRef = Arc::new(Decimal128Array::from(cents).with_data_type(Kind::Money.arrow()));
    let file = written(&[(table.clone(), batch(&table, vec![numbers, sums]))]);
    assert_eq!(file.one("SELECT SUM(suma) FROM mokejimas WHERE eil_nr < 5"), Value::Real(199.3));
    assert_eq!(file.one("SELECT COUNT(*) FROM mokejimas WHERE suma > 99.5 AND eil_nr < 5"), Value::Integer(1));
    assert_eq!(file.one("SELECT eil_nr FROM mokejimas ORDER BY suma LIMIT 1"), Value::Integer(3));
    assert_eq!(file.one("SELECT SUM(suma_e2) FROM mokejimas"), Value::Integer(123_456_789_012_365_608));
}

#[test]
fn keys_and_indices_follow_from_the_definitions() {
    let catalog = definitions();
    let tables: Vec<_> = catalog.tables(Layer::Out).cloned().collect();
    let tables: Vec<_> = tables
        .into_iter()
        .filter(|table| table.tiers.contains(&Tier::Open))
        .map(|table| {
            let rows = RecordBatch::new_empty(table.schema_for(Tier::Open));
            (table, rows)
        })
        .collect();
    let file = written(&tables);
    let key = |table: &str| file.asked(&format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"));
    let named = |names: &[&str]| names.iter().map(|name| vec![text(name)]).collect::<Vec<_>>();
    assert_eq!(key("lesos"), named(&["eil_nr"]));
    assert_eq!(key("savininkas"), named(&["ja_kodas", "eil_nr"]));
    assert_eq!(key("imoka"), named(&["ja_kodas", "institucijos_kodas", "nustatymo_data", "dokumento_nr"]));
    let in_order_of_key = file.asked("SELECT name FROM pragma_table_list WHERE wr AND name NOT LIKE '\\_%' ESCAPE '\\'");
    let lies_so = |name: &str| in_order_of_key.contains(&vec![text(name)]);
    assert!(lies_so("virs") && lies_so("klasifikatorius") && !lies_so("lesos") && !lies_so("imoka"), "{in_order_of_key:?}");
    let unkeyed = "SELECT name FROM sqlite_schema WHERE type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_table_info(sqlite_schema.name) WHERE pk > 0)";
    for row in file.asked(unkeyed) {
        let Value::Text(name) = &row[0] else { panic!("a name is text") };
        let table = tables.iter().find(|(table, _)| table.subject() == name).unwrap();
        let schema = table.1.schema();
        let is_filled = |name: &String| schema.field_with_name(name).is_ok_and(|field| !field.is_nullable());
        assert!(!table.0.key.iter().all(is_filled), "{name} could have a key");
    }
    let indices: Vec<_> = file.asked("SELECT tbl_name || '.' || name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
    let is_indexed = |name: &str| indices.contains(&vec![text(name)]);
    for name in ["lesos.lesos_ja_kodas", "lesos.lesos_institucijos_kodas", "lesos.lesos_vip_nr", "savininkas.savininkas_dal_kodas"] {
        assert!(is_indexed(name), "{name}: {indices:?}");
    }
    assert!(!is_indexed("savininkas.savininkas_ja_kodas"), "the key begins with it");
    assert!(indices.iter().all(|row| !matches!(&row[0], Value::Text(name) if name.ends_with("metai") || name.ends_with("eil_nr"))));
    assert!(!is_indexed("virs_veikla.virs_veikla_veiklos_rusis"), "what a statistic counts by tells nothing apart");
    let plans = file.asked("EXPLAIN QUERY PLAN SELECT * FROM virs JOIN lesos USING (ja_kodas) WHERE institucijos_kodas = '1'");
    assert!(plans.iter().all(|row| matches!(&row[3], Value::Text(step) if step.starts_with("SEARCH"))), "{plans:?}");
    let untyped =
        "SELECT COUNT(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite%'";
    assert_eq!(file.one(untyped), Value::Integer(0), "all are STRICT");
}

#[test]
fn the_file_says_what_it_is_and_what_every_column_means() {
    let table = all_kinds();
    let file = written(&[(table.clone(), extremes(&table))]);
    assert_eq!(file.one("PRAGMA application_id"), Value::Integer(0x5649_5253));
    assert_eq!(file.one("PRAGMA user_version"), Value::Integer(1));
    let said = file.asked("SELECT lentele, pavadinimas, pavadinimas_en, aprasymas_en, eiluciu FROM _lenteles");
    let expected = vec![text("visos_rusys"), text(&table.title.lt), text(&table.title.en), text(&table.description.en), Value::Integer(4)];
    assert_eq!(said, [expected]);
    let money = file.asked("SELECT eil_nr, rusis, tikslus_stulpelis, tikslaus_daliklis, vienetas, pavadinimas, aprasymas, aprasymas_en FROM _stulpeliai WHERE stulpelis = 'suma'");
    let expected = vec![
        Value::Integer(4),
        text("pinigai"),
        text("suma_e2"),
        Value::Integer(100),
        text("EUR"),
        text("suma ąž"),
        text("Kiek."),
        text("How much."),
    ];
    assert_eq!(money, [expected]);
    let undescribed = "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_%' ESCAPE '\\'
        EXCEPT SELECT lentele, stulpelis FROM _stulpeliai EXCEPT SELECT lentele, tikslus_stulpelis FROM _stulpeliai";
    assert!(file.asked(undescribed).is_empty());
    let exact = "SELECT suma_e2 * 1.0 / tikslaus_daliklis = suma FROM visos_rusys, _stulpeliai WHERE stulpelis = 'suma' AND nr = '10'";
    assert_eq!(file.one(exact), Value::Integer(1), "the divisor is the one by which the column is computed");
    assert!(file.asked("SELECT pastaba FROM _pastabos UNION ALL SELECT pastaba_en FROM _pastabos").len() > 6);
}

#[test]
fn the_definitions_have_no_two_columns_that_would_be_called_the_same() {
    let catalog = definitions();
    for table in catalog.tables(Layer::Out) {
        let empty = (table.clone(), RecordBatch::new_empty(table.schema()));
        let layout = Layout::of(&empty).unwrap();
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for laid_out in &layout.columns {
            *names.entry(laid_out.column.name.clone()).or_default() += 1;
            if laid_out.decimals().is_some() {
                *names.entry(laid_out.stored_name()).or_default() += 1;
            }
        }
        assert!(names.values().all(|&count| count == 1), "{}: {names:?}", table.name);
    }
}

/// Many rows in no order, each with what `below` says under its empty cells.
fn many(table: &Table, rows: usize, below: usize) -> RecordBatch {
    let number = |row: usize| (row * 7_919) % rows;
    let of = |row: usize| if row.is_multiple_of(3) { below + row } else { number(row) };
    let column = |(place, field): (usize, &Arc<Field>)| -> ArrayRef {
        let all = 0..rows;
        let filled: ArrayRef = match field.data_type() {
            kind if *kind == Kind::Text.arrow() && place == 0 => {
                return Arc::new(all.map(|row| Some(format!("{:09}", number(row)))).collect::<StringArray>());
            }
            kind if *kind == Kind::Text.arrow() => {
                Arc::new(all.map(|row| Some(format!("tekstas {:011}", of(row)))).collect::<StringArray>())
            }
            kind if *kind == Kind::Integer.arrow() => Arc::new(all.map(|row| Some(of(row) as i64)).collect::<Int64Array>()),
            kind if *kind == Kind::Date.arrow() => Arc::new(all.map(|row| Some((of(row) % 40_000) as i32)).collect::<Date32Array>()),
            kind if *kind == Kind::Boolean.arrow() => Arc::new(all.map(|row| Some(of(row) % 2 == 1)).collect::<BooleanArray>()),
            kind => Arc::new(all.map(|row| Some(of(row) as i128)).collect::<Decimal128Array>().with_data_type(kind.clone())),
        };
        let empty: BooleanArray = (0..rows).map(|row| Some(row.is_multiple_of(3))).collect();
        arrow::compute::nullif(&filled, &empty).unwrap()
    };
    let columns = table.schema().fields().iter().enumerate().map(column).collect();
    batch(table, columns)
}

#[test]
fn the_same_tables_give_the_same_bytes_and_no_page_is_empty() {
    let table = all_kinds();
    let tables = [(table.clone(), many(&table, 20_000, 0))];
    let (first, second) = (written(&tables), written(&tables));
    assert!(first.bytes() == second.bytes());
    assert_eq!(first.one("PRAGMA freelist_count"), Value::Integer(0));
}

/// A table of a night that builds on another.
struct Tonight {
    of: (Arc<Table>, RecordBatch),
    is_unchanged: bool,
}

impl DatabaseTable for Tonight {
    fn table(&self) -> &Arc<Table> {
        &self.of.0
    }

    fn schema(&self) -> SchemaRef {
        self.of.1.schema()
    }

    fn count(&self) -> usize {
        self.of.1.num_rows()
    }

    fn is_unchanged(&self) -> bool {
        self.is_unchanged
    }

    fn rows(&self) -> Result<RecordBatch, String> {
        if self.is_unchanged { Err("nobody should ask for them".to_owned()) } else { Ok(self.of.1.clone()) }
    }
}

#[test]
fn a_file_that_builds_on_the_last_one_is_the_one_that_is_made_anew() {
    let indexed = vec![column("kodas", Kind::Text, true), column("nr", Kind::Text, false), column("kiekis", Kind::Integer, false)];
    let (one, other) = (all_kinds(), table("out_rodyklinga", &["kodas"], indexed));
    let night = |new: RecordBatch| [(one.clone(), many(&one, 9_000, 0)), (other.clone(), new)];
    let rows = many(&other, 300, 0);
    let nights = [rows.clone(), rows.slice(0, 290), rows.slice(7, 280), rows.clone(), RecordBatch::new_empty(other.schema()), rows];
    let mut last = written(&night(nights[0].clone()));
    for rows in &nights[1..] {
        let [first, second] = night(rows.clone());
        let tables = [Tonight { of: first, is_unchanged: true }, Tonight { of: second, is_unchanged: false }];
        let tables: Vec<&dyn DatabaseTable> = tables.iter().map(|table| table as &dyn DatabaseTable).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("virsis.sqlite");
        write(&path, &tables, Some(&last.path)).unwrap();
        let built = Written { folder, path };
        assert!(built.bytes() == written(&night(rows.clone())).bytes());
        assert_eq!(built.one("PRAGMA integrity_check"), text("ok"));
        assert_eq!(built.one("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'rodyklinga_nr'"), Value::Integer(1));
        last = built;
    }
}

#[test]
fn a_last_file_whose_tables_are_made_otherwise_is_not_built_on() {
    let one = all_kinds();
    let mut fewer = one.as_ref().clone();
    fewer.columns.pop();
    let fewer = Arc::new(fewer);
    let last = written(&[(fewer.clone(), many(&fewer, 10, 0))]);
    let tonight = Tonight { of: (one.clone(), many(&one, 10, 0)), is_unchanged: true };
    let folder = tempfile::tempdir().unwrap();
    let said = write(&folder.path().join("virsis.sqlite"), &[&tonight], Some(&last.path)).unwrap_err().to_string();
    assert!(said.contains("nobody should ask for them"), "its rows are asked for: {said}");
}

#[test]
fn rows_lie_in_the_order_of_their_key_whatever_order_they_come_in() {
    let table = table(
        "out_mokejimas",
        &["nr", "data"],
        vec![column("nr", Kind::Integer, true), column("suma", Kind::Money, false), column("data", Kind::Date, true)],
    );
    let of = |rows: [(i64, i32); 4]| {
        let sums = rows.map(|(nr, day)| i128::from(nr) * 1_000 + i128::from(day));
        let columns: [ArrayRef; 3] = [
            Arc::new(Int64Array::from_iter_values(rows.map(|(nr, _)| nr))),
            Arc::new(Decimal128Array::from_iter_values(sums).with_data_type(Kind::Money.arrow())),
            Arc::new(Date32Array::from_iter_values(rows.map(|(_, day)| day))),
        ];
        written(&[(table.clone(), batch(&table, columns.to_vec()))])
    };
    let file = of([(10, 1), (-2, 5), (10, -1), (9, 0)]);
    assert!(file.bytes() == of([(9, 0), (10, -1), (10, 1), (-2, 5)]).bytes());
    let numbers = file.asked("SELECT nr FROM mokejimas NOT INDEXED");
    assert_eq!(numbers, [-2, 9, 10, 10].map(|nr| vec![Value::Integer(nr)]));
}

#[test]
fn what_stands_below_an_empty_cell_is_in_no_byte() {
    let table = all_kinds();
    let of = |below: usize| written(&[(table.clone(), many(&table, 5_000, below))]).bytes();
    let (one, other) = (of(39_105_000), of(48_411_000));
    assert!(one == other);
    assert!(!String::from_utf8_lossy(&one).contains("00039105"));
}

/// Where another process of this test is to write the file.
const WRITE_TO: &str = "VIRSIS_TEST_DATABASE";

/// The C library fills memory with these bytes where a process asks for it: what SQLite leaves as it was would show them.
#[test]
fn no_byte_is_what_lay_in_memory_before() {
    let table = all_kinds();
    if let Some(path) = std::env::var_os(WRITE_TO) {
        return write_anew(Path::new(&path), &[(table.clone(), many(&table, 20_000, 0))]).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let written = |filling: &str| {
        let path = folder.path().join(filling);
        let process = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::no_byte_is_what_lay_in_memory_before"])
            .env(WRITE_TO, &path)
            .env("GLIBC_TUNABLES", format!("glibc.malloc.perturb={filling}"))
            .output()
            .unwrap();
        assert!(process.status.success(), "{}", String::from_utf8_lossy(&process.stdout));
        fs::read(path).unwrap()
    };
    assert!(written("90") == written("165"));
}

#[test]
fn a_table_whose_key_the_tier_does_not_see_has_none_and_keeps_its_order() {
    let (shown, hidden) = (column("tekstas", Kind::Text, false), column("nr", Kind::Text, true));
    let table = table("out_be_rakto", &["nr"], vec![shown, hidden]);
    let schema = Schema::new(vec![Field::new("tekstas", Kind::Text.arrow(), true)]);
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("b"), None, Some("a"), Some("b")]));
    let rows = RecordBatch::try_new(Arc::new(schema), vec![texts]).unwrap();
    let file = written(&[(table, rows)]);
    assert_eq!(file.asked("SELECT * FROM be_rakto"), [vec![text("b")], vec![Value::Null], vec![text("a")], vec![text("b")]]);
    assert!(!String::from_utf8_lossy(&file.bytes()).contains("nr ąž"), "a column that is not shown is not described");
}

#[test]
fn what_sqlite_cannot_hold_is_refused_by_place_and_no_value_is_told() {
    let table = all_kinds();
    let folder = tempfile::tempdir().unwrap();
    let refused = |place: usize, array: ArrayRef| {
        let mut columns = extremes(&table).columns().to_vec();
        columns[place] = array;
        let path = folder.path().join(format!("{place}-{}.sqlite", fs::read_dir(folder.path()).unwrap().count()));
        write_anew(&path, &[(table.clone(), batch(&table, columns))]).unwrap_err().to_string()
    };
    let said = refused(1, Arc::new(StringArray::from(vec![None, Some("paslaptis\0"), None, None])));
    assert!(said.contains("out_visos_rusys") && said.contains("column tekstas, row 2") && said.contains("NUL"), "{said}");
    assert!(!said.contains("paslaptis"), "{said}");
    for day in [-719_529, 2_932_897] {
        let said = refused(6, Arc::new(Date32Array::from(vec![None, None, Some(day), None])));
        assert!(said.contains("column data, row 3"), "{said}");
    }
    let said = refused(0, Arc::new(StringArray::from(vec!["slaptas", "a", "slaptas", "b"])));
    assert!(said.contains("UNIQUE constraint failed: visos_rusys.nr") && !said.contains("slaptas"), "{said}");
    let strange = RecordBatch::new_empty(Arc::new(Schema::new(vec![Field::new("svetimas", Kind::Text.arrow(), true)])));
    let said = write_anew(&folder.path().join("x.sqlite"), &[(table.clone(), strange)]).unwrap_err().to_string();
    assert!(said.contains("svetimas"), "{said}");
    let there = folder.path().join("there.sqlite");
    fs::write(&there, b"other").unwrap();
    assert!(write_anew(&there, &[]).unwrap_err().to_string().contains("there.sqlite"));
    assert_eq!(fs::read(&there).unwrap(), b"other", "a file that is there stays as it is");
}
