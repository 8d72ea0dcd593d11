//! History beside the manual feeds, and what is remembered of both files.

use super::*;

/// Current rows in one form, history in another.
fn with_history(current: &str, history: &str) -> TempDir {
    let (current_name, history_name) = (format!("{STEM}.{current}"), format!("{HISTORY}/{STEM}.{history}"));
    folder(&[(&current_name, &write(current, &HEADINGS, ROWS)), (&history_name, &write(history, &HEADINGS, OTHERS))])
}

#[test]
fn history_comes_after_the_current_rows_with_numbers_that_show_it() {
    for (current, history) in
        [("csv", "csv"), ("csv", "xlsx"), ("parquet", "jsonl"), ("zip", "parquet"), ("xlsx", "zip"), ("jsonl", "csv.gz")]
    {
        let found = read_folder(&with_history(current, history)).unwrap();
        let expected = [tidied(ROWS), tidied(OTHERS)].concat();
        assert_eq!(found.rows, expected, "{current} {history}");
        let first = HISTORY_ROWS + if ["jsonl", "parquet"].contains(&history) { 1 } else { 2 };
        assert_eq!(found.numbers[ROWS.len()..], [first, first + 1], "{current} {history}");
    }
    let folder = with_history("csv", "csv");
    fs::write(folder.path().join(format!("{HISTORY}/{STEM}.csv")), format!("{}\nshort\n", HEADINGS.join("|"))).unwrap();
    assert_eq!(read_folder(&folder).unwrap().rejected, [(HISTORY_ROWS + 2, "columns")]);
}

#[test]
fn history_alone_broken_or_doubled_refuses_the_extract() {
    let folder = with_history("csv", "csv");
    let history = folder.path().join(format!("{HISTORY}/{STEM}.csv"));
    fs::write(&history, "vip_nr|data\n").unwrap();
    let error = read_folder(&folder).unwrap_err();
    assert!(error.rule() == "changed_headings" && error.to_string().contains(HISTORY), "{error}");
    let cut = format!("{}\n1|2|3|4|5|6", HEADINGS.join("|"));
    fs::write(&history, cut).unwrap();
    assert_eq!(rule(read_folder(&folder)), "truncated");
    fs::write(&history, write("csv", &HEADINGS, OTHERS)).unwrap();
    fs::write(folder.path().join(format!("{HISTORY}/{STEM}.jsonl")), write("jsonl", &HEADINGS, OTHERS)).unwrap();
    assert_eq!(rule(read_folder(&folder)), "two_forms");
    fs::remove_file(folder.path().join(format!("{HISTORY}/{STEM}.jsonl"))).unwrap();
    fs::remove_file(folder.path().join(format!("{STEM}.csv"))).unwrap();
    let error = read_folder(&folder).unwrap_err();
    assert!(error.rule() == "missing" && error.to_string().contains("history alone"), "{error}");
    // The heading line alone is enough.
    fs::write(folder.path().join(format!("{STEM}.csv")), format!("{}\n", HEADINGS.join("|"))).unwrap();
    assert_eq!(read_folder(&folder).unwrap().rows.len(), OTHERS.len());
}

#[test]
fn only_the_manual_feeds_have_a_history() {
    let feeds: Vec<_> =
        crate::CONNECTORS.iter().flat_map(|connector| connector.extracts.iter().map(|extract| (connector.source, extract))).collect();
    assert!(feeds.iter().all(|(source, extract)| extract.history == (*source == "formos")));
    let bytes = b"stat_kodas|stat_pavadinimas|stat_name|formavimo_data\n0|a|b|\n";
    let extract = request("raw_jar__statusai", None, Path::new("")).extract;
    let folder = folder(&[(extract.file, bytes), (&format!("{HISTORY}/{}", extract.file), bytes)]);
    let found = read_as(&Files::new(folder.path()), "raw_jar__statusai").unwrap();
    assert!(found.rows.len() == 1 && found.memory.get(HISTORY_HASH).is_none());
}

#[test]
fn nothing_changed_only_if_neither_file_did() {
    let unchanged = |folder: &TempDir, memory: &Memory| {
        let files = Files::new(folder.path());
        matches!(files.open(&request(TABLE, Some(memory), folder.path())).unwrap(), Fetched::Unchanged)
    };
    for form in FORMS {
        let folder = with_history(form, form);
        let (current, history) = (folder.path().join(format!("{STEM}.{form}")), folder.path().join(format!("{HISTORY}/{STEM}.{form}")));
        let (both, old) = (read_folder(&folder).unwrap().memory, fs::read(&history).unwrap());
        assert!(unchanged(&folder, &both), "{form}");
        fs::write(&history, write(form, &HEADINGS, ROWS)).unwrap();
        assert!(!unchanged(&folder, &both), "{form}: another history");
        fs::remove_file(&history).unwrap();
        assert!(!unchanged(&folder, &both), "{form}: no history any more");
        let alone = read_folder(&folder).unwrap().memory;
        assert!(unchanged(&folder, &alone), "{form}");
        fs::write(&history, old).unwrap();
        assert!(!unchanged(&folder, &alone) && unchanged(&folder, &both), "{form}: history again");
        fs::write(&current, write(form, &HEADINGS, OTHERS)).unwrap();
        assert!(!unchanged(&folder, &both), "{form}: another extract");
    }
    // The same bytes under another name are another form.
    let folder = with_history("csv", "csv");
    let memory = read_folder(&folder).unwrap().memory;
    fs::rename(folder.path().join(format!("{STEM}.csv")), folder.path().join(format!("{STEM}.jsonl"))).unwrap();
    assert_eq!(Files::new(folder.path()).open(&request(TABLE, Some(&memory), folder.path())).unwrap_err().rule(), "no_headings");
}

#[test]
fn what_was_remembered_of_delimited_text_before_there_were_other_forms_still_holds() {
    let folder = folder(&[(&format!("{STEM}.csv"), &write("csv", &HEADINGS, ROWS))]);
    let mut hashing = Hashing::salted(Cursor::new(write("csv", &HEADINGS, ROWS)), &[7; 32]);
    std::io::copy(&mut hashing, &mut std::io::sink()).unwrap();
    let memory = Memory([("sha256".to_owned(), hashing.into_parts().1)].into());
    assert!(matches!(Files::new(folder.path()).open(&request(TABLE, Some(&memory), folder.path())).unwrap(), Fetched::Unchanged));
    let needed = Request { rows_needed: true, ..request(TABLE, Some(&memory), folder.path()) };
    assert!(matches!(Files::new(folder.path()).open(&needed).unwrap(), Fetched::Rows(_)));
}
