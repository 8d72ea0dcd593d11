//! What stays in the drop folder after a run, and what must not.

use std::fs;

use crate::country::{Country, copy_of_home, home};

const PERSONAL: &[&str] = &["gr_asmenys.v1.csv", "jadis_dalyviai.v1.csv", "gypas_parama.v1.csv", "formos_atsakingi.v1.csv"];
const OTHER: &[&str] = &["JAR_TEI_FORM_KLASIFIKATORIUS.csv", "lis_licencijos.v1.csv"];

fn set(country: &Country, retention: &str) {
    let path = country.path("virsis.toml");
    let text = fs::read_to_string(&path).unwrap();
    let own = text.split("[retention]").next().unwrap();
    fs::write(&path, format!("{own}[retention]\n{retention}\n")).unwrap();
}

fn are_there(country: &Country, names: &[&str]) -> Vec<bool> {
    names.iter().map(|name| country.path("extracts").join(name).exists()).collect()
}

#[test]
fn extracts_with_personal_data_leave_with_the_run_that_used_them() {
    let country = Country::generate(70, &home());
    set(&country, "remove_personal = true");
    let kept = fs::read(country.path("extracts/gr_asmenys.v1.csv")).unwrap();
    country.ok(&["run"]);
    assert!(!are_there(&country, PERSONAL).contains(&true) && !are_there(&country, OTHER).contains(&false));
    // The same extract comes again, in another form; the sources that brought nothing stand as they were.
    let zipped = country.path("extracts/gr_asmenys.v1.jsonl");
    let lines: String = String::from_utf8_lossy(&kept)
        .lines()
        .skip(1)
        .filter_map(|line| line.split('|').collect::<Vec<_>>().try_into().ok())
        .map(|[code, given, family]: [&str; 3]| {
            format!("{{\"asmens_kodas\":\"{code}\",\"vardas\":\"{given}\",\"pavarde\":\"{family}\"}}\n")
        })
        .collect();
    fs::write(&zipped, lines).unwrap();
    country.ok(&["run"]);
    assert!(!zipped.exists());
    let trouble = country.trouble();
    assert!(trouble.iter().all(|(table, reason)| table != "raw_gr__asmenys" && reason == "missing"), "{trouble:?}");
}

#[test]
fn a_refused_night_does_not_keep_them_longer_than_the_settings_allow() {
    let changed = tempfile::tempdir().unwrap();
    copy_of_home(changed.path());
    let check = changed.path().join("sql/checks/visada.sql");
    fs::write(check, "-- needs: out_virs\n-- guards: out_virs\n-- severity: error\nSELECT ja_kodas FROM out_virs\n").unwrap();
    let country = Country::generate(71, changed.path());
    set(&country, "remove_personal = true\nrefused_days = 7");
    assert!(country.refused(&["run"]).contains("visada"));
    assert!(!are_there(&country, PERSONAL).contains(&false), "an operator may want to look at them");
    set(&country, "remove_personal = true\nrefused_days = 0");
    country.refused(&["run"]);
    assert!(!are_there(&country, PERSONAL).contains(&true) && !are_there(&country, OTHER).contains(&false));
}

#[test]
fn files_that_nobody_reads_are_counted_and_no_name_is_said() {
    let country = Country::generate(72, &home());
    fs::create_dir(country.path("extracts/istorija")).unwrap();
    for name in ["gr_asmenys.v1.CSV", "istorija/jadis_dalyviai.v1.csv", "Vardenis 33309240064.pdf"] {
        fs::write(country.path("extracts").join(name), "").unwrap();
    }
    let said = String::from_utf8(country.run(&["doctor"]).stdout).unwrap();
    let line = said.lines().find(|line| line.contains("drop folder")).unwrap();
    assert!(
        line.starts_with("WRONG") && line.contains("3, some named like") && line.contains("gr_asmenys") && line.contains("jadis_dalyviai"),
        "{line}"
    );
    let logged = String::from_utf8(country.run(&["run"]).stderr).unwrap();
    assert!(logged.contains("neither read nor removed") && logged.contains("3, some named like"));
    assert!(![said, logged].iter().any(|text| text.contains("Vardenis") || text.contains("33309240064")));
}
