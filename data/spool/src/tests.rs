use arrow::array::{BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray};
use arrow::compute::concat_batches;
use catalog::{Catalog, Kind};

use super::*;

/// A row of every kind for each number; some cells are empty, some texts have no letters.
fn rows(numbers: std::ops::Range<i64>) -> RecordBatch {
    let some = |divisor: i64| numbers.clone().map(move |n| (n % divisor != 1).then_some(n));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("tekstas", Arc::new(some(3).map(|n| n.map(|n| "ąž".repeat(n as usize % 5))).collect::<StringArray>())),
        ("skaicius", Arc::new(some(5).collect::<Int64Array>())),
        ("suma", Arc::new(some(7).map(|n| n.map(i128::from)).collect::<Decimal128Array>().with_data_type(Kind::Money.arrow()))),
        ("data", Arc::new(some(4).map(|n| n.map(|n| n as i32)).collect::<Date32Array>())),
        ("yra", Arc::new(some(6).map(|n| n.map(|n| n % 2 == 0)).collect::<BooleanArray>())),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

/// A table of which only its name matters, and whether personal codes and birth dates are among its columns.
fn definition() -> Arc<Table> {
    let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
    catalog.table("core_asmens_duomenys").unwrap().clone()
}

fn lies_in_a_file(rows: &SpooledTable) -> bool {
    rows.columns.is_some()
}

#[test]
fn rows_come_back_as_they_were_from_memory_and_from_files_whatever_the_parts() {
    let folder = tempfile::tempdir().unwrap();
    let many = rows(0..60_000);
    // Parts that begin in the middle of a byte of marks, and none at all.
    for parts in [vec![many.clone()], vec![many.slice(0, 13), many.slice(13, 0), many.slice(13, 40_000), many.slice(40_013, 19_987)]] {
        for (spool, in_file) in [(Spool::at(folder.path()), true), (Spool::memory(), false)] {
            let mut spooled = spool.table(&definition(), many.schema());
            parts.iter().for_each(|part| spooled.push(part.clone()).unwrap());
            assert_eq!(lies_in_a_file(&spooled), in_file);
            assert_eq!(spooled.finish().unwrap(), many);
        }
    }
    let few = rows(0..9);
    let mut spooled = Spool::at(folder.path()).table(&definition(), few.schema());
    spooled.push(few.clone()).unwrap();
    assert!(!lies_in_a_file(&spooled), "it is not worth a file");
    assert_eq!(spooled.finish().unwrap(), few);
    assert_eq!(Spool::at(folder.path()).table(&definition(), few.schema()).finish().unwrap(), rows(0..0));
    // What was filtered or cut to some rows is as good as any.
    let put = |rows: &RecordBatch, others| Spool::at(folder.path()).put(&definition(), rows, others).unwrap();
    let cut = concat_batches(&many.schema(), [&many.slice(5, 50_000), &many.slice(0, 7)]).unwrap();
    assert_eq!(put(&cut.slice(3, 49_000), None), cut.slice(3, 49_000));
    // A column without a letter: its file is empty.
    let none: ArrayRef = Arc::new((0..400_000).map(|_| None::<&str>).collect::<StringArray>());
    let none = RecordBatch::try_from_iter_with_nullable([("tekstas", none, true)]).unwrap();
    assert_eq!(put(&none, None), none);
    // What waits already is not written again; only the column of a bit a row is small enough to stay where it is.
    let large = rows(0..300_000);
    let moved = |rows: &RecordBatch| rows.columns().iter().zip(large.columns()).filter(|(one, other)| !Arc::ptr_eq(one, other)).count();
    assert_eq!((moved(&put(&large, Some(&large))), moved(&put(&large, None))), (0, 4));
}

#[test]
fn files_have_no_names_and_codes_and_birth_dates_stay_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let many = rows(0..60_000);
    for (name, in_file) in [("asmens_id", true), ("asmens_kodas", false), ("gimimo_data", false)] {
        let rows = RecordBatch::try_from_iter([("kita", many.column(1).clone()), (name, many.column(0).clone())]).unwrap();
        let mut spooled = Spool::at(folder.path()).table(&definition(), rows.schema());
        spooled.push(rows).unwrap();
        assert_eq!(lies_in_a_file(&spooled), in_file, "{name}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn what_cannot_be_written_is_said_with_table_and_folder() {
    let many = rows(0..60_000);
    let mut spooled = Spool::at(Path::new("/nonexistent/folder")).table(&definition(), many.schema());
    let said = spooled.push(many).unwrap_err().to_string();
    assert!(
        said.starts_with("table core_asmens_duomenys") && said.contains("/nonexistent/folder") && said.contains("No such file"),
        "{said}"
    );
}
