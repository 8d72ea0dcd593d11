//! What somebody meets who asks for the first time: words for what is wrong, defaults that fit, a screen that is not flooded.

use std::process::Command;

use crate::country::{Country, PUBLISHED};

#[test]
fn a_typo_is_told_as_one_with_the_word_that_was_meant() {
    let country = &PUBLISHED.country;
    for (statement, wrong, hint) in [
        ("SELEC 1", "sintaksės klaida", "gal turėjote omenyje SELECT?"),
        ("SELECT * FORM virs", "sintaksės klaida ties „virs“", "gal turėjote omenyje FROM?"),
        ("SELECT * FROM virs WERE ja_kodas = '1'", "sintaksės klaida ties „ja_kodas“", "gal turėjote omenyje WHERE?"),
        ("SELECT * FROM savininkai", "lentelės „savininkai“ nėra", "gal turėjote omenyje savininkas?"),
        ("SELECT pavadinmas FROM virs", "stulpelio „pavadinmas“", "gal turėjote omenyje pavadinimas?"),
        ("SELECT v.pavadinmas FROM virs v", "stulpelio „pavadinmas“", "gal turėjote omenyje pavadinimas?"),
        ("SELECT lowe(pavadinimas) FROM virs", "funkcijos „lowe“ nėra", "gal turėjote omenyje lower?"),
        ("SELECT * FROM virs WHERE pavadinimas = \"UAB\"", "stulpelio „UAB“", "viengubose kabutėse: 'UAB'"),
        ("DROP VIEW virs", "galima tik skaityti", "SELECT"),
        ("SELECT * FROM read_csv('x')", "nepasiekiami", ""),
    ] {
        let said = country.refused(&["sql", "-c", statement]);
        assert!(said.contains("klaida: ") && said.contains(wrong) && said.contains(hint), "{statement}: {said}");
    }
}

#[test]
fn defaults_of_reports_follow_the_last_whole_year_of_the_data() {
    let country = &PUBLISHED.country;
    let manifest = country.json("portal/latest/manifest.json");
    let date = manifest["date"].as_str().unwrap();
    let year = date[..4].parse::<i32>().unwrap() - i32::from(!date.ends_with("12-31"));
    let list = country.ok(&["report", "list"]);
    for expected in [
        format!("metai=… Metai: metai, pvz., 2025 (numatyta {year})"),
        format!("numatyta {year}-01-01"),
        format!("numatyta {year}-12-31"),
        format!("numatyta {}", year - 5),
        format!("data=… Kurios dienos būklė: data, pvz., 2026-06-30 (numatyta {date})"),
    ] {
        assert!(list.contains(&expected), "{expected}: {list}");
    }
    let run = |more: &[&str]| country.ok(&[&["report", "run", "didziausi_lesu_gavejai", "--format", "csv"], more].concat());
    assert_eq!(run(&[]), run(&["--param", &format!("metai={year}")]));
    assert_ne!(run(&[]), run(&["--param", &format!("metai={}", year - 1)]));
}

#[test]
fn parameters_are_taken_as_lithuanians_type_them() {
    let country = &PUBLISHED.country;
    let run = |name: &str, value: &str| country.ok(&["report", "run", name, "--format", "csv", "--param", value]);
    assert_eq!(run("nezinomi_savininkai", "riba=0,1"), run("nezinomi_savininkai", "riba=0.1"));

    let plain = |name: &str| {
        let letter =
            |letter: char| "ąčęėįšųūž".chars().position(|marked| marked == letter).and_then(|place| "aceeisuuz".chars().nth(place));
        name.to_lowercase().chars().map(|marked| letter(marked).unwrap_or(marked)).collect::<String>()
    };
    let families = country.table("public", "valdymas");
    let family = families.iter().filter_map(|row| row["pavarde"].as_str()).find(|name| plain(name) != name.to_lowercase()).unwrap();
    let found = run("asmens_vaidmenys", &format!("pavarde={family}"));
    assert!(found.lines().count() > 1);
    assert!(run("asmens_vaidmenys", &format!("pavarde={}", plain(family))).lines().count() >= found.lines().count());

    let virs = country.table("public", "virs");
    let names: Vec<String> = virs.iter().map(|row| plain(row["pavadinimas"].as_str().unwrap())).collect();
    let row = (0..names.len()).find(|row| names.iter().filter(|name| **name == names[*row]).count() == 1).unwrap();
    let code = virs[row]["ja_kodas"].as_str().unwrap();
    let by_name = run("virs_savininkai", &format!("ja_kodas={}", names[row].replace('"', "")));
    assert_eq!(by_name, run("virs_savininkai", &format!("ja_kodas={code}")));
}

#[test]
fn an_unknown_code_and_an_empty_report_are_told_in_words() {
    let country = &PUBLISHED.country;
    let unknown = country.refused(&["report", "run", "virs_savininkai", "--param", "ja_kodas=123"]);
    assert!(unknown.contains("tokio VIRS šiuose duomenyse nėra"), "{unknown}");
    let several = country.run(&["report", "run", "virs_savininkai", "--param", "ja_kodas=uab"]);
    let said = String::from_utf8(several.stderr).unwrap();
    assert!(several.status.code() == Some(1) && said.contains("tinka keliems VIRS") && said.contains("pavadinimas"), "{said}");

    let empty = ["report", "run", "didziausi_lesu_gavejai", "--param", "metai=1950"];
    let table = country.ok(&empty);
    assert!(table.contains("lėšų gavėjų duomenyse nėra") && table.contains("Metai: 1950") && !table.contains('│'), "{table}");
    let csv = country.run(&[&empty[..], &["--format", "csv"]].concat());
    assert_eq!(String::from_utf8(csv.stdout).unwrap().lines().count(), 1, "what a program reads stays as it is");
    assert!(String::from_utf8(csv.stderr).unwrap().contains("lėšų gavėjų duomenyse nėra"));
    assert!(
        country
            .ok(&[&empty[..], &["--format", "html"]].concat())
            .contains("<p>Šių metų viešojo sektoriaus lėšų gavėjų duomenyse nėra.</p>")
    );
}

/// The Ministry's analyst can read the folder of the internal tier; somebody who has the portal alone cannot.
#[test]
fn a_report_is_of_the_tier_that_whoever_asks_may_read_and_a_query_of_the_public_one() {
    let country = Country::published("40", 17);
    let tables = country.ok(&["sql", "--format", "csv", "-c", "SHOW TABLES"]);
    assert!(
        tables.lines().all(|table| table != "asmens_duomenys") && tables.lines().any(|table| table == "virs"),
        "of the public tier: {tables}"
    );
    let report = country.ok(&["report", "run", "duomenu_kokybe"]);
    assert!(report.contains("vidiniai duomenys (internal), neskelbtini"), "{report}");
    let said = |tier: &[&str]| String::from_utf8(country.run(&[&["report", "run", "duomenu_kokybe"], tier].concat()).stderr).unwrap();
    assert!(said(&[]).contains("neskelbtini") && said(&[]).contains("--tier public"));
    assert!(!said(&["--tier", "public"]).contains("neskelbtini"));

    std::fs::rename(country.path("internal"), country.path("elsewhere")).unwrap();
    assert!(country.ok(&["report", "run", "duomenu_kokybe"]).contains("vieši duomenys (public)"));
    let said = country.refused(&["sql", "--tier", "internal", "-c", "SELECT 1"]);
    assert!(said.contains("dar nėra nė vieno leidimo"), "{said}");
}

/// What a terminal of 100 columns and 30 rows shows of a command.
fn on_a_terminal(country: &Country, command: &str) -> String {
    let binary = env!("CARGO_BIN_EXE_virsis");
    let output = Command::new("script")
        .args(["-qec", &format!("stty cols 100 rows 30; {binary} --log json {command}"), "/dev/null"])
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("VIRSIS_CONFIG", "virsis.toml"), ("PAGER", "sed s/^/puslapis:/"), ("TERM", "xterm")])
        .current_dir(country.path("."))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_terminal_is_shown_so_many_rows_and_how_many_there_are_and_a_pipe_gets_all() {
    let country = &PUBLISHED.country;
    let many = "sql --tier public -c 'SELECT i FROM range(1500) t(i)'";
    let shown = on_a_terminal(country, many);
    assert!(shown.contains("Rodoma 1000 eilučių iš 1500; visos: --limit 0") && shown.contains("puslapis:│   7 │"), "{shown}");
    assert!(!shown.contains("1499"));
    let all = on_a_terminal(country, &format!("{many} --limit 0"));
    assert!(all.contains("1499") && all.contains("1500 eilučių") && !all.contains("Rodoma"), "{all}");
    let few = on_a_terminal(country, "sql --tier public -c 'SELECT 7 AS n'");
    assert!(few.contains("1 eilutė") && !few.contains("puslapis"), "{few}");
    assert!(on_a_terminal(country, "sql --tier public --format csv -c 'SELECT i FROM range(1500) t(i)'").contains("1499"));

    let ask = |format: &str| country.ok(&["sql", "--format", format, "-c", "SELECT i FROM range(1500) t(i)"]);
    assert_eq!(ask("csv").lines().count(), 1501);
    assert!(ask("json").contains("1499") && ask("table").contains("1499") && !ask("table").contains("eilučių"));
}

#[test]
fn help_of_what_analysts_use_is_lithuanian() {
    let country = &PUBLISHED.country;
    for (command, words) in [
        (&["sql", "--help"][..], ["Naudojimas: ", "Parinktys", "Kiek eilučių rodyti"]),
        (&["report", "--help"], ["Naudojimas: ", "Komandos", "Parengti vieną ataskaitą"]),
        (&["report", "run", "--help"], ["Naudojimas: ", "Ataskaitos parametras", "Pavyzdžiai"]),
        (&["report", "list", "--help"], ["Naudojimas: ", "Išvardija", "paaiškinimas"]),
    ] {
        let said = country.ok(command);
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        for english in ["Usage", "Options", "Print help", "Arguments", "default:", "possible values", "Configuration file", "Log format"] {
            assert!(!said.contains(english), "{english}: {said}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_command_line_is_told_in_the_language_of_whoever_types_it() {
    let country = &PUBLISHED.country;
    for (command, words) in [
        (&["sql", "--limti", "5"][..], "parinkties „--limti“ nėra. Gal turėjote omenyje „--limit“?"),
        (&["sql", "--limit"], "po parinkties „--limit <KIEK>“ turi eiti reikšmė"),
        (&["sql", "--format", "xls"], "reikšmė „xls“ netinka. Tinka: table, csv, json, markdown."),
        (&["sql", "--limit", "daug"], "parinkties „--limit <KIEK>“ reikšmė „daug“ netinka"),
        (&["sql", "--limit", "5", "--limit", "6"], "parinktis „--limit <KIEK>“ nurodyta kelis kartus"),
        (&["sql", "SELECT 1"], "„SELECT 1“ čia nereikalinga"),
        (&["report", "runn"], "komandos „runn“ nėra. Gal turėjote omenyje „run“?"),
        (&["report", "run"], "trūksta, ko reikia: <ATASKAITA>"),
        (&["report", "run", "virs_savininkai", "--parm", "a=b"], "Gal turėjote omenyje „--param“?"),
    ] {
        let output = country.run(command);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("klaida: ") && said.contains(words) && said.contains(&format!("virsis {} --help", command[0])), "{said}");
        assert!(!["Usage", "error", "tip:", "unexpected"].iter().any(|english| said.contains(english)), "{said}");
    }
    let operator = country.run(&["run", "--fulll"]);
    assert!(String::from_utf8(operator.stderr).unwrap().contains("error: unexpected argument"), "operators are spoken to in English");
}
