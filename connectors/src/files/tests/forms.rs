//! Every form gives the same rows through the same headings.

use super::*;

#[test]
fn every_form_gives_the_same_rows() {
    let expected = tidied(ROWS);
    for form in FORMS {
        let found = read(form, &write(form, &HEADINGS, ROWS)).unwrap();
        assert_eq!(found.rows, expected, "{form}");
        let first = if ["jsonl", "parquet"].contains(&form) { 1 } else { 2 };
        assert_eq!(found.numbers, (first..).take(ROWS.len()).collect::<Vec<_>>(), "{form}");
        assert!(found.rejected.is_empty());
    }
    for form in PACKED {
        let bytes = write(form, &HEADINGS, ROWS);
        let packed = write_zip(&[("__MACOSX/._x.csv", b"whatever"), (&format!("x.{form}"), &bytes)]);
        assert_eq!(read("zip", &packed).unwrap().rows, expected, "{form} in zip");
    }
}

#[test]
fn headings_may_come_in_any_order_and_letter_case_and_fill_their_columns() {
    let mut headings = HEADINGS.map(str::to_uppercase);
    headings.swap(0, 5);
    let mixed: Vec<&str> = headings.iter().map(String::as_str).collect();
    for form in FORMS {
        let row = &read(form, &write(form, &mixed, &ROWS[..1])).unwrap().rows[0];
        assert_eq!((row[0].as_str(), row[5].as_str()), ("", "000017"), "{form}");
    }
}

#[test]
fn a_register_s_own_headings_hold_in_every_form() {
    let headings = ["stat_kodas", "stat_pavadinimas", "stat_name", "formavimo_data"];
    let row: Row = ["0", "a", "ignored", "2026-10-31", "", ""];
    for form in FORMS {
        let folder = folder(&[(&format!("JAR_STATUSAI.{form}"), &write(form, &headings, &[row]))]);
        let extract = request("raw_jar__statusai", None, folder.path()).extract;
        if extract.file != "JAR_STATUSAI.csv" {
            fs::rename(
                folder.path().join(format!("JAR_STATUSAI.{form}")),
                folder.path().join(extract.file.replace(".csv", &format!(".{form}"))),
            )
            .unwrap();
        }
        assert_eq!(read_as(&Files::new(folder.path()), "raw_jar__statusai").unwrap().rows, [["0", "a", "2026-10-31"]], "{form}");
    }
}

#[test]
fn changed_headings_are_refused_in_every_form() {
    let mut changed = HEADINGS;
    changed[2] = "naujas";
    for form in FORMS {
        assert_eq!(rule(read(form, &write(form, &changed, ROWS))), "changed_headings", "{form}: another");
        assert_eq!(rule(read(form, &write(form, &HEADINGS[..5], ROWS))), "changed_headings", "{form}: one less");
        assert_eq!(rule(read(form, &write(form, &["a", "b", "c", "d", "e", "f"], ROWS))), "no_headings", "{form}: all others");
    }
    let mut twice = HEADINGS.to_vec();
    twice.push("data");
    let twice = write_parquet(
        twice.iter().map(|heading| (*heading, Arc::new(StringArray::from(vec!["x"])) as ArrayRef)).collect(),
        Compression::SNAPPY,
    );
    for (form, bytes) in
        [("csv", &b"vip_nr|data|tirazas|metrikos_tirazas|su_reklama|reklamos_pozymio_data|data\n"[..]), ("parquet", &twice)]
    {
        assert!(matches!(read(form, bytes), Err(Error::RepeatedHeading { .. })), "{form}");
    }
}

#[test]
fn two_forms_at_once_are_refused_and_named() {
    for form in &FORMS[1..] {
        let other = format!("{STEM}.{form}");
        let folder = folder(&[(&format!("{STEM}.csv"), &write("csv", &HEADINGS, ROWS)), (&other, &write(form, &HEADINGS, ROWS))]);
        let error = read_folder(&folder).unwrap_err();
        assert!(error.rule() == "two_forms" && error.to_string().contains(&format!("{STEM}.csv")), "{error}");
        assert!(error.to_string().contains(&other), "{error}");
    }
    assert_eq!(rule(read_folder(&folder(&[]))), "missing");
}

#[test]
fn rows_come_in_batches_in_every_form() {
    let many: Vec<Row> = vec![ROWS[0]; crate::row_builder::BATCH_ROWS + 1];
    for form in FORMS {
        let found = read(form, &write(form, &HEADINGS, &many)).unwrap();
        assert_eq!((found.rows.len(), found.numbers[0] + many.len() as u64 - 1), (many.len(), *found.numbers.last().unwrap()), "{form}");
    }
}
