//! What is signed for practice is believed by the endpoint's own verification, and only where the training authority is.

use chrono::{TimeDelta, Utc};
use container::{Flaw, Formed, Trust};
use training::{Authority, Person};

const DOCUMENT: &[u8] = b"%PDF-1.7\n% nobody looks inside\n%%EOF\n";

fn person(number: u8) -> Person {
    Person {
        role: "km".into(),
        role_title: "Kultūros ministerija".into(),
        login: format!("km{number}"),
        password: String::new(),
        one_time: String::new(),
        given: "Ąžuolė".into(),
        family: "Mokinė & <Bandytoja>".into(),
        code: Person::invented_code(number),
        organisation_code: "390000013".into(),
        organisation: "Pavyzdžių ministerija".into(),
    }
}

#[test]
fn a_practice_signature_is_believed_where_its_authority_is_and_names_who_signed() {
    let now = Utc::now();
    let made = Authority::generate().unwrap();
    // As the helper does: from what is on disk.
    let authority = Authority::from_key(&made.key()).unwrap();
    let trust = Trust::from_pem(&made.certificate().unwrap()).unwrap();
    let container = training::sign(&authority, &person(7), DOCUMENT, now).unwrap();
    let formed = Formed { bytes: DOCUMENT, at: now - TimeDelta::seconds(5) };
    let signed = container::verify(&container, &[formed], &trust, now).unwrap();
    assert_eq!(signed.signer.reveal(), Person::invented_code(7));
    assert_eq!((signed.documents, (now - signed.signed_at).num_seconds()), (vec![0], 0));

    let other = Formed { bytes: b"%PDF-1.7 another", at: now };
    assert_eq!(container::verify(&container, &[other], &trust, now), Err(Flaw::OtherDocument));
    let stranger = Trust::from_pem(&Authority::generate().unwrap().certificate().unwrap()).unwrap();
    assert_eq!(container::verify(&container, &[formed], &stranger, now), Err(Flaw::Chain));
}

#[test]
fn the_name_of_the_authority_says_that_it_is_for_practice_alone() {
    let practice = Trust::from_pem(&Authority::generate().unwrap().certificate().unwrap()).unwrap();
    assert_eq!(practice.named(training::MARK).collect::<Vec<_>>(), [true]);
    assert_eq!(practice.named("KVALIFIKUOTAS").collect::<Vec<_>>(), [false]);
}
