//! What holds for every document, whatever was entered.

use chrono::{DateTime, Utc};
use document::{Article, Block, Document, Inline, Record, Section};
use proptest::prelude::*;

/// Any characters at all, many of them invisible, unassigned or wide, with those that steer lines and marks more often.
fn text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        4 => any::<char>(),
        4 => proptest::char::range('\0', '\u{17F}'),
        2 => proptest::sample::select(vec![' ', '\n', '\r', '-', '/', '\u{300}', '\u{328}', '\u{200D}', '\u{A0}', 'ą', '漢']),
    ];
    proptest::collection::vec(letter, 0..120).prop_map(String::from_iter)
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec((text(), text()), 0..5)
}

prop_compose! {
    fn record()(title in text(), fields in pairs()) -> Record {
        Record { title, fields }
    }
}

prop_compose! {
    fn section()(title in text(), records in proptest::collection::vec(record(), 0..5), note in proptest::option::of(text())) -> Section {
        Section { title, records, note }
    }
}

prop_compose! {
    fn documents()(
        title in text(),
        number in text(),
        facts in pairs(),
        sections in proptest::collection::vec(section(), 0..4),
        closing in text(),
        notice in text(),
        seconds in any::<i64>(),
    ) -> Document {
        let formed = DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Document { title, number, facts, sections, closing, notice, formed }
    }
}

prop_compose! {
    fn inlines()(parts in proptest::collection::vec((text(), any::<bool>(), any::<bool>(), proptest::option::of(text())), 0..4)) -> Vec<Inline> {
        parts.into_iter().map(|(text, strong, code, link)| Inline { text, strong, code, link }).collect()
    }
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let block =
        prop_oneof![(0..9_u8, text()).prop_map(|(level, text)| Block::Heading { level, text }), inlines().prop_map(Block::Paragraph),];
    let block = block.prop_recursive(3, 20, 4, |inner| {
        let items = proptest::collection::vec(proptest::collection::vec(inner, 0..4), 0..4);
        (proptest::option::of(0..1000_u64), items).prop_map(|(first, items)| Block::List { first, items })
    });
    proptest::collection::vec(block, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_article_gives_a_file_and_always_the_same(title in text(), lead in text(), blocks in blocks(), closing in inlines(), notice in text()) {
        let article = Article { title, lead, blocks, closing, notice };
        let file = article.to_pdf();
        prop_assert!(file.starts_with(b"%PDF-1.7") && file.ends_with(b"%%EOF"));
        prop_assert!(file == article.clone().to_pdf());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_document_gives_a_file_and_always_the_same(document in documents()) {
        let file = document.to_pdf();
        prop_assert!(file.starts_with(b"%PDF-1.7"));
        prop_assert!(file.ends_with(b"%%EOF"));
        prop_assert!(file == document.clone().to_pdf());
    }
}

#[test]
fn documents_that_differ_have_identifiers_that_differ() {
    let identifier = |document: &Document| {
        let file = document.to_pdf();
        let at = file.windows(4).rposition(|part| part == b"/ID[").unwrap();
        file[at..].to_vec()
    };
    let one = Document { closing: "Viena".into(), ..Document::default() };
    let other = Document { closing: "Vieno".into(), ..Document::default() };
    let later = Document { formed: DateTime::<Utc>::from_timestamp(1, 0).unwrap(), ..one.clone() };
    assert_ne!(identifier(&one), identifier(&other));
    assert_ne!(identifier(&one), identifier(&later));
}

#[test]
fn a_font_that_no_letter_needs_is_not_in_the_file() {
    let file = Document { closing: "Tik tekstas".into(), ..Document::default() }.to_pdf();
    let has = |name: &[u8]| file.windows(name.len()).any(|part| part == name);
    assert!(has(b"VirsisSans-Regular") && !has(b"VirsisSans-Semibold"));
}
