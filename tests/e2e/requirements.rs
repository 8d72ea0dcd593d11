//! What the specification asks for, where it is met and which test shows it (`docs/requirements.toml`), and how people try it
//! (`docs/scenarios.toml`): what these name is there, nothing is left out, and the two documents made of them say what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;
use serde_json::Value;

use crate::country::{PUBLISHED, home};
use crate::named_tests::{between_backticks, is_there};

/// With this variable set the documents are written anew instead of compared.
const WRITE: &str = "VIRSIS_WRITE_REQUIREMENTS";
/// Above it stands what people write, below it what is made.
const MARK: &str = "<!-- Below: made of docs/requirements.toml and docs/scenarios.toml by tests/e2e/requirements.rs -->\n";
/// The test of requirements that name columns or classifiers.
const PUBLISHED_TEST: &str = "tests/e2e/requirements.rs::what_is_asked_for_is_published_and_filled";
/// Tables and sections of the originals, and how many requirements each has.
const TABLES: [(&str, usize); 20] = [
    ("T1", 6),
    ("T2", 25),
    ("T3", 50),
    ("T4", 95),
    ("T5", 8),
    ("T15", 28),
    ("T16", 9),
    ("T17", 9),
    ("T18", 9),
    ("T19", 9),
    ("T20", 9),
    ("T21", 8),
    ("6.5.1", 2),
    ("6.5.2", 11),
    ("6.5.3", 9),
    ("6.5.4", 19),
    ("6.5.5", 15),
    ("6.5.6", 3),
    ("K", 10),
    ("V", 7),
];
/// Those whose every requirement is one of people at work: a scenario shows it.
const AT_WORK: [&str; 9] = ["T2", "T5", "T15", "T16", "T17", "T18", "T19", "T20", "T21"];
/// Folders in which a named file must lie.
const FOLDERS: [&str; 10] = [".ci", "connectors", "data", "docs", "pipelines", "publish", "schedules", "sql", "tests", "transforms"];
/// How the summary counts.
const COUNTED: [&str; 5] = ["met and tested", "met, not tested", "partly", "not met", "not applicable"];

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
enum State {
    #[serde(rename = "met")]
    Met,
    #[serde(rename = "partly")]
    Partly,
    #[serde(rename = "not met")]
    NotMet,
    #[serde(rename = "not applicable")]
    NotApplicable,
}

/// A requirement, or what several of them share.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Row {
    id: String,
    asks: String,
    proof: Option<String>,
    state: Option<State>,
    place: String,
    lacks: String,
    columns: Vec<String>,
    classifiers: Vec<String>,
    tests: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    id: String,
    title: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirements {
    proofs: BTreeMap<String, Row>,
    tables: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Role {
    prefix: String,
    title: String,
    who: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    id: String,
    title: String,
    shows: Vec<String>,
    before: String,
    pattern: Option<String>,
    #[serde(default)]
    with: BTreeMap<String, String>,
    #[serde(default)]
    steps: Vec<[String; 2]>,
    #[serde(default)]
    after: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenarios {
    roles: Vec<Role>,
    patterns: BTreeMap<String, Vec<[String; 2]>>,
    scenarios: Vec<Scenario>,
}

impl Row {
    /// With what it shares with others; its own words go before.
    fn with(&self, shared: &Self) -> Self {
        let first = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
        Self {
            id: self.id.clone(),
            asks: self.asks.clone(),
            proof: self.proof.clone(),
            state: self.state.or(shared.state),
            place: first(&self.place, &shared.place),
            lacks: first(&self.lacks, &shared.lacks),
            columns: [&self.columns[..], &shared.columns[..]].concat(),
            classifiers: [&self.classifiers[..], &shared.classifiers[..]].concat(),
            tests: [&self.tests[..], &shared.tests[..]].concat(),
        }
    }

    /// Whether it names data that are published.
    fn is_of_data(&self) -> bool {
        !self.columns.is_empty() || !self.classifiers.is_empty()
    }

    fn state(&self) -> State {
        match self.state {
            Some(state) => state,
            None if self.is_of_data() => State::Met,
            None => panic!("{} has no state", self.id),
        }
    }

    fn tests(&self) -> Vec<&str> {
        let of_data = if self.is_of_data() { vec![PUBLISHED_TEST] } else { Vec::new() };
        of_data.into_iter().chain(self.tests.iter().map(String::as_str)).collect()
    }

    /// Its place in the summary.
    fn counted(&self) -> usize {
        match self.state() {
            State::Met if self.tests().is_empty() => 1,
            State::Met => 0,
            State::Partly => 2,
            State::NotMet => 3,
            State::NotApplicable => 4,
        }
    }

    /// How it is met, or why not.
    fn how(&self) -> String {
        let columns = self.columns.iter().map(|column| format!("`{column}`"));
        let classifiers = self.classifiers.iter().map(|name| format!("classifier `{name}`"));
        let data: Vec<String> = columns.chain(classifiers).collect();
        let published = if data.is_empty() { String::new() } else { format!("published: {}", data.join(", ")) };
        let said: Vec<&str> = [published.as_str(), self.place.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
        let said = said.join("; ");
        match self.state() {
            State::Met if self.lacks.is_empty() => format!("**Met**: {said}"),
            State::Met => format!("**Met**: {said}. Not tested: {}", self.lacks),
            State::Partly => format!("**Partly**: {said}. Missing: {}", self.lacks),
            State::NotMet => format!("**Not met**: {}", self.lacks),
            State::NotApplicable => format!("**Not applicable**: {}", self.lacks),
        }
    }
}

impl Scenario {
    /// Its steps, those of the pattern first.
    fn steps(&self, patterns: &BTreeMap<String, Vec<[String; 2]>>) -> Vec<[String; 2]> {
        let fill = |text: &String| self.with.iter().fold(text.clone(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
        let of_pattern = self.pattern.iter().flat_map(|name| &patterns[name]).map(|[action, expected]| [fill(action), fill(expected)]);
        of_pattern.chain(self.steps.iter().cloned()).collect()
    }
}

fn read(name: &str) -> String {
    std::fs::read_to_string(home().join("docs").join(name)).unwrap()
}

/// All requirements by table, each with what it shares, under its whole id.
fn requirements() -> Vec<Table> {
    let Requirements { proofs, tables } = toml::from_str(&read("requirements.toml")).unwrap_or_else(|error| panic!("{error}"));
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    for table in tables {
        let mut rows = Vec::new();
        for row in &table.rows {
            let shared = match &row.proof {
                Some(name) => {
                    used.insert(name.clone());
                    proofs.get(name).unwrap_or_else(|| panic!("there is no proof {name}")).clone()
                }
                None => Row::default(),
            };
            rows.push(Row { id: format!("{}-{}", table.id, row.id), ..row.with(&shared) });
        }
        found.push(Table { rows, ..table });
    }
    let unused: Vec<&String> = proofs.keys().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "nothing has these proofs: {unused:?}");
    found
}

fn scenarios() -> Scenarios {
    toml::from_str(&read("scenarios.toml")).unwrap_or_else(|error| panic!("{error}"))
}

/// The numbers after the table's id.
fn numbers(table: &str, id: &str) -> Vec<u32> {
    let own = id.strip_prefix(table).and_then(|rest| rest.strip_prefix('-')).unwrap();
    own.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("{id} is no id"))).collect()
}

/// Whether nothing is left out between the two: 3.4 is followed by 3.5, 4, 4.1.
fn follows(before: &[u32], after: &[u32]) -> bool {
    let same = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    match (before.get(same), after.get(same)) {
        (Some(one), Some(other)) => *other == one + 1 && after[same + 1..].iter().all(|number| *number == 1),
        _ => false,
    }
}

/// Files that a text names: in backticks from the project's folder, in links from `docs`.
fn files_named(text: &str) -> Vec<String> {
    let is_ours =
        |path: &&str| FOLDERS.iter().any(|folder| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let in_backticks = between_backticks(text).filter(is_ours).map(str::to_owned);
    let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()).map(|file| format!("docs/{file}"));
    in_backticks.chain(links).collect()
}

#[test]
fn every_test_and_file_that_is_named_is_there() {
    let (mut missing, mut named) = (Vec::new(), 0);
    for row in requirements().iter().flat_map(|table| &table.rows) {
        for test in row.tests() {
            named += 1;
            if !is_there(test) {
                missing.push(format!("{test}, for {}", row.id));
            }
        }
        let files = files_named(&row.place).into_iter().chain(files_named(&row.lacks));
        missing.extend(files.filter(|file| !home().join(file).exists()).map(|file| format!("{file}, for {}", row.id)));
    }
    assert!(named > 400, "{named} tests are named");
    assert!(missing.is_empty(), "docs/requirements.toml names what is not there:\n{}", missing.join("\n"));
}

#[test]
fn every_requirement_stands_once_in_order_with_a_state_and_a_proof() {
    let tables = requirements();
    let found: Vec<(&str, usize)> = tables.iter().map(|table| (table.id.as_str(), table.rows.len())).collect();
    assert_eq!(found, TABLES);
    for table in &tables {
        let mut before = vec![0];
        for row in &table.rows {
            let id = &row.id;
            let after = numbers(&table.id, id);
            assert!(follows(&before, &after), "{id} is doubled, out of order, or something before it is missing");
            before = after;
            let tests = row.tests();
            assert_eq!(tests.iter().collect::<BTreeSet<_>>().len(), tests.len(), "{id} names a test twice");
            let fits = match row.state() {
                // Tested, or it is said why not.
                State::Met => tests.is_empty() != row.lacks.is_empty() && (row.is_of_data() || !row.place.is_empty()),
                State::Partly => !row.lacks.is_empty() && (row.is_of_data() || !row.place.is_empty()),
                State::NotMet | State::NotApplicable => !row.lacks.is_empty() && tests.is_empty() && row.place.is_empty(),
            };
            assert!(fits, "{id} is {:?}, and its place, tests or what it lacks do not fit that", row.state());
            for text in [&row.asks, &row.place, &row.lacks] {
                assert!(!text.contains(['|', '\n']), "{id}: {text}");
            }
            assert!(!row.asks.is_empty(), "{id} asks for nothing");
        }
    }
}

#[test]
fn scenarios_are_in_order_and_show_what_people_do() {
    let tables = requirements();
    let plan = scenarios();
    let mut shown = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut ids = Vec::new();
    for scenario in &plan.scenarios {
        let id = &scenario.id;
        ids.push(id.clone());
        used.extend(scenario.pattern.clone());
        let steps = scenario.steps(&plan.patterns);
        assert!(!steps.is_empty() && !scenario.before.is_empty() && !scenario.shows.is_empty(), "{id} lacks something");
        let texts = steps.iter().flatten().chain([&scenario.title, &scenario.before, &scenario.after]);
        for text in texts {
            assert!(!text.contains(['|', '\n', '{', '}']), "{id}: {text}");
        }
        for requirement in &scenario.shows {
            let row = tables.iter().flat_map(|table| &table.rows).find(|row| row.id == *requirement);
            let row = row.unwrap_or_else(|| panic!("{id} shows {requirement}, which is no requirement"));
            assert!(row.counted() < 3, "{id} cannot show {requirement}");
            assert!(shown.insert((requirement.clone(), id.clone())), "{id} shows {requirement} twice");
        }
    }
    let expected: Vec<String> = plan
        .roles
        .iter()
        .flat_map(|role| {
            let own = format!("{}-", role.prefix);
            let count = ids.iter().filter(|id| id.starts_with(&own)).count();
            assert!(count > 0, "{} has no scenario", role.title);
            (1..=count).map(|number| format!("{own}{number}")).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(ids, expected);
    assert!(plan.patterns.keys().all(|pattern| used.contains(pattern)), "a pattern is not used");
    let of_people = tables.iter().filter(|table| AT_WORK.contains(&table.id.as_str())).flat_map(|table| &table.rows);
    let unseen: Vec<&String> =
        of_people.filter(|row| row.counted() < 3 && !shown.iter().any(|(id, _)| *id == row.id)).map(|row| &row.id).collect();
    assert!(unseen.is_empty(), "no scenario shows {unseen:?}");
}

#[test]
fn what_is_asked_for_is_published_and_filled() {
    let country = &PUBLISHED.country;
    let mut tables: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    let (mut empty, mut looked) = (Vec::new(), 0);
    let classifiers = country.table("public", "klasifikatorius");
    for row in requirements().iter().flat_map(|table| &table.rows) {
        for column in &row.columns {
            let (tier, path) = column.split_once('/').unwrap_or(("public", column.as_str()));
            let (table, name) = path.split_once('.').unwrap();
            let rows = tables.entry((tier.to_owned(), table.to_owned())).or_insert_with(|| country.table(tier, table));
            looked += 1;
            if !rows.iter().any(|one| !one[name].is_null()) {
                empty.push(format!("{column}, for {}", row.id));
            }
        }
        for name in &row.classifiers {
            looked += 1;
            if classifiers.iter().filter(|one| one["klasifikatorius"] == name.as_str()).count() < 2 {
                empty.push(format!("classifier {name}, for {}", row.id));
            }
        }
    }
    assert!(looked > 150, "{looked}");
    assert!(empty.is_empty(), "nothing is published in:\n{}", empty.join("\n"));
}

/// The tables of `docs/requirements.md`.
fn requirements_document() -> String {
    let tables = requirements();
    let plan = scenarios();
    let mut out = format!("\n| table or section | {} | all |\n|---|---|---|---|---|---|---|\n", COUNTED.join(" | "));
    let mut all = [0; 5];
    for table in &tables {
        let mut counts = [0; 5];
        for row in &table.rows {
            counts[row.counted()] += 1;
            all[row.counted()] += 1;
        }
        writeln!(out, "| {} {} | {} |", table.id, table.title, cells(counts)).unwrap();
    }
    writeln!(out, "| all | {} |", cells(all)).unwrap();
    for table in &tables {
        write!(out, "\n## {} {}\n\n| id | requirement | how | test | scenario |\n|---|---|---|---|---|\n", table.id, table.title).unwrap();
        for row in &table.rows {
            let tests: Vec<String> = row.tests().into_iter().map(|test| format!("`{test}`")).collect();
            let shown_by: Vec<&str> = plan.scenarios.iter().filter(|one| one.shows.contains(&row.id)).map(|one| one.id.as_str()).collect();
            let (tests, shown_by) = (or_dash(tests.join(", ")), or_dash(shown_by.join(", ")));
            writeln!(out, "| {} | {} | {} | {tests} | {shown_by} |", row.id, row.asks, row.how()).unwrap();
        }
    }
    out
}

/// Counts and their sum as cells.
fn cells(counts: [usize; 5]) -> String {
    let sum: usize = counts.iter().sum();
    counts.iter().chain([&sum]).map(usize::to_string).collect::<Vec<_>>().join(" | ")
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

/// The scenarios of `docs/test-plan.md`.
fn scenarios_document() -> String {
    let tables = requirements();
    let plan = scenarios();
    let asks: BTreeMap<&str, &str> = tables.iter().flat_map(|table| &table.rows).map(|row| (row.id.as_str(), row.asks.as_str())).collect();
    let mut out = String::new();
    for role in &plan.roles {
        write!(out, "\n## {}\n\nWho: {}.\n", role.title, role.who).unwrap();
        let own = format!("{}-", role.prefix);
        for scenario in plan.scenarios.iter().filter(|scenario| scenario.id.starts_with(&own)) {
            write!(out, "\n### {} {}\n\nBefore: {}.\n", scenario.id, scenario.title, scenario.before).unwrap();
            out.push_str("\n| step | what to do | expected |\n|---|---|---|\n");
            for ([action, expected], number) in scenario.steps(&plan.patterns).iter().zip(1..) {
                writeln!(out, "| {number} | {action} | {expected} |").unwrap();
            }
            if !scenario.after.is_empty() {
                write!(out, "\nAfter: {}.\n", scenario.after).unwrap();
            }
            let shows: Vec<String> = scenario.shows.iter().map(|id| format!("{id} ({})", asks[id.as_str()])).collect();
            write!(out, "\nShows: {}.\n", shows.join("; ")).unwrap();
        }
    }
    out
}

#[test]
fn the_documents_say_what_the_sources_say() {
    for (name, made) in [("requirements.md", requirements_document()), ("test-plan.md", scenarios_document())] {
        let there = read(name);
        let (head, _) = there.split_once(MARK).unwrap_or_else(|| panic!("docs/{name} has no line {MARK}"));
        let expected = format!("{head}{MARK}{made}");
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(home().join("docs").join(name), expected).unwrap();
        } else {
            assert!(
                there == expected,
                "docs/{name} is not what its sources say: {WRITE}=1 cargo test -p pipelines --test e2e requirements writes it"
            );
        }
    }
}
