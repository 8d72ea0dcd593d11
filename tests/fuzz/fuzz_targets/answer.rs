//! Any text inside an answer of VIISP that is properly signed: canonical form, and the reading of the person.
#![no_main]

use fuzz::messages::signed;

/// Of the one sign-in that is under way.
const CORRELATION: &str = "correlation-0123";

libfuzzer_sys::fuzz_target!(init: fuzz::messages::ready(), |content: &str| {
    let Some(verified) = signed(content) else { return };
    let canonical = verified.canonical();
    if let Ok(person) = viisp::answer::person(canonical, CORRELATION, &["auth.lt.bank".to_owned()]) {
        assert!(canonical.contains(CORRELATION) && canonical.contains(person.code.reveal()) && person.provider == "auth.lt.bank");
        assert!(person.code.reveal().len() == 11 && person.code.reveal().bytes().all(|byte| byte.is_ascii_digit()));
        for name in [&person.given_names, &person.family_names] {
            assert!(name.chars().count() <= 200 && !name.chars().any(char::is_control));
        }
        assert!(viisp::answer::person(canonical, "correlation-0124", &["auth.lt.bank".to_owned()]).is_err());
        assert!(viisp::answer::person(canonical, CORRELATION, &["auth.eidas".to_owned()]).is_err());
    }
    if let Ok(ticket) = viisp::answer::ticket(canonical) {
        assert!(ticket.reveal().len() <= 512 && ticket.reveal().bytes().all(|byte| byte.is_ascii_graphic()));
    }
});
