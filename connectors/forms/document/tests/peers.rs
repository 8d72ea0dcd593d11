//! The document as programs see it that share no code with it: poppler (`pdftotext`, `pdfinfo`, `pdffonts`) and `qpdf`. Skipped with
//! a word where they are missing; with `VIRSIS_PEERS_REQUIRED=1` that is a failure. Debian has them in `poppler-utils` and `qpdf`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

use chrono::{TimeZone, Utc};
use document::{Article, Block, Document, Inline, Picture, Record, Section};
use proptest::prelude::*;

const LETTERS: &str = "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ „“ – — € § Įlinkdama fechtuotojo špaga sublykčiojusi pragręžė apvalų arbūzą";

/// Whether the programs are there.
static PEERS: LazyLock<bool> = LazyLock::new(|| {
    for program in ["pdftotext", "pdfinfo", "pdffonts", "pdfimages", "qpdf"] {
        if Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            assert!(std::env::var_os("VIRSIS_PEERS_REQUIRED").is_none_or(|value| value != "1"), "no {program} on this machine");
            eprintln!("SKIPPED: no {program} on this machine (apt-get install poppler-utils qpdf)");
            return false;
        }
    }
    true
});

/// What programs say about one file; a complaint is a failure.
struct Judged<'a> {
    name: &'a str,
}

impl<'a> Judged<'a> {
    fn new(name: &'a str, document: &Document) -> Self {
        Self::of(name, &document.to_pdf())
    }

    fn of(name: &'a str, file: &[u8]) -> Self {
        let judged = Self { name };
        std::fs::write(judged.path(), file).expect("room for a file");
        judged.ask("qpdf", &["--check"], &[]);
        judged
    }

    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.name).with_extension("pdf")
    }

    fn ask(&self, program: &str, before: &[&str], after: &[&str]) -> String {
        let output = Command::new(program).args(before).arg(self.path()).args(after).output().expect(program);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaint.is_empty(), "{program}: {complaint}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Has veraPDF judge it by these rules.
    fn holds(&self, rules: &str) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/peers/verapdf/run.sh");
        let output = Command::new(script).arg(rules).arg(self.path()).output().expect("bash");
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        match output.status.code() {
            Some(77) => eprintln!("SKIPPED: {said}"),
            _ => assert!(output.status.success() && said.matches("PASS ").count() == rules.split(',').count(), "{said}"),
        }
    }

    /// The text of the pages in the order of the file, without running head and foot, without white space.
    fn text(&self, document: &Document) -> String {
        let raw = self.ask("pdftotext", &["-raw", "-enc", "UTF-8"], &["-"]);
        let pages: Vec<&str> = raw.split_terminator('\u{C}').collect();
        let head = printed(&(document.number.clone() + &document.title));
        let mut text = String::new();
        for (index, page) in pages.iter().enumerate() {
            let foot = printed(&format!("{} psl. iš {}", index + 1, pages.len()));
            let page = printed(page);
            let page = page.strip_suffix(&foot).unwrap_or_else(|| panic!("page {} has no number: {page}", index + 1));
            text += if index == 0 { page } else { page.strip_suffix(&head).expect("a running head") };
        }
        text
    }
}

/// Without white space.
fn printed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// All that is in the document, in order, without white space.
fn entered(document: &Document) -> String {
    let pairs = |pairs: &[(String, String)]| pairs.iter().map(|(label, value)| label.clone() + value).collect::<String>();
    let mut text = document.number.clone() + &document.title + &pairs(&document.facts);
    for section in &document.sections {
        text += &section.title;
        text += section.note.as_deref().unwrap_or_default();
        for record in &section.records {
            text += &record.title;
            text += &pairs(&record.fields);
        }
    }
    printed(&(text + &document.closing))
}

fn pair(label: &str, value: &str) -> (String, String) {
    (label.to_owned(), value.to_owned())
}

fn document(records: Vec<Record>) -> Document {
    Document {
        title: "Duomenys apie žurnalą".into(),
        number: "Pateiktis 000123".into(),
        facts: vec![pair("Registras", "VIRSIS"), pair("Raidės", LETTERS)],
        sections: vec![Section { title: "Dalyviai".into(), records, note: Some("Pastaba.".into()) }],
        closing: "Tvirtinu.".into(),
        notice: String::new(),
        formed: Utc.with_ymd_and_hms(2025, 3, 31, 11, 5, 7).unwrap(),
    }
}

#[test]
fn all_that_was_entered_comes_back_in_order() {
    if !*PEERS {
        return;
    }
    let long = format!("{LETTERS}. ").repeat(40);
    let lines = (1..90).map(|line| format!("{line} eilutė\n\n")).collect::<String>();
    let fields = [
        pair("Ilga reikšmė, kurios etiketė netelpa į vieną eilutę", &long),
        pair("Eilutės", &lines),
        pair("Be tarpų", &"ilgasžodisbetarpų".repeat(150)),
        pair("Tuščia", ""),
        pair(LETTERS, LETTERS),
    ];
    let document = document(vec![Record { title: String::new(), fields: fields.to_vec() }, Record::default()]);
    assert_eq!(Judged::new("entered", &document).text(&document), entered(&document));
}

#[test]
fn five_hundred_records_come_back_in_order() {
    if !*PEERS {
        return;
    }
    let record = |number: usize| Record {
        title: format!("{number} įrašas"),
        fields: (0..5).map(|field| pair(&format!("Laukas {field}"), &format!("Reikšmė {number} / {field} {LETTERS}"))).collect(),
    };
    let document = document((1..=500).map(record).collect());
    let judged = Judged::new("records", &document);
    assert_eq!(judged.text(&document), entered(&document));
    // No record goes over a page: each title is followed by its last value before the page ends.
    for page in judged.ask("pdftotext", &["-raw"], &["-"]).split('\u{C}') {
        assert_eq!(page.matches(" įrašas\n").count(), page.matches(" / 4 ").count());
    }
}

#[test]
fn letters_that_the_font_lacks_are_copied_as_what_they_are() {
    if !*PEERS {
        return;
    }
    let document = document(vec![Record { title: "漢字 žodis".into(), fields: vec![pair("😀", "prieš漢😀字po ą한č")] }]);
    assert_eq!(Judged::new("unknown", &document).text(&document), entered(&document));
}

#[test]
fn fonts_are_embedded_and_know_their_letters() {
    if !*PEERS {
        return;
    }
    let fonts = Judged::new("fonts", &document(Vec::new())).ask("pdffonts", &[], &[]);
    let fonts: Vec<Vec<&str>> = fonts.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    let told: Vec<_> = fonts.iter().map(|font| (font[0], font[1..4].join(" "), font[4], font[6])).collect();
    let expected = |name| (name, "CID TrueType Identity-H".to_owned(), "yes", "yes");
    assert_eq!(told, [expected("VirsisSans-Regular"), expected("VirsisSans-Semibold")]);
}

#[test]
fn screen_readers_find_headings_tables_and_paragraphs() {
    if !*PEERS {
        return;
    }
    let document =
        document(vec![Record { title: "UAB „Ąžuolas“".into(), fields: vec![pair("Kodas", "305123456"), pair("Tuščia", "")] }]);
    let told = Judged::new("structure", &document).ask("pdfinfo", &["-struct-text"], &[]);
    let lines: Vec<&str> = told.lines().map(|line| line.trim().trim_end_matches(" (block)")).collect();
    let expected = format!(
        "Document P \"Pateiktis 000123\" H1 \"Duomenys apie žurnalą\" \
         Table TR TH \"Registras\" TD \"VIRSIS\" TR TH \"Raidės\" TD \"{LETTERS}\" \
         Sect H2 \"Dalyviai\" P \"Pastaba.\" \
         H3 \"UAB „Ąžuolas“\" Table TR TH \"Kodas\" TD \"305123456\" TR TH \"Tuščia\" TD \
         P \"Tvirtinu.\""
    );
    assert_eq!(lines.join(" "), expected);
}

#[test]
fn a_notice_stands_on_every_page_and_is_read_aloud_once() {
    if !*PEERS {
        return;
    }
    const NOTICE: &str = "Mokomoji aplinka: parašai ir gavimo numeriai negalioja";
    let record = |number: usize| Record { title: format!("{number} įrašas"), fields: vec![pair("Laukas", "Reikšmė"); 4] };
    let document = Document { notice: NOTICE.into(), ..document((1..=40).map(record).collect()) };
    let judged = Judged::new("notice", &document);
    let text = judged.ask("pdftotext", &["-raw"], &["-"]);
    let pages: Vec<&str> = text.split_terminator('\u{C}').collect();
    assert!(pages.len() > 2 && pages.iter().all(|page| page.matches(NOTICE).count() == 1), "{text}");
    assert_eq!(judged.ask("pdfinfo", &["-struct-text"], &[]).matches(NOTICE).count(), 1);
}

#[test]
fn the_file_says_what_it_is() {
    if !*PEERS {
        return;
    }
    let judged = Judged::new("metadata", &Document { title: "A < B & „Ą“".into(), ..document(Vec::new()) });
    let told = judged.ask("pdfinfo", &["-isodates"], &[]);
    for line in [
        "Title:           A < B & „Ą“",
        "Subject:         Pateiktis 000123",
        "CreationDate:    2025-03-31T11:05:07Z",
        "ModDate:         2025-03-31T11:05:07Z",
        "Tagged:          yes",
        "JavaScript:      no",
        "Form:            none",
        "Pages:           1",
        "Page size:       595.28 x 841.89 pts (A4)",
        "PDF version:     1.7",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    let xmp = judged.ask("pdfinfo", &["-meta"], &[]);
    for part in [
        "A &lt; B &amp; „Ą“",
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>U</pdfaid:conformance>",
        "<xmp:CreateDate>2025-03-31T11:05:07Z</xmp:CreateDate>",
    ] {
        assert!(xmp.contains(part), "{part} is not in\n{xmp}");
    }
}

/// Three dots of two colours, and below them as many.
const PICTURE: &[u8] = include_bytes!("three_by_two.png");

fn article() -> Article {
    let plain = Inline::plain;
    let linked = |text: &str, link: &str| Inline { link: Some(link.into()), ..plain(text) };
    let step = vec![
        plain("Spauskite "),
        Inline { strong: true, ..plain("Toliau") },
        plain(", tada "),
        Inline { code: true, ..plain("virsis run") },
        plain(". "),
        linked("Kas toliau", "https://pavyzdys.lt/ąžuolas"),
        plain(", parašyta ten."),
    ];
    let picture = Block::Picture { picture: Arc::new(Picture::of_png(PICTURE).expect("a picture")), alternative: "Langas „Ą“".into() };
    let nested = Block::List { first: None, items: vec![vec![Block::Paragraph(vec![plain("kol bus;")])], vec![]] };
    Article {
        title: "Vadovas".into(),
        lead: "Visiems.".into(),
        blocks: vec![
            Block::Heading { level: 2, text: "Pradžia".into() },
            Block::List {
                first: Some(3),
                items: vec![vec![Block::Paragraph(step), picture.clone()], vec![Block::Paragraph(vec![plain("Laukite:")]), nested]],
            },
            Block::Heading { level: 2, text: "Pabaiga".into() },
            Block::Paragraph(vec![plain("Tiek.")]),
            picture,
        ],
        closing: vec![plain("Naujausias: "), linked("https://pavyzdys.lt/", "https://pavyzdys.lt/")],
        notice: "Mokymo aplinka".into(),
    }
}

#[test]
fn an_article_is_told_to_screen_readers_part_by_part() {
    if !*PEERS {
        return;
    }
    let told = Judged::of("article", &article().to_pdf()).ask("pdfinfo", &["-struct-text"], &[]);
    let words: Vec<&str> = told
        .lines()
        .map(|line| line.trim().trim_end_matches(':').trim_end_matches(" (block)").trim_end_matches(" (inline)"))
        // Where a picture is, and what it draws, which is no text.
        .filter(|line| !["Object ", "/Placement", "/BBox", "\"\""].iter().any(|start| line.starts_with(start)))
        .collect();
    let expected = "Document P \"Mokymo aplinka\" H1 \"Vadovas\" P \"Visiems.\" TOC TOCI Link \"Pradžia 1\" TOCI Link \"Pabaiga 1\" \
         Sect H2 \"Pradžia\" L /ListNumbering /Decimal LI Lbl \"3. \" LBody P Span \"Spauskite Toliau, tada virsis run. \" Link \"Kas toliau\" Span \", parašyta ten.\" Figure \
         LI Lbl \"4. \" LBody P \"Laukite:\" L /ListNumbering /Disc LI Lbl \"• \" LBody P \"kol bus;\" LI Lbl \"• \" LBody \
         Sect H2 \"Pabaiga\" P \"Tiek.\" Figure P Span \"Naujausias: \" Link \"https://pavyzdys.lt/\"";
    assert_eq!(words.join(" "), expected);
}

#[test]
fn verapdf_finds_nothing_wrong() {
    if !*PEERS {
        return;
    }
    let long = Article { blocks: (0..30).flat_map(|_| article().blocks).collect(), ..article() };
    for (name, article) in [("judged-article", article()), ("judged-long", long), ("judged-empty", Article::default())] {
        Judged::of(name, &article.to_pdf()).holds("2a,ua1");
    }
    let record = Record { title: "漢字".into(), fields: vec![pair("Laukas", "Reikšmė"); 90] };
    Judged::new("judged-document", &document(vec![record])).holds("2u");
}

#[test]
fn links_lead_to_the_web_and_headings_are_listed() {
    if !*PEERS {
        return;
    }
    let judged = Judged::of("links", &article().to_pdf());
    let addresses = judged.ask("pdfinfo", &["-url"], &[]);
    assert!(addresses.contains("https://pavyzdys.lt/%C4%85%C5%BEuolas") && addresses.matches("https://").count() == 2, "{addresses}");
    let objects = judged.ask("qpdf", &["--json", "--json-key=outlines"], &[]);
    let titles: Vec<&str> = objects.split("\"title\": \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(titles.len(), 3, "{objects}");
    for title in ["Vadovas", "Pradžia", "Pabaiga"] {
        assert!(titles.contains(&title), "{title}: {titles:?}");
    }
}

#[test]
fn pictures_come_back_dot_by_dot() {
    if !*PEERS {
        return;
    }
    let judged = Judged::of("pictures", &article().to_pdf());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let stem = folder.join("a");
    judged.ask("pdfimages", &[], &[stem.to_str().expect("UTF-8")]);
    let (red, white) = ([200, 0, 0], [255; 3]);
    let dots = [red, white, red, white, white, red].concat();
    for name in ["a-000.ppm", "a-001.ppm"] {
        let file = std::fs::read(folder.join(name)).expect(name);
        assert!(file.starts_with(b"P6\n3 2\n255\n") && file.ends_with(&dots), "{file:?}");
    }
}

#[test]
fn a_picture_is_never_split_and_no_heading_ends_a_page() {
    if !*PEERS {
        return;
    }
    let part = |number: usize| {
        let mut blocks = article().blocks;
        // Of as many heights as there are parts, so that pages end everywhere in them.
        blocks.extend((0..number % 9).map(|line| Block::Paragraph(vec![Inline::plain(&format!("{line} eilutė"))])));
        blocks[0] = Block::Heading { level: 2, text: format!("Dalis {number} a") };
        blocks
    };
    let article = Article { blocks: (0..40).flat_map(part).collect(), ..article() };
    let judged = Judged::of("pages", &article.to_pdf());
    assert_eq!(judged.ask("pdfimages", &["-list"], &[]).lines().count(), 2 + 80);
    for page in judged.ask("pdftotext", &["-raw"], &["-"]).split_terminator('\u{C}') {
        let around = |line: &&str| line.contains(" psl. iš ") || ["Mokymo aplinka", "Vadovas"].contains(line);
        let last = page.lines().rfind(|line| !around(line)).unwrap_or_default();
        // On the list of parts a number of a page follows.
        assert!(!last.starts_with("Dalis") || !last.ends_with('a'), "{page}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_text_gives_a_file_that_others_can_read(texts in proptest::collection::vec(any::<String>(), 8)) {
        let [title, number, label, value, heading, note, record, closing] = texts.try_into().unwrap();
        let records = vec![Record { title: record, fields: vec![(label.clone(), value.clone()); 3] }];
        let sections = vec![Section { title: heading, records, note: Some(note) }];
        let formed = Utc.timestamp_opt(0, 0).unwrap();
        let document = Document { title, number, facts: vec![(label, value)], sections, closing, notice: String::new(), formed };
        if *PEERS {
            let judged = Judged::new("random", &document);
            judged.ask("pdftotext", &["-raw"], &["-"]);
            judged.ask("pdfinfo", &["-struct-text"], &[]);
        }
    }
}
