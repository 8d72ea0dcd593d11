//! Answers that a careless reader would take for a person's: each one is refused, with its own reason.

use viisp::{Error, Settings, Viisp};
use xmlsignature::Error as Unbelieved;

use crate::{PEER, PLAIN, correlation, postback};

/// Faults of either exchange, and what must come of them.
fn either() -> Vec<(&'static str, Error)> {
    let unbelieved = |reason| Error::Signature { reason };
    let place = |found| unbelieved(Unbelieved::Place(found));
    let fault = |code: &str| Error::Fault { code: code.to_owned(), exception: None };
    vec![
        ("unsigned", place("no signature")),
        ("two-signatures", place("more than one signature")),
        ("wrapped", place("a signature that refers to something else than the body's only child")),
        ("two-in-body", unbelieved(Unbelieved::Envelope)),
        ("other-answer", unbelieved(Unbelieved::Envelope)),
        ("other-key", unbelieved(Unbelieved::Key)),
        ("altered", unbelieved(Unbelieved::Altered)),
        ("sha1", unbelieved(Unbelieved::Hash)),
        ("doctype", unbelieved(Unbelieved::DocumentType)),
        ("bomb", unbelieved(Unbelieved::DocumentType)),
        ("external", unbelieved(Unbelieved::DocumentType)),
        ("undeclared", unbelieved(Unbelieved::NotXml)),
        // A page that calls itself XML begins with a document type.
        ("html-as-xml", unbelieved(Unbelieved::DocumentType)),
        ("empty", unbelieved(Unbelieved::NotXml)),
        ("html", Error::NotXml),
        ("no-text", Error::NotText),
        ("huge", Error::TooLarge { most: 262_144 }),
        ("fault", fault("soap:Server")),
        ("fault-with-code", fault("without a usable code")),
        ("status-500", Error::Status { status: 500 }),
        ("status-500-signed", Error::Status { status: 500 }),
        ("status-503", Error::Status { status: 503 }),
        ("redirect", Error::Redirected { status: 307 }),
        ("cut", Error::Cut),
        ("stall", Error::TimedOut { seconds: 2 }),
        ("drip", Error::TimedOut { seconds: 2 }),
    ]
}

#[test]
fn no_faulty_answer_gives_a_ticket() {
    let Some(peer) = &*PEER else { return };
    for (fault, expected) in either() {
        assert_eq!(peer.client(fault, "ticket").ticket(&postback(), &correlation()), Err(expected), "{fault}");
    }
    for fault in ["long-ticket", "odd-ticket"] {
        assert_eq!(peer.client(fault, "ticket").ticket(&postback(), &correlation()), Err(Error::Ticket), "{fault}");
    }
}

#[test]
fn no_faulty_answer_gives_a_person() {
    let Some(peer) = &*PEER else { return };
    for (fault, expected) in either() {
        assert_eq!(peer.person(fault, PLAIN), Err(expected), "{fault}");
    }
}

#[test]
fn signed_answers_that_name_nobody_or_somebody_else_are_refused() {
    let Some(peer) = &*PEER else { return };
    for (fault, expected) in [
        ("no-custom-data", Error::NoCorrelation),
        ("other-custom-data", Error::OtherSignIn),
        ("no-code", Error::NoPersonCode),
        ("empty-code", Error::NoPersonCode),
        ("proxy-code", Error::NoPersonCode),
        ("malformed-code", Error::PersonCode),
        ("two-codes", Error::Answer { found: "names something about the person twice" }),
        ("no-names", Error::Name),
        ("other-provider", Error::Provider),
    ] {
        assert_eq!(peer.person(fault, PLAIN), Err(expected), "{fault}");
    }
}

#[test]
fn an_answer_about_another_ticket_is_refused() {
    let Some(peer) = &*PEER else { return };
    let (viisp, other) = (peer.client("other-ticket", "data"), correlation());
    let theirs = viisp.ticket(&postback(), &other).unwrap();
    peer.sign_in(&theirs, PLAIN);
    assert_eq!(peer.person("other-ticket", PLAIN), Err(Error::OtherSignIn));
}

#[test]
fn no_error_holds_a_code_a_name_or_a_ticket() {
    let Some(peer) = &*PEER else { return };
    let faults = "unsigned two-signatures wrapped other-key altered sha1 bomb fault-with-code html huge malformed-code two-codes \
                  other-custom-data other-provider no-names cut";
    for fault in faults.split_ascii_whitespace() {
        let (viisp, correlation) = (peer.client(fault, "data"), correlation());
        let ticket = viisp.ticket(&postback(), &correlation).unwrap();
        peer.sign_in(&ticket, PLAIN);
        let error = viisp.person(&ticket, &correlation).unwrap_err();
        let words = format!("{error} {error:?} {viisp:?} {ticket:?}");
        for secret in ["4900101", "JON", "IŠGALV", ticket.reveal(), &correlation] {
            assert!(!words.contains(secret), "{fault}: {words}");
        }
    }
}

#[test]
fn the_control_address_makes_as_many_answers_faulty_as_it_is_told() {
    let Some(peer) = &*PEER else { return };
    let service = peer.at(peer.controlled, "service");
    let viisp = Viisp::new(&Settings { service, ..peer.settings("", "") }).unwrap();
    let ask = || viisp.ticket(&postback(), &correlation());
    let control = |what: &str| peer.post(&peer.at(peer.controlled, &format!("control?{what}")), &[]);
    assert!(control("fault=unheard-of").contains("no such fault"));
    control("fault=status-503&at=data");
    ask().unwrap();
    control("fault=status-503&at=ticket&times=2");
    assert_eq!(ask(), Err(Error::Status { status: 503 }));
    assert_eq!(ask(), Err(Error::Status { status: 503 }));
    ask().unwrap();
    control("fault=unsigned");
    control("");
    ask().unwrap();
}
