//! Sign-ins that succeed, and those that VIISP itself refuses.

use viisp::{Error, Exception, Settings, Viisp};
use xmlsignature::Hash;

use crate::{FOREIGN, OF_A_COMPANY, PEER, PLAIN, correlation, postback};

#[test]
fn somebody_signs_in_and_both_messages_are_understood_by_an_independent_tool() {
    let Some(peer) = &*PEER else { return };
    let (viisp, correlation) = (peer.client("", ""), correlation());
    let ticket = viisp.ticket(&postback(), &correlation).unwrap();
    let choice = peer.post(&peer.url("portal"), &[("ticket", ticket.reveal())]);
    assert!(choice.contains("JONĖ IŠGALVOTOJI") && choice.contains("&lt;NIEKAS&gt; &amp; SŪNUS"), "{choice}");
    let way_back = peer.sign_in(&ticket, PLAIN);
    for part in ["action=\"https://virsis.example/prisijungti/grizo?a=1&amp;b=2\"", ticket.reveal(), &correlation] {
        assert!(way_back.contains(part), "{way_back}");
    }
    let person = viisp.person(&ticket, &correlation).unwrap();
    assert_eq!((person.code.reveal(), &*person.given_names, &*person.family_names), ("49001010012", "JONĖ", "IŠGALVOTOJI"));
    assert_eq!((person.company, &*person.provider), (None, "auth.lt.identity.card"));
    let seen = reqwest::blocking::get(peer.url("seen")).unwrap().text().unwrap();
    assert!(seen.contains("VSID000000000113") && seen.contains("text/xml; charset=utf-8"), "{seen}");
    assert_eq!(viisp.portal(), &peer.url("portal"));
}

#[test]
fn the_data_of_a_ticket_can_be_fetched_once_and_only_after_signing_in() {
    let Some(peer) = &*PEER else { return };
    let (viisp, correlation) = (peer.client("", ""), correlation());
    let ticket = viisp.ticket(&postback(), &correlation).unwrap();
    let not_yet = Err(Error::Fault { code: "soap:Server".to_owned(), exception: None });
    assert_eq!(viisp.person(&ticket, &correlation), not_yet);
    // Who breaks off comes back as well, and is nobody.
    assert!(peer.post(&peer.url("portal/cancel"), &[("ticket", ticket.reveal())]).contains("action=\"https://virsis.example/"));
    assert_eq!(viisp.person(&ticket, &correlation), not_yet);
    peer.sign_in(&ticket, PLAIN);
    viisp.person(&ticket, &correlation).unwrap();
    assert_eq!(viisp.person(&ticket, &correlation), not_yet);
}

#[test]
fn a_company_is_named_where_there_is_one_and_names_are_not_markup() {
    let Some(peer) = &*PEER else { return };
    assert_eq!(peer.person("", OF_A_COMPANY).unwrap().company.as_deref(), Some("300000010"));
    assert_eq!(peer.person("", 2).unwrap().family_names, "<NIEKAS> & SŪNUS");
}

#[test]
fn a_foreigner_without_a_lithuanian_code_is_not_signed_in() {
    let Some(peer) = &*PEER else { return };
    assert_eq!(peer.person("", FOREIGN), Err(Error::NoPersonCode));
}

#[test]
fn an_old_hash_and_a_second_key_are_believed_only_where_the_settings_say_so() {
    let Some(peer) = &*PEER else { return };
    let settings = peer.settings("sha1", "data");
    peer.person_with(&Settings { hashes: vec![Hash::Sha256, Hash::Sha1], ..settings.clone() }, PLAIN).unwrap();
    peer.person_with(&Settings { service_keys: vec![peer.file("ours.pub"), peer.file("service.pub")], ..peer.settings("", "") }, PLAIN)
        .unwrap();
    let other = Settings { service_keys: vec![peer.file("ours.pub")], ..peer.settings("", "") };
    assert_eq!(peer.person_with(&other, PLAIN), Err(Error::Signature { reason: xmlsignature::Error::Key }));
}

#[test]
fn viisp_believes_only_our_key() {
    let Some(peer) = &*PEER else { return };
    let viisp = Viisp::new(&Settings { key_file: peer.file("service.key"), ..peer.settings("", "") }).unwrap();
    let error = viisp.ticket(&postback(), &correlation()).unwrap_err();
    assert_eq!(error, Error::Fault { code: "soap:Server".to_owned(), exception: Some(Exception::InvalidSignature) });
    assert!(error.to_string().contains("`key_file`"), "{error}");
}

#[test]
fn the_answer_of_another_sign_in_is_refused() {
    let Some(peer) = &*PEER else { return };
    let (viisp, ours, theirs) = (peer.client("", ""), correlation(), correlation());
    let ticket = viisp.ticket(&postback(), &theirs).unwrap();
    peer.sign_in(&ticket, PLAIN);
    // Somebody brings this browser the ticket of another one.
    assert_eq!(viisp.person(&ticket, &ours), Err(Error::OtherSignIn));
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_sent() {
    let Some(peer) = &*PEER else { return };
    let viisp = Viisp::new(&Settings { service: "http://127.0.0.1:9/".parse().unwrap(), ..peer.settings("", "") }).unwrap();
    assert_eq!(viisp.ticket(&postback(), "short"), Err(Error::Correlation));
    for address in ["http://virsis.example/", "https://virsis.example/#a", "https://a:b@virsis.example/"] {
        assert_eq!(viisp.ticket(&address.parse().unwrap(), &correlation()), Err(Error::Postback), "{address}");
    }
    assert!(matches!(viisp.ticket(&postback(), &correlation()), Err(Error::Unreachable { .. })));
}

#[test]
fn keys_and_settings_that_cannot_be_used_are_named() {
    let Some(peer) = &*PEER else { return };
    let good = peer.settings("", "");
    let refused = |settings: Settings| Viisp::new(&settings).unwrap_err().to_string();
    assert!(refused(Settings { key_file: peer.file("ours.pub"), ..good.clone() }).contains("ours.pub"));
    assert!(refused(Settings { service_keys: vec![peer.file("missing.pub")], ..good.clone() }).contains("missing.pub"));
    assert!(refused(Settings { authorities_file: Some(peer.file("ours.pub")), ..good.clone() }).contains("`authorities_file`"));
    assert!(refused(Settings { service: "http://viisp.example/".parse().unwrap(), ..good }).contains("`service`"));
}

#[test]
fn over_tls_only_a_trusted_certificate_for_this_name_is_accepted() {
    let Some(peer) = &*PEER else { return };
    let ask = |host: &str, authorities: Option<&str>| {
        let service = format!("https://{host}:{}/service", peer.protected).parse().unwrap();
        let authorities_file = authorities.map(|name| peer.file(name));
        Viisp::new(&Settings { service, authorities_file, ..peer.settings("", "") }).unwrap().ticket(&postback(), &correlation())
    };
    ask("localhost", Some("authority.crt")).unwrap();
    assert!(matches!(ask("localhost", None), Err(Error::Tls { .. })));
    assert!(matches!(ask("127.0.0.1", Some("authority.crt")), Err(Error::Tls { .. })));
}
