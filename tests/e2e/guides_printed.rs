//! Guides as PDF/A, as programs see them that share no code with them: each says what its page says, shows what it shows, and is sound.

use std::fs;
use std::path::Path;
use std::process::Command;

use catalog::Catalog;

use crate::country::{Country, home};

/// Bytes that a guide has at most.
const HEAVIEST: u64 = 1_500_000;
/// What a portal over a generated country says on every page.
const NOTICE: &str = "Duomenys sugalvoti: tai bandomoji šalis, ne tikri asmenys ir įmonės.";
const URL: &str = "https://virsis.pavyzdys.lt";

/// Asks a program about a file; nothing where it is missing, unless `VIRSIS_PEERS_REQUIRED=1`.
fn ask(program: &str, before: &[&str], file: &Path, after: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).args(before).arg(file).args(after).output() else {
        assert!(std::env::var_os("VIRSIS_PEERS_REQUIRED").is_none(), "no {program}; apt-get install poppler-utils qpdf");
        println!("SKIPPED: no {program}");
        return None;
    };
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{program} of {}: {complaint}", file.display());
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Without white space.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// All texts between the tags of a page's guide, in order, without white space.
fn texts(html: &str) -> Vec<String> {
    let guide = html.split("<div class=\"prose guide\">").nth(1).unwrap().split("</div>").next().unwrap();
    // The link to the file itself.
    let (begin, end) = (guide.find("<p class=\"note\">").unwrap(), guide.find("</a>,").unwrap());
    let end = end + guide[end..].find("</p>").unwrap();
    let guide = format!("{}{}", &guide[..begin], &guide[end..]);
    let shown = guide.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let plain = |text: &str| {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x2f;", "/"), ("&amp;", "&")]
            .iter()
            .fold(squeezed(text), |text, (name, letter)| text.replace(name, letter))
    };
    shown.map(plain).filter(|text| !text.is_empty()).collect()
}

/// The text of all pages without what stands above and below each: the notice, title and number.
fn printed(file: &Path, title: &str) -> Option<String> {
    let raw = ask("pdftotext", &["-raw", "-enc", "UTF-8"], file, &["-"])?;
    let pages: Vec<&str> = raw.split_terminator('\u{C}').collect();
    let mut text = String::new();
    for (index, page) in pages.iter().enumerate() {
        let foot = squeezed(&format!("{} psl. iš {}", index + 1, pages.len()));
        let page = squeezed(page);
        let page = page.strip_suffix(&foot).unwrap_or_else(|| panic!("page {} has no number: {page}", index + 1));
        let notice = squeezed(NOTICE);
        text += match index {
            0 => page.strip_prefix(&notice).expect("the notice above the title"),
            _ => page.strip_suffix(&(squeezed(title) + &notice)).unwrap_or_else(|| panic!("no running head and notice: {page}")),
        };
    }
    Some(text)
}

#[test]
fn each_guide_is_printed_as_its_page_says_it_and_is_sound() {
    let country = Country::generate(71, &home());
    let settings = fs::read_to_string(country.path("virsis.toml")).unwrap();
    fs::write(country.path("virsis.toml"), settings.replace("[publication]\n", &format!("[publication]\nurl = '{URL}'\n"))).unwrap();
    country.ok(&["run"]);
    country.ok(&["verify"]);
    let catalog = Catalog::load(&home()).unwrap();
    let folder = country.path("portal/latest/public/vadovai");
    let list = fs::read_to_string(folder.join("index.html")).unwrap();
    let listed: Vec<String> = country
        .listed("portal")
        .iter()
        .map(|file| file["path"].as_str().unwrap().to_owned())
        .filter(|path| path.ends_with(".pdf"))
        .collect();
    let mut files = Vec::new();
    for guide in &catalog.guides().all {
        let (name, title) = (&guide.name, guide.page.title());
        let (html, file) = (fs::read_to_string(folder.join(format!("{name}.html"))).unwrap(), folder.join(format!("{name}.pdf")));
        let bytes = fs::metadata(&file).unwrap().len();
        assert!(bytes < HEAVIEST, "{name}: {bytes} bytes");
        for page in [&html, &list] {
            let link = page
                .split(&format!("<a href=\"{name}.pdf\" type=\"application/pdf\""))
                .nth(1)
                .unwrap_or_else(|| panic!("no link to {name}"));
            let size = link.split_once("</a>, ").and_then(|(_, size)| size.split_once("\u{a0}kB")).map(|(size, _)| size.replace(',', "."));
            let size: f64 = size.and_then(|size| size.parse().ok()).unwrap_or_else(|| panic!("no size of {name}"));
            assert!((size * 1000.0 - bytes as f64).abs() <= 100.0, "{name}: {size} kB, and it has {bytes} bytes");
        }
        assert!(listed.contains(&format!("public/vadovai/{name}.pdf")), "{name} in {listed:?}");

        let Some(text) = printed(&file, title) else { return };
        let mut rest = text.as_str();
        for said in texts(&html) {
            let at = rest.find(&said).unwrap_or_else(|| panic!("{name} does not say {said:?} before {rest}"));
            let between = &rest[..at];
            assert!(between.chars().all(|letter| letter.is_ascii_digit() || ".•".contains(letter)), "{name}: {between:?} before {said:?}");
            rest = &rest[at + said.len()..];
        }
        assert_eq!(rest, squeezed(&format!("Naujausias šio vadovo tekstas: {URL}/public/vadovai/{name}.html")));

        let told = ask("pdfinfo", &[], &file, &[]).unwrap();
        for line in
            [format!("Title:           {title}"), "Tagged:          yes".to_owned(), "Page size:       595.28 x 841.89 pts (A4)".to_owned()]
        {
            assert!(told.contains(&line), "{name}: {line} is not in\n{told}");
        }
        let told = ask("pdfinfo", &["-meta"], &file, &[]).unwrap();
        for part in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "<rdf:li>lt-LT</rdf:li>"] {
            assert!(told.contains(part), "{name}: {part} is not in\n{told}");
        }
        let structure = ask("pdfinfo", &["-struct"], &file, &[]).unwrap();
        let pictures = html.matches("<img src=\"").count();
        assert_eq!(structure.matches("Figure").count(), pictures, "{name}");
        assert_eq!(ask("pdfimages", &["-list"], &file, &[]).unwrap().lines().count() - 2, pictures, "{name}");
        let fonts = ask("pdffonts", &[], &file, &[]).unwrap();
        assert!(fonts.lines().skip(2).count() == 2 && fonts.lines().skip(2).all(|font| font.contains("Identity-H       yes")), "{fonts}");
        ask("qpdf", &["--check"], &file, &[]).unwrap();
        files.push(file);
    }
    assert_eq!((files.len(), listed.len()), (10, 10), "nine guides and the list of words");
    judged(&files);
}

/// veraPDF finds nothing wrong, neither by PDF/A-2a nor by PDF/UA-1.
fn judged(files: &[std::path::PathBuf]) {
    let output = Command::new(home().join("tests/peers/verapdf/run.sh")).arg("2a,ua1").args(files).output().unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    if output.status.code() == Some(77) {
        println!("SKIPPED: {said}");
        return;
    }
    assert!(output.status.success() && said.matches("PASS ").count() == 2 * files.len(), "{said}");
}
