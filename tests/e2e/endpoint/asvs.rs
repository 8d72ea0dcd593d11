//! `docs/asvs.md` against the project: every test it names is there, every item stands once, its numbers are right. And what it says is
//! nowhere in pages, script and code of the endpoint is nowhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::country::home;
use crate::named_tests::{between_backticks, is_there};

/// Items of levels 1 and 2 in OWASP ASVS 5.0.0.
const ITEMS: usize = 253;
/// What a row may say of its items first, and where the summary counts it. What is met is counted by how it is proved.
const STATES: [(&str, &str); 5] =
    [("Met", ""), ("Partly", "partly met"), ("Not met", "not met"), ("Operator", "the operator's"), ("Not applicable", "not applicable")];
/// Proofs that are no test.
const DOCUMENT: &str = "document";
const UNTESTED: &str = "not tested";
const NOTHING: &str = "–";

/// A row about one or several items.
struct Row {
    items: Vec<String>,
    level: String,
    state: String,
    test: String,
}

impl Row {
    /// The row of a line; `None` for lines that are none.
    fn of(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let [items, level, _, how, test] = cells[..] else { return None };
        if !items.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let (state, rest) = how.strip_prefix("**").and_then(|how| how.split_once(".** ")).unwrap_or_else(|| panic!("no state in {line}"));
        assert!(!rest.is_empty(), "{line}");
        let items = items.split(", ").flat_map(several).collect();
        Some(Self { items, level: level.to_owned(), state: state.to_owned(), test: test.to_owned() })
    }

    /// Tests it names.
    fn tests(&self) -> Vec<&str> {
        between_backticks(&self.test).collect()
    }

    /// Where the summary counts it.
    fn counted(&self) -> &'static str {
        let found = STATES.iter().find(|(state, _)| *state == self.state);
        let (_, counted) = found.unwrap_or_else(|| panic!("{} is no state, at {}", self.state, self.items[0]));
        match (*counted, self.test.as_str()) {
            ("", DOCUMENT) => "met by this document",
            ("", UNTESTED) => "met, not tested",
            ("", _) => "met and tested",
            (counted, _) => counted,
        }
    }
}

/// `1.2.3–1.2.5` is three items.
fn several(text: &str) -> Vec<String> {
    let Some((first, last)) = text.split_once('–') else { return vec![text.to_owned()] };
    let ((section, first), (other, last)) = (first.rsplit_once('.').unwrap(), last.rsplit_once('.').unwrap());
    assert_eq!(section, other, "{text}");
    let number = |text: &str| text.parse::<u32>().unwrap();
    (number(first)..=number(last)).map(|place| format!("{section}.{place}")).collect()
}

fn document() -> String {
    std::fs::read_to_string(home().join("docs/asvs.md")).unwrap()
}

fn rows() -> Vec<Row> {
    document().lines().filter_map(Row::of).collect()
}

/// All files of a folder, and of those in it.
fn within(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { within(&path) } else { vec![path] }).collect()
}

#[test]
fn every_test_that_the_document_names_is_there() {
    let (mut missing, mut named) = (Vec::new(), 0);
    for row in rows() {
        for test in row.tests() {
            named += 1;
            if !is_there(test) {
                missing.push(format!("{test}, for {}", row.items[0]));
            }
        }
    }
    assert!(named > 100, "{named} tests were found in the document");
    assert!(missing.is_empty(), "docs/asvs.md names tests that are not there:\n{}", missing.join("\n"));
}

#[test]
fn every_item_stands_once_with_a_state_and_a_proof_and_the_summary_is_right() {
    let (mut seen, mut counts) = (BTreeMap::new(), BTreeMap::<&str, usize>::new());
    for row in rows() {
        let items = &row.items;
        for item in items {
            let parts: Vec<Option<u32>> = item.split('.').map(|part| part.parse().ok()).collect();
            assert!(parts.len() == 3 && parts.iter().all(Option::is_some), "{item} is no item");
            assert!(seen.insert(item.clone(), ()).is_none(), "{item} stands twice");
        }
        assert!(matches!(row.level.as_str(), "1" | "2" | "1, 2"), "level of {items:?}");
        let proved = !row.tests().is_empty();
        let fits = match row.state.as_str() {
            "Met" => proved || row.test == DOCUMENT || row.test == UNTESTED,
            _ => proved || row.test == NOTHING,
        };
        assert!(fits, "{items:?} is {} and has as its test: {}", row.state, row.test);
        *counts.entry(row.counted()).or_default() += items.len();
    }
    assert_eq!(seen.len(), ITEMS);
    let document = document();
    for (counted, items) in counts.iter().chain([(&"all of levels 1 and 2", &ITEMS)]) {
        assert!(document.contains(&format!("| {counted} | {items} |")), "the summary must say: {counted} {items}");
    }
}

#[test]
fn pages_and_scripts_hold_nothing_that_runs_what_somebody_typed() {
    let forms = home().join("connectors/forms");
    let mut found = Vec::new();
    let mut search = |path: &Path, words: &[&str]| {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.is_empty());
        found.extend(words.iter().filter(|word| text.contains(**word)).map(|word| format!("{word} in {}", path.display())));
    };
    let script = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "createContextualFragment",
        "document.write",
        "eval(",
        "Function(",
        "import(",
        "postMessage",
        "\"message\"",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "caches.",
        "document.cookie",
        "__proto__",
        "Object.assign",
        "http:",
        "https:",
        "javascript:",
    ];
    search(&forms.join("assets/forms.js"), &script);
    let templates = within(&forms.join("templates"));
    assert!(templates.len() > 10);
    for path in &templates {
        search(path, &["|safe", "| safe", "autoescape", " style=", "<style", "javascript:", "http:", "https:", "srcdoc", "<base"]);
        let text = std::fs::read_to_string(path).unwrap();
        let scripts = text.matches("<script").count();
        assert_eq!(
            scripts,
            text.matches("<script src=\"/failai/{{ asset_forma }}\" defer></script>").count(),
            "a script in {}",
            path.display()
        );
        // An attribute such as onclick.
        let handler =
            |rest: &str| rest.split_once('=').is_some_and(|(name, _)| name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(!text.split(" on").skip(1).any(handler), "a handler in {}", path.display());
    }
    for folder in [forms.join("src"), home().join("connectors/viisp/src")] {
        // Texts of the operator's own files; what makes their HTML is tested beside it.
        let of_content = forms.join("src/web/text.rs");
        assert_eq!(std::fs::read_to_string(&of_content).unwrap().matches("Value::").count(), 1);
        for path in within(&folder).iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs") && **path != of_content) {
            search(
                path,
                &[
                    "process::Command",
                    "Command::new",
                    "from_safe_string",
                    "AutoEscape::None",
                    "render_str",
                    "template_from_str",
                    "access-control",
                    "ACCESS_CONTROL",
                ],
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn sessions_begin_in_one_place_after_one_of_two_proofs() {
    let mut places = Vec::new();
    for path in within(&home().join("connectors/forms/src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let begun = text.matches("store::open_session(").count();
        if begun > 0 {
            places.push((path.file_name().unwrap().to_str().unwrap().to_owned(), begun));
        }
    }
    assert_eq!(places, [("signin.rs".to_owned(), 2)]);
}

#[test]
fn the_sign_in_page_hides_the_password_and_lets_it_be_pasted() {
    let page = std::fs::read_to_string(home().join("connectors/forms/templates/signin.html")).unwrap();
    let input = |name: &str| {
        let inputs = page.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
        inputs.filter(|input| input.contains(&format!("name=\"{name}\""))).collect::<Vec<_>>()
    };
    let ([login], [password], [code]) = (&input("vardas")[..], &input("slaptazodis")[..], &input("kodas")[..]) else { panic!("{page}") };
    assert!(login.contains("autocomplete=\"username\""));
    assert!(password.contains("type=\"password\"") && password.contains("autocomplete=\"current-password\""));
    assert!(!password.contains("length") && !password.contains("pattern"), "any password can be typed, however long");
    assert!(code.contains("autocomplete=\"one-time-code\""));
    // Nothing asks for a hint or an answer to a question instead.
    assert_eq!(page.matches("<input ").count(), 3);
    assert!(!std::fs::read_to_string(home().join("connectors/forms/assets/forms.js")).unwrap().contains("paste"));
}
