//! Composing, without a reader of its own; what an independent reader makes of it is in `tests/server`.

use chrono::DateTime;
use proptest::prelude::*;

use super::*;

fn sender() -> Sender {
    Sender::new("Juridinių asmenų registras <registras@example.lt>").unwrap()
}

fn letter() -> Letter {
    Letter {
        id: "7f3a-1".to_owned(),
        to: "ona@example.lt".to_owned(),
        subject: "Jūsų prašymas priimtas".to_owned(),
        text: "Ąžuolas, čia ęėįšųūž.\nAntra eilutė".to_owned(),
        written: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
    }
}

fn composed(letter: &Letter) -> String {
    String::from_utf8(compose(letter, &sender()).unwrap().bytes).unwrap()
}

#[test]
fn a_letter_is_what_the_rfc_wants() {
    assert_eq!(
        composed(&letter()).split("\r\n").collect::<Vec<_>>(),
        [
            "Date: Mon, 21 Sep 2026 14:13:20 +0000",
            "From: =?utf-8?B?SnVyaWRpbmnFsyBhc21lbsWzIHJlZ2lzdHJhcw==?=",
            " <registras@example.lt>",
            "To: ona@example.lt",
            "Subject: =?utf-8?B?SsWrc8WzIHByYcWheW1hcyBwcmlpbXRhcw==?=",
            "Message-ID: <7f3a-1@example.lt>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            "",
            "=C4=84=C5=BEuolas, =C4=8Dia =C4=99=C4=97=C4=AF=C5=A1=C5=B3=C5=AB=C5=BE.",
            "Antra eilut=C4=97",
            "",
        ]
    );
}

#[test]
fn a_subject_that_looks_encoded_or_is_long_is_encoded() {
    let encoded = |text: &str| composed(&Letter { subject: text.to_owned(), ..letter() }).contains("Subject: =?utf-8?B?");
    assert!(!encoded("Plain subject"));
    assert!(!encoded(&"a".repeat(69)));
    for text in ["=?utf-8?q?Ne?=", " front", "end ", "two  spaces", &"a".repeat(70), &"a".repeat(2_000)] {
        assert!(encoded(text), "{text}");
    }
}

#[test]
fn what_cannot_stand_in_a_letter_is_refused_for_good() {
    let refused = |letter: Letter| compose(&letter, &sender()).map(|_| ()).unwrap_err();
    for id in ["", "a b", "a>\r\nBcc: x@example.lt", "../a", "ą", "a.b", &"a".repeat(65)] {
        assert_eq!(refused(Letter { id: id.to_owned(), ..letter() }), Reason::Id, "{id}");
    }
    for subject in ["a\nb", "a\rb", "a\r\nBcc: x@example.lt", "a\0", "a\u{85}b", "a\u{2028}b", "\n"] {
        assert_eq!(refused(Letter { subject: subject.to_owned(), ..letter() }), Reason::Subject, "{subject:?}");
    }
    for seconds in [-1, END_OF_DATES] {
        assert_eq!(refused(Letter { written: DateTime::from_timestamp(seconds, 0).unwrap(), ..letter() }), Reason::Written);
    }
    assert!(compose(&Letter { written: DateTime::from_timestamp(END_OF_DATES - 1, 0).unwrap(), ..letter() }, &sender()).is_ok());
}

#[test]
fn addresses_are_of_the_plain_kind() {
    let long_name = format!("{}@example.lt", "a".repeat(64));
    for usable in ["ona@example.lt", "o.n'a+b@a-b.example", "a@xn--uolas-4db74b.lt", "0@1.lt", "a@localhost", &long_name] {
        assert!(address(usable).is_some(), "{usable}");
    }
    let long_host = format!("a@{}.lt", "a.".repeat(130));
    for unusable in [
        "",
        "ona",
        "@example.lt",
        "ona@",
        "ona@example.lt\r\nBcc: x@example.lt",
        "ona@example.lt\n",
        " ona@example.lt",
        "ona @example.lt",
        "Ona <ona@example.lt>",
        "<ona@example.lt>",
        "ona@example.lt,jonas@example.lt",
        "ona@jonas@example.lt",
        "\"o na\"@example.lt",
        "ona@[127.0.0.1]",
        "ona@127.0.0.1",
        "ona@-a.lt",
        "ona@a..lt",
        ".ona@example.lt",
        "o..na@example.lt",
        "ąžuolas@example.lt",
        "ona@ąžuolas.lt",
        "ona@example.lt> NOTIFY=SUCCESS",
        &format!("a{long_name}"),
        &long_host,
    ] {
        assert!(address(unusable).is_none(), "{unusable}");
    }
}

#[test]
fn senders_are_addresses_with_or_without_a_name() {
    assert_eq!(Sender::new("registras@example.lt").unwrap().domain(), "example.lt");
    for unusable in ["", "registras", "A <a@example.lt>\r\nBcc: x@example.lt", "A\t<a@example.lt>", "A <a@[127.0.0.1]>", "<ą@example.lt>"]
    {
        let error = Sender::new(unusable).unwrap_err().to_string();
        assert!(error.contains("`from`"), "{error}");
    }
}

#[test]
fn a_letter_in_a_log_shows_its_id_alone() {
    assert_eq!(format!("{:?}", letter()), "Letter { id: \"7f3a-1\", .. }");
}

/// Text in which what ends lines and headers is as frequent as letters are.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Ząčęėįšųūž0-9 .@<>,;:\"=?_-]{0,12}",
        prop::sample::select(vec![
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            "\0",
            "\u{85}",
            "\u{2028}",
            "\t",
            "\r\nBcc: x@example.lt",
            "\r\n.\r\n",
            "=?",
            "?="
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(|letter| letter.to_string()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Mostly usable: else nothing would be composed, and nothing tested.
fn address_like() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-z+]{1,8}@[a-z]{1,8}",
        1 => hostile(),
        1 => ("[a-z]{1,8}", hostile()).prop_map(|(name, more)| format!("{name}@example.lt{more}")),
    ]
}

proptest! {
    #[test]
    fn no_letter_adds_a_header(id in prop_oneof![8 => "[A-Za-z0-9-]{1,64}", 1 => hostile()], to in address_like(),
                               subject in hostile(), text in hostile()) {
        let letter = Letter { id, to, subject, text, ..letter() };
        let Ok(composed) = compose(&letter, &sender()) else { return Ok(()) };
        let bytes = String::from_utf8(composed.bytes).unwrap();
        prop_assert!(bytes.is_ascii());
        prop_assert!(bytes.ends_with("\r\n"));
        let without_ends = bytes.replace("\r\n", "");
        prop_assert!(!without_ends.contains(['\r', '\n', '\0']));
        let (head, _) = bytes.split_once("\r\n\r\n").unwrap();
        let lines = head.split("\r\n").filter(|line| !line.starts_with(' '));
        let names: Vec<&str> = lines.map(|line| line.split_once(':').unwrap().0).collect();
        prop_assert_eq!(names, ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
                                "Content-Transfer-Encoding"]);
        prop_assert!(bytes.split("\r\n").all(|line| line.len() <= LINE || line.contains(&letter.to) || line.contains(&letter.id)));
        prop_assert!(bytes.split("\r\n").all(|line| line.len() <= 998));
    }
}
