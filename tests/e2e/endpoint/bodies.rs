//! What people send along: too much, too slowly, in pieces, dressed up as something else.

use std::io::Write;

use super::ground::{Visitor, ground};
use super::raw::{FORM, ask, cookies, exchange};
use super::safety::FUNDS;
use super::way::{draft, press};

const MIB: usize = 1 << 20;

/// A form with one file, ready to be sent.
fn form(visitor: &mut Visitor, id: i64, name: &str, bytes: &[u8]) -> super::client::Answer {
    let page = visitor.client.get(&format!("/pateiktis/{id}"));
    let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija")), ("veiksmas", "saugoti".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    visitor.client.upload(&format!("/pateiktis/{id}"), &fields, ("priedas", name, bytes)).unwrap()
}

#[test]
fn a_body_is_read_up_to_its_bound_and_of_strangers_hardly_at_all() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = draft(&mut visitor.client, "lesos", &ground.virs());
    let before = ground.of_organisation(&visitor.code);
    let (cookie, address) = (cookies(&visitor.client), format!("/pateiktis/{id}"));
    let multipart = ("Content-Type", "multipart/form-data; boundary=riba");
    let chunked = |size: usize| {
        let mut body = Vec::new();
        for _ in 0..size / (64 << 10) {
            body.extend(b"10000\r\n");
            body.extend(vec![b'a'; 64 << 10]);
            body.extend(b"\r\n");
        }
        // One byte beyond the bound, and no end.
        body.extend(b"1\r\na\r\n");
        body
    };
    // Of strangers nothing is waited for: these bodies never come.
    for kind in [FORM, multipart] {
        for path in ["/prisijungti", "/prisijungti/viisp", "/viisp/atgal", address.as_str(), "/nera"] {
            for length in [("Content-Length", "65537"), ("Content-Length", "99999999999"), ("Transfer-Encoding", "chunked")] {
                assert_eq!(ask(ground.port, "POST", path, &[kind, length], b"").status, 413, "{path} {length:?}");
                let made_up = ask(ground.port, "POST", path, &[kind, length, ("Cookie", "__Host-virsis=x")], b"");
                assert_eq!((made_up.status, made_up.header("location")), (303, "/prisijungti"), "{path} {length:?}");
            }
        }
    }
    // Of those who are signed in up to the bound, whether they say how much will come or not.
    for (kind, bound) in [(FORM, 4 * MIB), (multipart, 13 * MIB)] {
        let announced = ask(ground.port, "POST", &address, &[("Cookie", &cookie), kind], &vec![b'a'; bound + 1]);
        assert_eq!(announced.status, 413, "{kind:?}");
        let pieces = ask(ground.port, "POST", &address, &[("Cookie", &cookie), kind, ("Transfer-Encoding", "chunked")], &chunked(bound));
        assert_eq!(pieces.status, 413, "{kind:?} in pieces");
    }
    let many = "a=b&".repeat(40_001);
    assert_eq!(ask(ground.port, "POST", &address, &[("Cookie", &cookie), FORM], many.as_bytes()).status, 413);
    assert_eq!(ground.of_organisation(&visitor.code), before);
}

#[test]
fn who_sends_slowly_is_not_waited_for_for_ever() {
    let Some(ground) = ground() else { return };
    let visitor = ground.somebody("istaiga");
    let (stranger, known) = std::thread::scope(|threads| {
        let stranger = threads.spawn(|| ask(ground.port, "POST", "/prisijungti", &[FORM, ("Content-Length", "1000")], b"vardas=").status);
        let cookie = cookies(&visitor.client);
        let known = ask(ground.port, "POST", "/vaidmuo", &[FORM, ("Cookie", &cookie), ("Transfer-Encoding", "chunked")], b"5\r\nab").status;
        (stranger.join().unwrap(), known)
    });
    assert_eq!([stranger, known], [408, 408]);
}

#[test]
fn as_many_large_bodies_as_there_are_places_keep_nobody_else_waiting() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let (cookie, head) = (cookies(&visitor.client), |length: &str| {
        format!("POST /vaidmuo HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n")
    });
    let slow: Vec<_> = (0..40)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(("127.0.0.1", ground.port)).unwrap();
            write!(stream, "{}Cookie: {cookie}\r\n\r\na=", head("3000000")).unwrap();
            stream
        })
        .collect();
    assert_eq!(visitor.client.get("/pradzia").status, 200, "pages");
    let csrf = visitor.csrf();
    assert_eq!(visitor.client.post("/atsijungti", &[("_csrf", &csrf)]).status, 303, "and small forms go on");
    drop(slow);
}

#[test]
fn a_document_is_taken_for_what_it_is_and_comes_back_as_a_file() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = draft(&mut visitor.client, "lesos", &ground.virs());
    let pdf = |size: usize| {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        bytes.resize(size, b' ');
        bytes
    };
    let zip = |first: &str, content: &str| [b"PK\x03\x04".as_slice(), &[0; 26], first.as_bytes(), content.as_bytes()].concat();
    let refused: &[(&str, Vec<u8>)] = &[
        ("a.pdf", b"<html><script>alert(1)</script></html>".to_vec()),
        ("a.pdf", b"MZ\x90\0\x03".to_vec()),
        ("a.pdf", b"\x7fELF".to_vec()),
        ("a.pdf", b" %PDF-1.7".to_vec()),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        ("a.asice", zip("mimetype", "application/zip")),
        ("a.adoc", zip("a.html", "application/vnd.etsi.asic-e+zip")),
        ("a.docx", zip("[Content_Types].xml", "")),
        ("a.pdf", pdf(10 * MIB + 1)),
        ("a.pdf", pdf(11 * MIB)),
    ];
    for (name, bytes) in refused {
        let answer = form(&mut visitor, id, name, bytes);
        assert_eq!(answer.status, 422, "{name}, {} bytes", bytes.len());
        assert!(!answer.text().contains("/priedas/"), "{name}");
    }
    // Names lead nowhere, hold no code and no mark-up.
    let code = super::peer::personal_code(778);
    let names = [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\a\\b.pdf", "b.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "img srcx onerroralert(1).pdf"),
    ];
    let largest = pdf(10 * MIB);
    for (sent, kept) in names {
        let bytes = if kept == "b.pdf" { largest.as_slice() } else { b"%PDF-1.7" };
        let answer = form(&mut visitor, id, sent, bytes);
        assert_eq!(answer.status, 200, "{sent}: {}", super::way::problems(&answer));
        assert!(answer.text().contains(&format!(">{kept}</a>")), "{sent}: {}", answer.text());
    }
    assert_eq!(form(&mut visitor, id, "d.pdf", b"%PDF-1.7").status, 422, "three are enough");
    let links = visitor.client.get(&format!("/pateiktis/{id}")).text();
    let links: Vec<&str> =
        links.split("href=\"").filter_map(|rest| rest.split('"').next()).filter(|link| link.contains("/priedas/")).collect();
    assert_eq!(links.len(), 3);
    for link in links {
        let answer = visitor.client.get(link);
        assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "application/octet-stream"));
        assert!(
            answer.headers["content-disposition"].starts_with("attachment; filename*=UTF-8''"),
            "{}",
            answer.headers["content-disposition"]
        );
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(answer.body == largest || answer.body == b"%PDF-1.7");
    }
    let mut other = ground.somebody("istaiga");
    let other_id = draft(&mut other.client, "lesos", &ground.virs());
    let answer = form(&mut other, other_id, &format!("{code}.pdf"), b"%PDF-1.7");
    assert!(answer.text().contains(">dokumentas.pdf</a>") && !answer.text().contains(&code));
}

#[test]
fn bombs_and_wrecks_are_no_signatures() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = draft(&mut visitor.client, "lesos", &ground.virs());
    assert_eq!(press(&mut visitor.client, id, "tikrinti", FUNDS).status, 303);
    assert_eq!(visitor.send(id, "perziureta"), 303);
    let address = format!("/pateiktis/{id}");
    let document = visitor.client.get(&format!("{address}/dokumentas.pdf")).body;
    let good = ground.place.sign(&visitor.person.code, &document);
    let python = std::process::Command::new(crate::country::home().join("tests/peers/container/python.sh")).output().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.asice"), &good).unwrap();
    let made = std::process::Command::new(String::from_utf8(python.stdout).unwrap().trim())
        .arg(crate::country::home().join("tests/peers/container/bombs.py"))
        .args([folder.path().join("good.asice"), folder.path().join("bombs")])
        .status()
        .unwrap();
    assert!(made.success());
    let mut bombs: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder.path().join("bombs"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    bombs.push(("half".to_owned(), good[..good.len() / 2].to_vec()));
    bombs.push(("twice".to_owned(), good.repeat(2)));
    bombs.push(("document".to_owned(), document));
    assert!(bombs.len() >= 8, "{}", bombs.len());
    let page = visitor.client.get(&address);
    let fields = [("_csrf", page.hidden("_csrf")), ("_versija", page.hidden("_versija"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let before = ground.of_organisation(&visitor.code);
    for (name, bytes) in &bombs {
        let answer = visitor.client.upload(&format!("{address}/parasas"), &fields, ("konteineris", "a.asice", bytes)).unwrap();
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        assert!(name != "document" || answer.text().contains("jis dar nepasirašytas"), "{}", answer.text());
    }
    assert_eq!(ground.of_organisation(&visitor.code), before);
    let memory = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let folder = entry.ok()?.path();
        let line = std::fs::read(folder.join("cmdline")).ok()?;
        let cwd = std::fs::read_link(folder.join("cwd")).ok()?;
        (cwd == ground.place.country.path(".").canonicalize().ok()? && line.ends_with(b"serve\0")).then_some(())?;
        let status = std::fs::read_to_string(folder.join("status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().split(' ').next()?.parse::<usize>().ok()
    });
    let most = memory.max().unwrap();
    assert!(most < 2 << 20, "at its worst the endpoint had {most} KiB in memory; a bomb is gigabytes");
    let answer = visitor.client.upload(&format!("{address}/parasas"), &fields, ("konteineris", "a.asice", &good)).unwrap();
    assert_eq!(answer.status, 303, "the good one is taken after all that");
}

#[test]
fn forms_that_no_browser_would_send_are_refused_or_read_as_text() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let id = draft(&mut visitor.client, "lesos", &ground.virs());
    let page = visitor.client.get(&format!("/pateiktis/{id}"));
    let (csrf, version) = (page.hidden("_csrf"), page.hidden("_versija"));
    let before = ground.of_organisation(&visitor.code);
    let (cookie, address) = (cookies(&visitor.client), format!("/pateiktis/{id}"));
    let send = |kind: &str, body: &[u8]| ask(ground.port, "POST", &address, &[("Cookie", &cookie), ("Content-Type", kind)], body).status;
    let whole = format!("--riba\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{csrf}\r\n--riba--\r\n");
    for (kind, body) in [
        ("", b"a=b".as_slice()),
        ("text/plain", b"a=b"),
        ("application/json", b"{}"),
        ("multipart/form-data", b"--riba\r\n"),
        ("multipart/form-data; boundary=", whole.as_bytes()),
        ("multipart/form-data; boundary=riba", b""),
        ("multipart/form-data; boundary=riba", b"--riba"),
        ("multipart/form-data; boundary=riba", b"--riba\r\n\r\n\r\n"),
        ("multipart/form-data; boundary=riba", b"--riba\r\nContent-Disposition: form-data\r\n\r\nx"),
        ("multipart/form-data; boundary=riba", b"--riba\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--riba--"),
        ("multipart/form-data; boundary=riba", &[0xff; 3000]),
        ("multipart/form-data; boundary=riba", &whole.as_bytes()[..whole.len() - 6]),
        ("multipart/form-data; boundary=other", whole.as_bytes()),
        ("application/x-www-form-urlencoded", b"%"),
        ("application/x-www-form-urlencoded", b"%zz=%&&&==&%ff%fe=%00"),
        ("application/x-www-form-urlencoded", &[0; 1000]),
        ("application/x-www-form-urlencoded; charset=utf-16", &[0xff; 1000]),
    ] {
        assert!(matches!(send(kind, body), 400 | 403), "{kind} {}", String::from_utf8_lossy(body));
    }
    // With the token they reach the form itself, which takes what it knows and leaves the rest aside.
    let odd = format!(
        "_csrf={csrf}&_versija={version}&veiksmas=saugoti&lesos.0.suma=%00%01%ff%fe1%E2%80%AE0&lesos.99999999999999999999.suma=1&lesos.-1.suma=1&lesos.0.=1&..=1\
         &lesos.0.dokumento_nr=%F0%9F%92%A3%00%0d%0aSet-Cookie:%20a=b{}",
        "&lesos.0.suma=1".repeat(10_000)
    );
    let said = ask(ground.port, "POST", &address, &[("Cookie", &cookie), FORM], odd.as_bytes());
    assert_eq!(said.status, 200, "{}", said.text());
    assert!(said.all("set-cookie").is_empty() && !said.body.contains(&0));
    assert_ne!(ground.of_organisation(&visitor.code), before);
    for wish in [
        "",
        "x",
        "salinti",
        "salinti:lesos",
        "salinti:lesos:x",
        "salinti:nera:0",
        "prideti:",
        "prideti:nera",
        "salinti-priedas:x",
        "tikrinti:1",
        ":::::",
    ] {
        let answer = press(&mut visitor.client, id, wish, &[]);
        assert_eq!(answer.status, 400, "{wish}");
    }
    assert_eq!(press(&mut visitor.client, id, "salinti:lesos:18446744073709551615", &[]).status, 303, "a record that is not there");
    // Requests that are none at all: refused, by whoever reads them first.
    let deep = format!("GET /{} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "a/".repeat(3_000));
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "a".repeat(60_000));
    for (request, expected) in [
        (deep.as_str(), [404, 404]),
        (&long, [404, 404]),
        ("GET /%00%ff%zz/..%2f..%2fetc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [404, 404]),
        ("GET /pateiktis/1%20OR%201=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [404, 404]),
        ("GET /failai/../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [404, 404]),
        ("GET http://example.invalid/pagalba HTTP/1.1\r\nHost: example.invalid\r\nConnection: close\r\n\r\n", [200, 200]),
        ("GARBAGE\r\n\r\n", [400, 0]),
        ("GET / HTTP/9.9\r\n\r\n", [400, 0]),
        ("\0\0\0\0\r\n\r\n", [400, 0]),
        ("POST /prisijungti HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", [400, 0]),
        ("POST /prisijungti HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", [400, 0]),
        ("POST /prisijungti HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\nabcd", [400, 0]),
    ] {
        let status = exchange(ground.port, request.as_bytes()).status;
        assert!(expected.contains(&status), "{status} for {}", &request[..request.len().min(80)]);
    }
}
