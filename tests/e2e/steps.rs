//! Nights on which a little changed: only what follows from it is done again, and the release is the one a whole run would make.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use crate::country::{Country, copy_of_home, extract, home, tells_of_releases};

/// Path and hash of every file of the latest release, both sides.
fn content(country: &Country) -> BTreeMap<String, String> {
    let side = |name: &str| -> Vec<(String, String)> {
        let file = |file: &Value| (format!("{name}/{}", file["path"].as_str().unwrap()), file["sha256"].as_str().unwrap().to_owned());
        country.listed(name).iter().map(file).collect()
    };
    side("portal").into_iter().chain(side("internal")).collect()
}

/// Steps that ran, of those `virsis run --explain` lists.
fn ran(said: &str) -> BTreeSet<String> {
    let lines = said.lines().filter_map(|line| line.strip_prefix("ran "));
    lines.map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")).collect()
}

/// What a night changes: a name, the file, and what becomes of each line.
type Change = (&'static str, &'static str, fn(usize, &str) -> Option<String>);

/// Replaces a field of every `each`-th line.
fn field(row: usize, line: &str, each: usize, place: usize, with: impl Fn(&str) -> String) -> Option<String> {
    if row == 0 || !row.is_multiple_of(each) {
        return Some(line.to_owned());
    }
    let mut fields: Vec<String> = line.split('|').map(str::to_owned).collect();
    // Some rows are damaged on purpose.
    if let Some(field) = fields.get_mut(place) {
        *field = with(field);
    }
    Some(fields.join("|"))
}

const CHANGES: &[Change] = &[
    ("a licence is gone", "lis_licencijos.v1.csv", |row, line| (row != 5).then(|| line.to_owned())),
    ("entities are called otherwise", "JAR_IREGISTRUOTI.csv", |row, line| {
        field(row, line, 3, 1, |name| match name.strip_prefix('"') {
            Some(quoted) => format!("\"Nauja {quoted}"),
            None => format!("Nauja {name}"),
        })
    }),
    ("persons are called otherwise", "gr_asmenys.v1.csv", |row, line| field(row, line, 4, 2, |name| format!("{name}-Naujavardė"))),
    ("participants are gone", "jadis_dalyviai.v1.csv", |row, line| (row == 0 || row % 17 != 3).then(|| line.to_owned())),
    ("gifts are gone", "gypas_parama.v1.csv", |row, line| (row == 0 || row % 12 != 1).then(|| line.to_owned())),
    ("advertisements are gone", "vrk_reklama.v1.csv", |row, line| (row == 0 || row % 15 != 2).then(|| line.to_owned())),
    ("a VIRS is none any more", "formos_virs.v1.csv", |row, line| (row != 2).then(|| line.to_owned())),
    ("a circulation figure is gone", "formos_tirazai.v1.csv", |row, line| (row != 3).then(|| line.to_owned())),
    ("outlets change hands", "formos_vip.v1.csv", |row, line| {
        // To the VIRS that comes first: what an outlet does is then told on another page.
        field(row, line, 5, 1, |_| FIRST_VIRS.get().unwrap().clone())
    }),
    ("contacts change", "jar_kontaktai.v1.csv", |row, line| field(row, line, 2, 1, |mail| format!("naujas.{mail}"))),
    ("funds are gone", "formos_lesos.v1.csv", |row, line| (row != 1).then(|| line.to_owned())),
    ("the register made its file on another day", "JAR_ISREGISTRUOTI.csv", |_, line| Some(line.replace("2026-10-31", "2026-11-01"))),
];

static FIRST_VIRS: OnceLock<String> = OnceLock::new();

/// Two countries go through the same nights: one builds each on the last, the other does everything again.
#[test]
fn nights_that_build_on_one_another_make_the_releases_of_whole_runs() {
    let (country, whole) = (Country::generate(50, &home()), Country::generate(50, &home()));
    fs::copy(country.path("secrets/person.key"), whole.path("secrets/person.key")).unwrap();
    for path in [&country, &whole].map(|one| one.path("virsis.toml")) {
        // Below `[publication]`: only a portal with an address has site maps.
        fs::write(&path, fs::read_to_string(&path).unwrap() + "url = 'https://pavyzdys.lt/virsis'\n").unwrap();
    }
    let _ = FIRST_VIRS.set(extract(&country.path("extracts/formos_virs.v1.csv")).1[0][0].clone());
    let night = |what: &str, builds: bool| {
        let said = country.ok(&["run", "--explain"]);
        whole.ok(&["run", "--full"]);
        if builds {
            assert!(said.contains("published") && said.lines().any(|line| line.starts_with("skipped model")), "{what}: every model ran");
            country.ok(&["verify"]);
        }
        let (one, other) = (content(&country), content(&whole));
        let differing: Vec<_> = other.iter().filter(|(path, sha256)| one.get(*path) != Some(sha256)).map(|(path, _)| path).collect();
        assert_eq!(differing, Vec::<&String>::new(), "{what}");
        assert_eq!(one.len(), other.len(), "{what}");
        said
    };
    night("first", false);
    let mut before = Vec::new();
    for (what, file, change) in CHANGES {
        before.push((file, fs::read(country.path("extracts").join(file)).unwrap()));
        country.rewrite(file, change);
        whole.rewrite(file, change);
        // Only the day is another: no release, but the next one shows it.
        if !what.contains("another day") {
            night(what, true);
            assert_eq!(country.trouble(), [], "{what}");
        }
    }
    // A source that does not answer is named on every page; then it answers again.
    let gone = fs::read(country.path("extracts/imis_parama.v1.csv")).unwrap();
    for one in [&country, &whole] {
        fs::remove_file(one.path("extracts/imis_parama.v1.csv")).unwrap();
    }
    let said = night("a source is gone", true);
    assert!(ran(&said).contains("model out_saltinis") && !ran(&said).contains("model out_parama"), "{said}");
    for one in [&country, &whole] {
        fs::write(one.path("extracts/imis_parama.v1.csv"), &gone).unwrap();
    }
    night("it is back", true);
    // And everything as it was, two registers at a time.
    for pair in before.chunks(2) {
        for ((file, bytes), one) in pair.iter().flat_map(|file| [(file, &country), (file, &whole)]) {
            fs::write(one.path("extracts").join(file), bytes).unwrap();
        }
        night("as before", true);
    }
}

/// Owners are those of a day: when a holding ends, the release is made again although no register says anything new.
#[test]
fn a_holding_that_ends_is_news() {
    let country = Country::generate(55, &home());
    let path = country.path("extracts/jadis_dalyviai.v1.csv");
    let (headings, _) = extract(&path);
    let (from, until) = (headings.iter().position(|name| name == "nuo").unwrap(), headings.iter().position(|name| name == "iki").unwrap());
    country.rewrite("jadis_dalyviai.v1.csv", |row, line| {
        let mut fields: Vec<&str> = line.split('|').collect();
        if row > 0 && fields.len() == headings.len() && fields[until].is_empty() && fields[from] < "2026" {
            fields[until] = "2026-11-05";
        }
        Some(fields.join("|"))
    });
    country.ok(&["run"]);
    let owners = |country: &Country| country.table("public", "savininkas").len();
    let before = owners(&country);
    let made_on = |from: &'static str, to: &'static str| {
        country.rewrite("JAR_ISREGISTRUOTI.csv", move |_, line| Some(line.replace(from, to)));
        country.ok(&["run"])
    };
    assert!(made_on("2026-10-31", "2026-11-04").contains("nothing changed"));
    assert!(made_on("2026-11-04", "2026-11-05").contains("published"));
    assert!(owners(&country) < before, "nobody knows who owns them now");
    assert!(made_on("2026-11-05", "2026-11-09").contains("nothing changed"));
}

#[test]
fn only_what_follows_from_a_change_runs_again_and_the_run_says_why() {
    let country = Country::generate(51, &home());
    let first = country.ok(&["run", "--explain"]);
    assert!(first.contains("nothing is known of an earlier night") && !first.contains("skipped model"));
    country.rewrite("formos_imokos.v1.csv", |row, line| (row != 1).then(|| line.to_owned()));
    let said = country.ok(&["run", "--explain"]);
    let expected = [
        "read raw_formos__imokos",
        "build core",
        // What institutions are called, and which day it is, matters for whether a year's funds are all there.
        "model out_emfa_institucija",
        "model out_emfa_lesos",
        "model out_emfa_reklama",
        "model out_emfa_treciosios_salys",
        "model out_faktai_imokos",
        "model out_imoka",
        "model out_institucija",
        "model out_saltinis",
        // It counts institutions, and fees name some.
        "model out_savivaldybe",
        // It asks of sources which day it is.
        "model out_spraga",
        "model out_stat_imokos",
        // It looks up what institutions are called, and fees name some.
        "model out_stat_lesos",
        "model out_stat_saltiniai",
        "write out_faktai_imokos",
        "write out_imoka",
        "write out_saltinis",
        "write out_stat_imokos",
        "render pages",
    ];
    let ran = ran(&said);
    let others: Vec<_> = ran.iter().filter(|step| !step.starts_with("check ")).map(String::as_str).collect();
    assert_eq!(others, BTreeSet::from(expected).into_iter().collect::<Vec<_>>());
    assert!(ran.contains("check imoku_sumos_sutampa") && !ran.contains("check reklamos_sumos_sutampa"));
    assert!(said.contains("changed: core_imoka"));
    let nothing = country.ok(&["run", "--explain"]);
    assert!(nothing.contains("nothing changed") && !nothing.contains("\nran "), "{nothing}");
}

#[test]
fn a_changed_statement_runs_again_and_what_it_makes_as_before_stops_there() {
    let changed = tempfile::tempdir().unwrap();
    copy_of_home(changed.path());
    let country = Country::generate(52, changed.path());
    country.ok(&["run"]);
    let model = changed.path().join("sql/models/out_licencija.sql");
    let sql = fs::read_to_string(&model).unwrap();
    fs::write(&model, format!("{sql}-- said otherwise, the same meant\n")).unwrap();
    let said = country.ok(&["run", "--explain"]);
    let kinds = |said: &str| -> Vec<String> { ran(said).into_iter().filter(|step| !step.starts_with("build")).collect() };
    assert_eq!(kinds(&said), ["model out_licencija", "render pages"], "its result is what it was");
    let check = changed.path().join("sql/checks/virs_turi_savininka.sql");
    fs::write(&check, format!("{}-- a word\n", fs::read_to_string(&check).unwrap())).unwrap();
    assert_eq!(kinds(&country.ok(&["run", "--explain"])), ["check virs_turi_savininka", "render pages"]);
    // A check that finds something refuses the night although no table changed.
    fs::write(&check, "-- needs: out_virs\n-- guards: out_virs\n-- severity: error\nSELECT ja_kodas FROM out_virs\n").unwrap();
    let before = content(&country);
    assert!(country.refused(&["run"]).contains("virs_turi_savininka"));
    assert!(country.refused(&["run"]).contains("virs_turi_savininka"), "it is not forgotten");
    let said = String::from_utf8(country.run(&["run", "--explain"]).stdout).unwrap();
    assert_eq!(kinds(&said), ["check virs_turi_savininka"], "how far a refused night came is told, too");
    assert!(content(&country) == before);
    // Definitions bear on everything.
    let law = changed.path().join("data/law/parameters.toml");
    fs::write(&check, "-- needs: out_virs\n-- guards: out_virs\n-- severity: error\nSELECT ja_kodas FROM out_virs WHERE ja_kodas = ''\n")
        .unwrap();
    fs::write(&law, format!("{}# a word\n", fs::read_to_string(&law).unwrap())).unwrap();
    let said = country.ok(&["run", "--explain"]);
    assert!(said.contains("definitions, program or person key are others") && !said.contains("skipped model"), "{said}");
}

fn flip_a_bit(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// A file of the latest release, and what happens to it.
type Damage = (&'static str, fn(&Path));

#[test]
fn nothing_is_taken_over_from_a_release_that_is_not_whole() {
    let country = Country::generate(53, &home());
    country.ok(&["run"]);
    let damages: [Damage; 4] = [
        ("portal/latest/public/virs/index.html", |path| fs::remove_file(path).unwrap()),
        ("portal/latest/open/data/pajamos/reklama.csv", flip_a_bit),
        ("internal/latest/data/pajamos/reklama.parquet", flip_a_bit),
        ("internal/latest/manifest.json", |path| fs::write(path, "{}").unwrap()),
    ];
    for (number, (path, how)) in damages.into_iter().enumerate() {
        how(&country.path(path).canonicalize().unwrap());
        let row = number + 1;
        country.rewrite("lis_licencijos.v1.csv", |at, line| (at != row).then(|| line.to_owned()));
        if path.ends_with("manifest.json") {
            // Without the manifest before it, no release can follow: an operator must look.
            assert_eq!(country.run(&["run"]).status.code(), Some(2));
            continue;
        }
        let said = country.ok(&["run", "--explain"]);
        assert!(said.contains("not whole"), "{path}: {said}");
        country.ok(&["verify"]);
        country.ok(&["verify", "internal/latest"]);
    }
}

/// What `latest` shows must be the release of these inputs, or it is made again.
#[test]
fn a_quiet_night_does_not_stand_by_another_release() {
    let country = Country::generate(56, &home());
    country.ok(&["run"]);
    let name = |country: &Country| fs::read_link(country.path("portal/latest")).unwrap();
    let first = name(&country);
    country.rewrite("lis_licencijos.v1.csv", |row, line| (row != 1).then(|| line.to_owned()));
    country.ok(&["run"]);
    let second = content(&country);
    for side in ["portal", "internal"] {
        fs::remove_file(country.path(side).join("latest")).unwrap();
        std::os::unix::fs::symlink(&first, country.path(side).join("latest")).unwrap();
    }
    assert!(country.ok(&["run"]).contains("published"));
    // But for what it says of the release before.
    let told = |content: BTreeMap<String, String>| -> BTreeMap<String, String> {
        content.into_iter().filter(|(path, _)| !tells_of_releases(path) && !path.ends_with("/index.html")).collect()
    };
    assert!(told(content(&country)) == told(second));
    fs::remove_dir_all(country.path("portal/latest").canonicalize().unwrap()).unwrap();
    let said = country.run(&["run"]);
    assert!(!String::from_utf8(said.stdout).unwrap().contains("nothing changed"), "there is nothing to stand by");
}

/// What is remembered stands beside the rows themselves, closed; it holds hashes, and codes of VIRS.
#[test]
fn what_is_remembered_of_a_night_is_closed_and_names_no_person() {
    use std::os::unix::fs::PermissionsExt;
    let country = Country::generate(54, &home());
    country.ok(&["run"]);
    let path = country.path("state/steps.json");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&path).unwrap();
    let (_, rows) = extract(&country.path("extracts/gr_asmenys.v1.csv"));
    assert!(rows.len() > 10);
    for row in rows {
        assert!(row.iter().all(|cell| cell.len() < 6 || !text.contains(cell)));
    }
}
