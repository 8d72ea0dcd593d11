//! Whoever is signed in sees so on pages that say that something is in the way, too: who, in which role, and the way out.

use super::ground::{Visitor, ground};
use super::raw::{FORM, ask, cookies};

fn known(page: &str, visitor: &Visitor) -> bool {
    let header = page.split("</header>").next().unwrap();
    let role = format!("Lėšas skirianti įstaiga: Organizacija {}", visitor.code);
    [role.as_str(), "Išgalvotasis", "action=\"/atsijungti\"", "name=\"_csrf\""].iter().all(|part| header.contains(part))
}

#[test]
fn pages_of_trouble_keep_the_header_of_whoever_is_signed_in_and_of_nobody_else() {
    let Some(ground) = ground() else { return };
    let mut visitor = ground.somebody("istaiga");
    let cookie = cookies(&visitor.client);
    let csrf = visitor.csrf();
    let large = "x".repeat(5 << 20);
    let pages = [
        (404, visitor.client.get("/nera/tokio").text()),
        (403, visitor.client.get("/teikti/virs").text()),
        (403, visitor.client.post("/teikti/lesos", &[("virs", "x")]).text()),
        (413, visitor.client.post("/teikti/lesos", &[("_csrf", &csrf), ("virs", &large)]).text()),
        (400, ask(ground.port, "POST", "/vaidmuo", &[("Cookie", &cookie), ("Content-Type", "text/plain")], b"x").text()),
        (403, ask(ground.port, "POST", "/vaidmuo", &[("Cookie", &cookie), ("Origin", "https://example.invalid"), FORM], b"").text()),
    ];
    for (status, page) in &pages {
        assert!(known(page, &visitor), "{status}: {page}");
    }
    for cookie in ["", "__Host-virsis=nera"] {
        for (method, kind) in [("GET", FORM), ("POST", ("Content-Type", "text/plain"))] {
            let page = ask(ground.port, method, "/nera/tokio", &[("Cookie", cookie), kind], b"").text();
            assert!(page.contains("<h1>") && !page.contains("/atsijungti") && !page.contains("Išgalvotasis"), "{page}");
        }
    }
}
