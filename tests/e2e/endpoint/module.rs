//! Signing in the Centre of Registers' module: a double of it that signs, or does not, or sends people elsewhere.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;

use super::peer::{Place, entity_code};
use super::way::{draft, press};

/// What the double does.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Waits,
    Signs,
    SendsElsewhere,
    SignsAnother,
    Silent,
}

struct Double {
    listener: TcpListener,
    mood: Mutex<Mood>,
    document: Mutex<Vec<u8>>,
    seen: Mutex<Vec<String>>,
}

impl Double {
    fn serve(&self, sign: &dyn Fn(&[u8]) -> Vec<u8>) {
        for stream in self.listener.incoming() {
            let mut stream = stream.unwrap();
            let Some((head, body)) = read(&mut stream) else { return };
            let port = self.listener.local_addr().unwrap().port();
            let (status, answer) = match (*self.mood.lock().unwrap(), head.starts_with("POST /rc/dokumentai ")) {
                (Mood::SendsElsewhere, true) => (201, br#"{"numeris": "1", "adresas": "http://127.0.0.1.invalid/x"}"#.to_vec()),
                (Mood::Silent, _) => (503, Vec::new()),
                (_, true) => {
                    *self.document.lock().unwrap() = body;
                    (201, format!(r#"{{"numeris": "d-1", "adresas": "http://127.0.0.1:{port}/pasirasyti/d-1"}}"#).into_bytes())
                }
                (Mood::Waits | Mood::SendsElsewhere, false) => (404, Vec::new()),
                (Mood::Signs, false) => (200, sign(&self.document.lock().unwrap())),
                (Mood::SignsAnother, false) => (200, sign(b"%PDF-1.7 another")),
            };
            self.seen.lock().unwrap().push(head);
            let head = format!(
                "HTTP/1.1 {status} x\r\ncontent-length: {}\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n",
                answer.len()
            );
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer)).unwrap();
        }
    }
}

/// Head and body of a request; none when somebody only knocks, which ends the double.
fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length =
        head.to_ascii_lowercase().split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next()?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

#[test]
fn a_document_is_signed_in_the_module_and_what_it_brings_back_is_verified() {
    let Some(place) = Place::prepare(16) else { return };
    let double = Double {
        listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        mood: Mutex::new(Mood::Waits),
        document: Mutex::default(),
        seen: Mutex::default(),
    };
    let port = double.listener.local_addr().unwrap().port();
    let token = place.country.path("secrets/module.token");
    std::fs::write(&token, "slaptas-zenklas\n").unwrap();
    std::fs::set_permissions(&token, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let mut file = std::fs::OpenOptions::new().append(true).open(place.country.path("virsis.toml")).unwrap();
    let section = format!(
        "\n[forms.module]\naddress = 'http://127.0.0.1:{port}/rc'\norigin = 'http://127.0.0.1:{port}'\ntoken_file = 'secrets/module.token'\n"
    );
    file.write_all(section.as_bytes()).unwrap();
    let all = place.country.table("public", "virs");
    let virs = all.iter().find(|row| row["audiovizualinis"] == true).unwrap()["ja_kodas"].as_str().unwrap().to_owned();
    let km = place.person(1, "km", &entity_code(1), "Kultūros ministerija");
    let serving = place.serve();
    let mut client = place.sign_in(&serving, &km);
    std::thread::scope(|scope| {
        scope.spawn(|| double.serve(&|document| place.sign(&km.code, document)));
        let id = draft(&mut client, "imokos", &virs);
        let fee = [
            ("imokos.0.suma", "10"),
            ("imokos.0.nustatymo_data", "2026-01-15"),
            ("imokos.0.galiojimo_data", "2026-12-31"),
            ("imokos.0.dokumento_nr", "ĮV-RC"),
        ];
        assert_eq!(press(&mut client, id, "tikrinti", &fee).status, 303);
        let mut step = |path: &str| {
            let page = client.get(&format!("/pateiktis/{id}"));
            client.post(&format!("/pateiktis/{id}/{path}"), &[("_csrf", &page.hidden("_csrf")), ("_versija", &page.hidden("_versija"))])
        };
        assert_eq!(step("perziureta").status, 303);
        assert_eq!(step("rc/paimti").status, 409, "nothing was handed over");
        *double.mood.lock().unwrap() = Mood::SendsElsewhere;
        assert_eq!(step("rc").status, 422, "people are sent nowhere but to the module");
        *double.mood.lock().unwrap() = Mood::Waits;
        assert_eq!(step("rc").location.as_deref(), Some(format!("http://127.0.0.1:{port}/pasirasyti/d-1").as_str()));
        let waits = step("rc/paimti");
        assert_eq!(waits.status, 422, "not signed yet");
        assert!(waits.text().contains("Pateikti modulyje pasirašytą dokumentą"), "asked again without signing anew: {}", waits.text());
        *double.mood.lock().unwrap() = Mood::Silent;
        let silent = step("rc/paimti");
        let says = |page: &str, what: &str| page.contains(what);
        assert!(
            silent.status == 422 && says(&silent.text(), "šiuo metu neatsako") && says(&silent.text(), "href=\"#paimti\""),
            "nobody looked at a signature"
        );
        assert!(!says(&silent.text(), "Parašas nepriimtas") && !says(&silent.text(), "Grįžote iš"), "{}", silent.text());
        *double.mood.lock().unwrap() = Mood::SignsAnother;
        let refused = step("rc/paimti");
        assert!(
            refused.status == 422 && says(&refused.text(), "Parašas nepriimtas") && says(&refused.text(), "href=\"#modulis\""),
            "another document"
        );
        *double.mood.lock().unwrap() = Mood::Signs;
        assert_eq!(step("rc/paimti").location.as_deref(), Some(format!("/pateiktis/{id}?pateikta=1").as_str()));
        // Somebody knocks: the double ends.
        drop(TcpStream::connect(("127.0.0.1", port)).unwrap());
    });
    // Each question holds a thread: so many in a minute, and not one more.
    let id = client.get("/pradzia").text().split("/pateiktis/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let csrf = client.get("/pradzia").hidden("_csrf");
    let statuses: Vec<u16> = (0..40).map(|_| client.post(&format!("/pateiktis/{id}/rc/paimti"), &[("_csrf", &csrf)]).status).collect();
    assert!(statuses[0] == 400 && statuses[39] == 429, "{statuses:?}");
    let seen = double.seen.lock().unwrap();
    assert!(seen.iter().all(|head| head.contains("Bearer slaptas-zenklas")), "{seen:?}");
    assert!(!std::fs::read_to_string(place.country.path("serve.log")).unwrap().contains("slaptas-zenklas"));
}
