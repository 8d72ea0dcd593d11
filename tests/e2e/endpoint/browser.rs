//! The endpoint as people use it: in Chromium, with a mouse, with the keyboard alone, without scripts, on small and on dark screens.
//!
//! What is done and what must hold is in `tests/peers/browser`, driven by playwright-core and judged by axe-core; here a country is prepared,
//! and somebody signs. Skipped where Node or Chromium is missing, unless `VIRSIS_PEERS_REQUIRED` is set. Pictures of every page are kept in
//! the folder that `VIRSIS_SCREENSHOTS` names.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use chrono::{TimeDelta, Utc};
use forms::store::{Durability, Waiting, enqueue, failed, notice_change};
use serde_json::{Value, json};

use super::filling::feeds;
use super::look_ups;
use super::peer::{Person, Place, entity_code, personal_code};
use crate::country::home;

/// Folder of what drives the browser. `None` where it cannot run.
pub(crate) fn modules() -> Option<String> {
    let output = Command::new(home().join("tests/peers/browser/node.sh")).output().unwrap();
    let reason = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) {
        println!("SKIPPED: {reason}");
        return None;
    }
    assert!(output.status.success(), "{reason}");
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

/// Where pictures are kept.
fn screenshots() -> PathBuf {
    std::env::var_os("VIRSIS_SCREENSHOTS").map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots"), PathBuf::from)
}

/// Runs a script to its end; signs what it asks for.
pub(super) fn run(place: &Place, modules: &str, script: &str, settings: Value) {
    run_script(modules, script, settings, |wish| {
        let path = |name: &str| wish[name].as_str().unwrap();
        fs::write(path("out"), place.sign(path("sign"), &fs::read(path("document")).unwrap())).unwrap();
    });
}

/// Runs a script to its end; `sign` does what it asks for.
pub(crate) fn run_script(modules: &str, script: &str, mut settings: Value, sign: impl Fn(&Value)) {
    let files = tempfile::tempdir().unwrap();
    let more = json!({"name": script, "files": files.path(), "screenshots": screenshots()});
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut child = Command::new("node")
        .arg(home().join("tests/peers/browser").join(format!("{script}.mjs")))
        .env("VIRSIS_NODE_MODULES", modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{settings}").unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let wish: Option<Value> = serde_json::from_str(&line).ok().filter(|wish: &Value| wish["sign"].is_string());
        match wish {
            Some(wish) => {
                sign(&wish);
                writeln!(input, "signed").unwrap();
            }
            None => said.push_str(&format!("{line}\n")),
        }
    }
    assert!(child.wait().unwrap().success(), "{script}: {said}");
}

pub(super) fn as_json(person: &Person) -> Value {
    json!({"login": person.login, "password": person.password, "totp": person.totp.to_url().unwrap(), "code": person.code})
}

/// A VIRS that the tests hand in about, and one that hands in about itself.
pub(super) struct Known {
    about: Value,
    pub(super) own: String,
}

pub(super) fn known(place: &Place) -> Known {
    let all = place.country.table("public", "virs");
    let outlets = place.country.table("public", "vip");
    let has_outlet =
        |virs: &&Value| outlets.iter().any(|outlet| outlet["ja_kodas"] == virs["ja_kodas"] && outlet["isregistravimo_data"].is_null());
    let lives = |virs: &&Value| virs["virs_iki"].is_null();
    let about = all.iter().filter(lives).filter(has_outlet).find(|virs| virs["audiovizualinis"] == true).unwrap();
    let own = all.iter().filter(lives).filter(has_outlet).find(|virs| virs["ja_kodas"] != about["ja_kodas"]).unwrap();
    Known { about: json!({"name": about["pavadinimas"], "code": about["ja_kodas"]}), own: own["ja_kodas"].as_str().unwrap().to_owned() }
}

/// What every script is told: people of these roles, and of whom they hand in.
pub(super) fn settings(place: &Place, known: &Known, roles: &[&str]) -> Value {
    let people: serde_json::Map<String, Value> = (1_u32..)
        .zip(roles)
        .map(|(number, role)| {
            let own = if *role == "virs" { known.own.clone() } else { entity_code(number) };
            let name = if *role == "virs" { "Savas VIRS" } else { "Pavyzdinė institucija" };
            ((*role).to_owned(), as_json(&place.person(number, role, &own, name)))
        })
        .collect();
    json!({"people": people, "feeds": feeds(), "virs": known.about, "entity": entity_code(77), "secret": personal_code(777)})
}

/// Prepares a country, serves it, and runs a script.
fn use_it(seed: u64, roles: &[&str], script: &str) {
    let Some(modules) = modules() else { return };
    let Some(place) = Place::prepare(seed) else { return };
    // A night that knows of the endpoint writes the entities that people look up.
    place.country.ok(&["run"]);
    let known = known(&place);
    let mut settings = settings(&place, &known, roles);
    let [code, name, form] = &look_ups::entities(&place.country)[0];
    settings["participant"] = json!({"code": code, "name": name, "form": form});
    let serving = place.serve();
    settings["origin"] = json!(format!("http://127.0.0.1:{}", serving.port));
    run(&place, &modules, script, settings);
}

/// Everybody who hands in.
const ROLES: &[&str] = &["virs", "km", "lrtk", "zeit", "viea", "istaiga"];

#[test]
fn every_feed_is_mended_and_handed_in_with_mouse_and_typing_and_no_page_of_it_shuts_anybody_out() {
    use_it(21, ROLES, "feeds");
}

#[test]
fn every_feed_is_handed_in_with_the_keyboard_alone() {
    use_it(22, ROLES, "keyboard");
}

#[test]
fn every_feed_is_mended_and_handed_in_without_scripts() {
    use_it(23, ROLES, "plain");
}

/// A VIRS with one outlet that still appears, and that outlet's number.
fn small_newspaper(place: &Place) -> (String, String) {
    let outlets = place.country.table("public", "vip");
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let of = |virs: &str| outlets.iter().filter(|row| row["ja_kodas"] == virs && row["isregistravimo_data"].is_null()).collect::<Vec<_>>();
    let alone = |virs: &Value| match of(virs["ja_kodas"].as_str().unwrap()).as_slice() {
        [only] if virs["virs_iki"].is_null() => Some((text(virs, "ja_kodas"), text(only, "vip_nr"))),
        _ => None,
    };
    place.country.table("public", "virs").iter().find_map(alone).expect("a VIRS with one outlet")
}

#[test]
fn the_first_circulation_of_a_small_newspaper_takes_six_pages_and_three_facts() {
    let Some(modules) = modules() else { return };
    let Some(place) = Place::prepare(26) else { return };
    let (virs, outlet) = small_newspaper(&place);
    let person = place.person(1, "virs", &virs, "Mažas laikraštis");
    let serving = place.serve();
    let settings = json!({
        "people": {"virs": as_json(&person)}, "feeds": feeds(), "outlet": outlet, "origin": format!("http://127.0.0.1:{}", serving.port),
    });
    run(&place, &modules, "newcomer", settings);
    drop(serving);
    place.country.ok(&["run"]);
    let circulation = place.country.table("public", "tirazas");
    assert!(circulation.iter().any(|row| row["vip_nr"] == outlet.as_str() && row["data"] == "2026-06-30" && row["tirazas"] == 900));
}

/// Changes the list of mandates.
pub(super) fn change_mandates(place: &Place, change: impl Fn(&str) -> String) {
    let path = place.country.path("mandates.csv");
    let changed = change(&fs::read_to_string(&path).unwrap());
    fs::write(&path, changed).unwrap();
    place.country.ok(&["mandates", "import", "mandates.csv"]);
}

/// What two nights changed about a VIRS: one is overdue, the other is of today.
pub(super) fn changed_in_registers(place: &Place, virs: &str) {
    let store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let today = forms::today(Utc::now());
    let day = |days| today + TimeDelta::days(days);
    let written = store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        notice_change(transaction, virs, "000001", "Licencijos", day(-20), day(-6))?;
        notice_change(transaction, virs, "000002", "Dalyviai, Vadovai", today, day(14))
    });
    written.unwrap();
}

#[test]
fn whatever_goes_wrong_is_told_so_that_everybody_can_go_on() {
    let Some(modules) = modules() else { return };
    let Some(place) = Place::prepare(24) else { return };
    let known = known(&place);
    let mut settings = settings(&place, &known, &["virs", "km", "istaiga"]);
    let (two, none) =
        (place.person(8, "km", &entity_code(8), "Kultūros ministerija"), place.person(9, "km", &entity_code(9), "Buvusi darbovietė"));
    change_mandates(&place, |list| {
        let kept: String = list.lines().filter(|line| !line.starts_with(&none.code)).map(|line| format!("{line}\n")).collect();
        format!("{kept}{},istaiga,{},Pavyzdinė įstaiga,asmuo8@example.invalid,2020-01-01,\n", two.code, entity_code(10))
    });
    settings["people"]["two"] = as_json(&two);
    settings["people"]["none"] = as_json(&none);
    changed_in_registers(&place, &known.own);
    let serving = place.serve();
    settings["origin"] = json!(format!("http://127.0.0.1:{}", serving.port));
    run(&place, &modules, "states", settings);
}

/// A source that is refused, and letters that nobody got.
pub(super) fn something_to_administer(place: &Place) {
    place.country.rewrite("vrk_reklama.v1.csv", |row, line| (row % 2 == 0).then(|| line.to_owned()));
    place.country.ok(&["run"]);
    let store = forms::Store::open(&place.country.path("forms/forms.sqlite")).unwrap();
    let written = store.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        for (id, to) in [("clarify-1-7", "gavejas@pastas.example.invalid"), ("night-000001", "be adreso")] {
            let id = format!("{id}-{}-0", entity_code(12));
            let letter = Waiting {
                id: id.clone(),
                recipient: to.to_owned(),
                subject: "VIRSIS".to_owned(),
                body: String::new(),
                written: Utc::now(),
            };
            enqueue(transaction, &letter)?;
            // Both were tried; one of them is tried again tomorrow.
            let why = if id.starts_with("night") { "gavėjo adresas netinkamas" } else { "pašto serveris nutilo jungiantis" };
            failed(transaction, &id, id.starts_with("night"), why, Utc::now() + TimeDelta::days(1))?;
        }
        Ok(())
    });
    written.unwrap();
}

#[test]
fn every_page_of_administration_is_for_everybody_and_two_administrators_decide_on_them() {
    let Some(modules) = modules() else { return };
    let Some(place) = Place::prepare(27) else { return };
    let known = known(&place);
    let mut settings = settings(&place, &known, &["administratorius", "km", "virs"]);
    settings["people"]["kitas"] = as_json(&place.person(9, "administratorius", &entity_code(1), "Registrų centras"));
    something_to_administer(&place);
    let serving = place.serve();
    settings["origin"] = json!(format!("http://127.0.0.1:{}", serving.port));
    run(&place, &modules, "administration", settings);
    let accepted = fs::read_to_string(place.country.path("state/acceptances.jsonl")).unwrap();
    assert_eq!(accepted.lines().count(), 1, "{accepted}");
}

/// The double of VIISP, and the port it listens on.
pub(super) struct Viisp(Child, u16);

impl Viisp {
    /// It ends when its input does.
    pub(super) fn end(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

/// Starts the double, and lets the endpoint know it.
pub(super) fn with_viisp(place: &Place) -> Option<Viisp> {
    let peers = home().join("tests/peers");
    let python = Command::new(peers.join("python.sh")).output().unwrap();
    if python.status.code() == Some(77) {
        println!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr));
        return None;
    }
    let python = String::from_utf8(python.stdout).unwrap();
    let double = || {
        let mut command = Command::new(python.trim());
        command.arg(peers.join("viisp/server.py"));
        command
    };
    let keys = place.country.path("viisp");
    assert!(double().arg("--make-keys").arg(&keys).status().unwrap().success());
    let mut child = double()
        .arg("--until-stdin-ends")
        .arg("--service-key")
        .arg(keys.join("service.key"))
        .arg("--client-key")
        .arg(keys.join("ours.pub"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port: u16 = line.strip_prefix("listening ").unwrap().trim().parse().unwrap();
    let viisp = format!(
        "[forms.viisp]\nservice = 'http://127.0.0.1:{port}/service'\nportal = 'http://127.0.0.1:{port}/portal'\npid = 'VSID000000000113'\n\
         key_file = 'viisp/ours.key'\nservice_keys = ['viisp/service.pub']\n"
    );
    let configuration = fs::read_to_string(place.country.path("virsis.toml")).unwrap();
    fs::write(place.country.path("virsis.toml"), configuration + &viisp).unwrap();
    Some(Viisp(child, port))
}

/// VIISP is `127.0.0.1`, the endpoint `localhost`: two sites, as in real life.
#[test]
fn signing_in_through_viisp_leads_back_to_the_browser_it_began_in_and_to_no_other() {
    let Some(modules) = modules() else { return };
    let Some(place) = Place::prepare(25) else { return };
    let Some(double) = with_viisp(&place) else { return };
    let known = known(&place);
    let mut settings = settings(&place, &known, &["virs"]);
    let people: Value = serde_json::from_slice(&fs::read(home().join("tests/peers/viisp/people.json")).unwrap()).unwrap();
    let code = people[0]["code"].as_str().unwrap();
    change_mandates(&place, |list| format!("{list}{code},virs,{},Savas VIRS,jone@example.invalid,2020-01-01,\n", known.own));
    let configuration = fs::read_to_string(place.country.path("virsis.toml")).unwrap();
    let configuration = configuration.replace("origin = 'http://127.0.0.1:", "origin = 'http://localhost:");
    fs::write(place.country.path("virsis.toml"), configuration).unwrap();
    let serving = place.serve();
    settings["origin"] = json!(format!("http://localhost:{}", serving.port));
    settings["portal"] = json!(format!("http://127.0.0.1:{}", double.1));
    run(&place, &modules, "viisp", settings);
    double.end();
}
