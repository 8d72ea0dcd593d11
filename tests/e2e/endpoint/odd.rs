//! Hundreds of random requests, of somebody signed in and of strangers: none ends in an error of ours, none hurts what others have.

use super::ground::{ground, routes};
use super::raw::{ask, cookies};
use super::safety::FUNDS;
use super::way::{draft, hand_in, press};

/// Requests.
const REQUESTS: u32 = 1_500;

/// A linear congruential generator: the same requests each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.below(256) as u8).collect()
    }
}

#[test]
fn whatever_is_sent_the_endpoint_answers_and_goes_on() {
    let Some(ground) = ground() else { return };
    let mut bystander = ground.somebody("istaiga");
    let virs = ground.virs();
    let spared = hand_in(&ground.place, &mut bystander.client, &bystander.person, "lesos", &virs, &[], FUNDS);
    let left = draft(&mut bystander.client, "lesos", &virs);
    assert_eq!(press(&mut bystander.client, left, "saugoti", FUNDS).status, 200);
    let before = ground.of_organisation(&bystander.code);
    let people = ["virs", "km", "istaiga"].map(|role| ground.somebody(role));
    let sessions: Vec<(String, String)> = people.into_iter().map(|mut visitor| (visitor.csrf(), cookies(&visitor.client))).collect();
    let routes = routes();
    let values = [
        "",
        "0",
        "-1",
        "1",
        "9223372036854775807",
        "99999999999999999999",
        "lesos",
        "virs",
        "imokos",
        "tikrinti",
        "saugoti",
        "prideti:lesos",
        "prideti:dalyviai",
        "rodyti",
        "salinti:lesos:0",
        "puslapis:2",
        "puslapis:9:lesos-0-suma",
        "2026-02-30",
        "1e999",
        "%00",
        "%FF%FE",
        "%0d%0aX:y",
        "a%3Bb",
        "%F0%9F%92%A3",
        "NaN",
        "2099-01-01",
        "0000-00-00",
        "+1",
        "٣",
        "1,5.0",
    ];
    let names = [
        "_versija",
        "veiksmas",
        "virs",
        "igaliojimas",
        "klausimas",
        "iki",
        "pakeitimas",
        "puslapis",
        "kodas",
        "vardas",
        "slaptazodis",
        "ticket",
        "customData",
        "lesos.0.suma",
        "lesos.0.data",
        "virs.0.virs_nuo",
        "dalyviai.0.asmens_kodas",
        "imokos.0.suma",
        "lesos.1.x",
        "priedas",
        "konteineris",
        "..",
        "",
        "a",
    ];
    let mut random = Random(17);
    for number in 0..REQUESTS {
        let route = random.of(&routes);
        let id = if random.below(3) == 0 { left } else { random.below(40) as i64 };
        let mut path = route.about(id, random.below(5) as i64);
        // Signing out, or acting for another, would only end what this test does.
        if matches!(path.as_str(), "/atsijungti" | "/prisijungti") {
            continue;
        }
        if random.below(6) == 0 {
            path.push_str(&format!("{}{}", random.of(&["?", "/", "%", "//", ";", "?a=%", "/..;/"]), random.of(&values)));
        }
        let (csrf, cookie) = random.of(&sessions);
        let mut fields: Vec<String> = (0..random.below(8)).map(|_| format!("{}={}", random.of(&names), random.of(&values))).collect();
        fields.push(format!("_csrf={csrf}"));
        let (kind, body) = match random.below(5) {
            0 => ("application/x-www-form-urlencoded", random.bytes(400)),
            1 => ("multipart/form-data; boundary=r", random.bytes(400)),
            2 => {
                let mut body = Vec::new();
                for field in &fields {
                    let (name, value) = field.split_once('=').unwrap();
                    let file = if random.below(3) == 0 { "; filename=\"a.pdf\"" } else { "" };
                    body.extend(format!("--r\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}").into_bytes());
                    body.extend(random.bytes(3));
                    body.extend(b"\r\n");
                }
                body.extend(b"--r--\r\n");
                ("multipart/form-data; boundary=r", body)
            }
            _ => ("application/x-www-form-urlencoded", fields.join("&").into_bytes()),
        };
        let method = if random.below(8) == 0 { *random.of(&["PUT", "HEAD", "OPTIONS", "GET", "POST"]) } else { route.method };
        let cookie = if random.below(10) == 0 { "__Host-virsis=\"; a=b;;=" } else { cookie };
        let said = ask(ground.port, method, &path, &[("Cookie", cookie), ("Content-Type", kind)], &body);
        assert!(
            (200..500).contains(&said.status),
            "request {number}: {} for {method} {path} {}",
            said.status,
            String::from_utf8_lossy(&body)
        );
    }
    assert_eq!(ground.of_organisation(&bystander.code), before);
    assert_eq!(bystander.client.get(&format!("/pateiktis/{spared}")).status, 200);
    let log = ground.log();
    for trouble in ["panicked", "a page could not be shown", "a defect ended"] {
        assert!(!log.contains(trouble), "{trouble}: {}", log.lines().find(|line| line.contains(trouble)).unwrap());
    }
    ground.place.country.ok(&["audit-log", "verify"]);
}

#[test]
fn strangers_get_no_session_by_looking_and_nothing_is_there_but_pages() {
    let Some(ground) = ground() else { return };
    for route in routes().iter().filter(|route| route.method == "GET") {
        let said = ask(ground.port, "GET", &route.about(1, 1), &[], b"");
        assert!(said.all("set-cookie").is_empty(), "{}", route.about(1, 1));
    }
    let elsewhere = [
        "metrics",
        "health",
        "healthz",
        "status",
        "debug/pprof",
        "actuator",
        "server-status",
        "docs",
        "openapi.json",
        "swagger",
        "graphql",
        "api",
        "admin",
        "console",
        ".git/config",
        ".env",
        ".well-known/security.txt",
        "robots.txt",
        "sitemap.xml",
        "index.html",
        "forms.sqlite",
        "failai",
        "failai/forms.js",
        "failai/..%2fvirsis.toml",
        "portal",
        "latest",
        "trace",
    ];
    for path in elsewhere {
        assert_eq!(ask(ground.port, "GET", &format!("/{path}"), &[], b"").status, 404, "{path}");
    }
}
