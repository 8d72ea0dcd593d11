//! Whatever can be composed is read back as it was written, by a reader that shares no code with the writer.

use chrono::DateTime;
use mail::{Delivery, Folder, Letter, Sender};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::peer::{is_here, read};

const LETTERS: usize = 400;

fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[A-Za-z0-9 .,:;<>@=?_!\"-]{0,30}",
        3 => "[ąčęėįšųūžĄČĘĖĮŠŲŪŽa-z „“–]{0,30}",
        1 => "[A-Za-z0-9]{60,200}",
        1 => prop::sample::select(vec!["=?utf-8?q?Ne?=", "=?", "?=", "  ", " ", "=", "=20", "."]).prop_map(str::to_owned),
        1 => any::<char>().prop_filter("one line", |letter| !letter.is_control() && !matches!(letter, '\u{2028}' | '\u{2029}'))
            .prop_map(|letter| letter.to_string()),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![".", "..", "From x", "-- ", "\t", " x ", "a\tb\t"]).prop_map(str::to_owned);
    let line = prop_oneof![4 => words(), 1 => odd];
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

#[test]
fn random_letters_are_read_as_they_were_written() {
    if !is_here() {
        return;
    }
    let outer = tempfile::tempdir().unwrap();
    let path = outer.path().join("letters");
    let folder = Folder::new(&path, Sender::new("\"Registras, „Jūsų“\" <registras@example.lt>").unwrap()).unwrap();
    let mut runner = TestRunner::default();
    let strategy = ("[a-z0-9+=_-]{1,64}@[a-z]{1,20}(\\.[a-z]{2,20}){1,3}", words(), text(), 0..253_402_300_800_i64);
    let letters: Vec<Letter> = (0..LETTERS)
        .map(|number| {
            let (to, subject, text, seconds) = strategy.new_tree(&mut runner).unwrap().current();
            Letter { id: format!("a-{number:04}"), to, subject, text, written: DateTime::from_timestamp(seconds, 0).unwrap() }
        })
        .collect();
    for letter in &letters {
        folder.deliver(letter).unwrap();
    }
    let files: Vec<_> = letters.iter().map(|letter| path.join(format!("{}.eml", letter.id))).collect();
    let seen = read(&files);
    assert_eq!(seen.len(), LETTERS);
    for (letter, seen) in letters.iter().zip(seen) {
        let about = format!("{:?} {:?} {:?}: {seen}", letter.to, letter.subject, letter.text);
        assert_eq!(seen["subject"], letter.subject, "{about}");
        let ended = if letter.text.ends_with('\n') { letter.text.clone() } else { format!("{}\n", letter.text) };
        assert_eq!(seen["text"].as_str().unwrap().replace("\r\n", "\n"), ended, "{about}");
        assert_eq!(seen["to"], serde_json::json!([["", letter.to]]), "{about}");
        assert_eq!(seen["from"], serde_json::json!([["Registras, „Jūsų“", "registras@example.lt"]]), "{about}");
        assert_eq!(seen["id"], format!("<{}@example.lt>", letter.id), "{about}");
        assert_eq!(seen["written"], letter.written.timestamp(), "{about}");
        assert_eq!(seen["headers"].as_array().unwrap().len(), 9, "{about}");
        assert_eq!(seen["defects"], serde_json::json!([]), "{about}");
        let longest = seen["longest_line"].as_u64().unwrap() as usize;
        assert!(longest <= 78.max("To: ".len() + letter.to.len()), "{about}");
    }
}
