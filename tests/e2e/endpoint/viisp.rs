//! Signing in through VIISP: the double of it that has signatures of its own, and what must not be believed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use super::client::Client;
use super::peer::{Place, entity_code};
use crate::country::home;

/// Code of the double's first person.
const JONE: &str = "49001010012";

struct Double {
    port: u16,
    process: Child,
}

impl Drop for Double {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Double {
    /// Starts it with keys in `folder`; `None` where Python lacks what it needs.
    fn start(folder: &std::path::Path) -> Option<Self> {
        let peers = home().join("tests/peers");
        let python = Command::new(peers.join("python.sh")).output().unwrap();
        if python.status.code() == Some(77) {
            println!("SKIPPED: {}", String::from_utf8_lossy(&python.stderr));
            return None;
        }
        assert!(python.status.success());
        let python = String::from_utf8(python.stdout).unwrap().trim().to_owned();
        let script = peers.join("viisp/server.py");
        assert!(Command::new(&python).arg(&script).arg("--make-keys").arg(folder).status().unwrap().success());
        let mut process = Command::new(&python)
            .arg(&script)
            .args(["--port", "0", "--people"])
            .arg(peers.join("viisp/people.json"))
            .arg("--service-key")
            .arg(folder.join("service.key"))
            .arg("--client-key")
            .arg(folder.join("ours.pub"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { port: line.trim().rsplit(' ').next().unwrap().parse().unwrap(), process })
    }

    /// What the portal does: somebody confirms, and the browser is sent back with these fields.
    fn confirm(&self, ticket: &str) -> (String, String) {
        let page = Client::new(self.port).post("/portal/confirm", &[("ticket", ticket), ("person", "0"), ("provider", "")]);
        (page.hidden("ticket"), page.hidden("customData"))
    }

    fn fault(&self, name: &str, at: &str) {
        assert_eq!(Client::new(self.port).post(&format!("/control?fault={name}&at={at}"), &[]).status / 100, 2);
    }
}

fn begin(browser: &mut Client) -> String {
    let page = browser.post("/prisijungti/viisp", &[]);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.headers["content-security-policy"].contains("form-action 'self' http://127.0.0.1:"));
    page.hidden("ticket")
}

#[test]
fn somebody_whom_viisp_names_is_signed_in_once_in_the_browser_that_began() {
    let Some(place) = Place::prepare(17) else { return };
    let folder = place.country.path("viisp");
    std::fs::create_dir(&folder).unwrap();
    let Some(double) = Double::start(&folder) else { return };
    let section = format!(
        "\n[forms.viisp]\nservice = 'http://127.0.0.1:{port}/service'\nportal = 'http://127.0.0.1:{port}/portal'\npid = 'VSID000000000113'\n\
         key_file = 'viisp/ours.key'\nservice_keys = ['viisp/service.pub']\n",
        port = double.port
    );
    std::fs::OpenOptions::new().append(true).open(place.country.path("virsis.toml")).unwrap().write_all(section.as_bytes()).unwrap();
    let mandate = format!(
        "asmens_kodas,vaidmuo,organizacijos_kodas,organizacijos_pavadinimas,el_pastas,galioja_nuo,galioja_iki\n\
         {JONE},km,{0},Ministerija,,2020-01-01,\n{JONE},lrtk,{1},Komisija,,2020-01-01,\n{JONE},viea,{1},Pasibaigęs,,2020-01-01,2021-01-01\n",
        entity_code(1),
        entity_code(2)
    );
    std::fs::write(place.country.path("mandates.csv"), &mandate).unwrap();
    place.country.ok(&["mandates", "import", "mandates.csv"]);
    let serving = place.serve();
    let (mut browser, mut other) = (Client::new(serving.port), Client::new(serving.port));

    let ticket = begin(&mut browser);
    let (back, custom) = double.confirm(&ticket);
    let page = browser.post("/viisp/atgal", &[("ticket", back.as_str()), ("customData", custom.as_str())]);
    assert!(page.status == 200 && page.hidden("ticket") == back, "{}", page.text());
    assert_eq!(browser.get("/viisp/testi").status, 404, "an address alone signs nobody in");
    assert_eq!(browser.post("/viisp/testi", &[("ticket", "kitas-bilietas")]).status, 403, "a ticket that nobody was given");
    let stolen = browser.clone();
    assert_eq!(browser.post("/viisp/testi", &[("ticket", &back)]).location.as_deref(), Some("/vaidmuo"));
    assert_eq!(stolen.clone().post("/viisp/testi", &[("ticket", &back)]).status, 403, "a sign-in is used once");
    // Somebody begins, talks somebody else into confirming, and whoever confirmed comes back in a browser of their own.
    let mut attacker = Client::new(serving.port);
    let bait = begin(&mut attacker);
    let (bait, _) = double.confirm(&bait);
    assert_eq!(other.post("/viisp/testi", &[("ticket", &bait)]).status, 403, "another browser");
    assert_eq!(attacker.post("/viisp/testi", &[("ticket", &bait)]).status, 403, "the victim's return used it up");
    let roles = browser.get("/vaidmuo");
    assert!(roles.text().contains("JONĖ IŠGALVOTOJI") && roles.text().contains("Komisija") && !roles.text().contains("Pasibaigęs"));
    let first = roles.text().split("name=\"igaliojimas\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let chosen = browser.post("/vaidmuo", &[("_csrf", &roles.hidden("_csrf")), ("igaliojimas", &first)]);
    assert_eq!(chosen.location.as_deref(), Some("/pradzia"));
    assert!(browser.get("/pradzia").text().contains("Komisija"));
    assert_eq!(browser.post("/vaidmuo", &[("_csrf", &roles.hidden("_csrf")), ("igaliojimas", &first)]).status, 403, "the token changed");

    // A mandate that has ended, or is gone, counts no more: neither in this session nor in the next.
    let ended =
        mandate.lines().next().unwrap().to_owned() + &format!("\n{JONE},km,{},Ministerija,,2020-01-01,2021-01-01\n", entity_code(1));
    std::fs::write(place.country.path("mandates.csv"), ended).unwrap();
    place.country.ok(&["mandates", "import", "mandates.csv"]);
    assert_eq!(browser.get("/pradzia").location.as_deref(), Some("/vaidmuo"));
    let sign_in = || {
        let mut browser = Client::new(serving.port);
        let ticket = begin(&mut browser);
        let (back, _) = double.confirm(&ticket);
        let answer = browser.post("/viisp/testi", &[("ticket", &back)]);
        (browser, answer)
    };
    let (mut without, answer) = sign_in();
    assert_eq!(answer.location.as_deref(), Some("/vaidmuo"));
    assert!(without.get("/vaidmuo").text().contains("Galiojančių įgaliojimų neturite"));
    // A closed account: its sessions have ended, and VIISP's word opens none.
    let mut child = place.country.command(&["account", "add", "jone", "--given", "Jonė", "--family", "Išgalvotoji"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{JONE}").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(without.get("/vaidmuo").status, 200);
    place.country.ok(&["account", "close", "jone"]);
    assert_eq!(without.get("/vaidmuo").location.as_deref(), Some("/prisijungti"));
    let (closed, answer) = sign_in();
    assert!(answer.status == 422 && answer.text().contains("Jūsų paskyra uždaryta"), "{}", answer.text());
    assert!(!closed.cookies.contains_key("__Host-virsis"));
    place.country.ok(&["account", "renew", "jone"]);
    assert_eq!(sign_in().1.location.as_deref(), Some("/vaidmuo"), "opened again");

    // Nothing that VIISP did not sign is believed.
    for (fault, at) in [("unsigned", "data"), ("other-key", "data"), ("altered", "data"), ("sha1", "data"), ("other-custom-data", "data")] {
        let mut browser = Client::new(serving.port);
        let ticket = begin(&mut browser);
        let (back, _) = double.confirm(&ticket);
        double.fault(fault, at);
        let refused = browser.post("/viisp/testi", &[("ticket", &back)]);
        assert_eq!(refused.status, 422, "{fault}");
        assert!(!browser.cookies.contains_key("__Host-virsis"), "{fault}");
    }
    drop(serving);
    let log = std::fs::read_to_string(place.country.path("serve.log")).unwrap();
    assert!(!log.contains(JONE) && !log.contains(&ticket), "neither code nor ticket stands in the log");
    assert!(!place.country.ok(&["audit-log", "show"]).contains(JONE));
}
