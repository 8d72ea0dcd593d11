//! Any text, as somebody may write it in a field or a register send it: what an independent, simple-minded judge finds must not pass the detector.
#![no_main]

#[path = "../../../data/personal/tests/detector/oracle.rs"]
mod oracle;

use chrono::NaiveDate;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let found = personal::stands_in(text);
    // What the detector knows as another number it does not put together with its neighbours; the judge does.
    if oracle::finds_code(text) && !oracle::may_hold_known(text) {
        assert!(found, "passed the detector");
    }
    // Nor is anything lost by what stands around a text.
    if found {
        assert!(personal::stands_in(&format!("„{text}“")), "hidden by quotation marks");
    }
    for born in [NaiveDate::from_ymd_opt(1950, 3, 4), NaiveDate::from_ymd_opt(2001, 12, 31)].into_iter().flatten() {
        let told = personal::tells_date(text, born);
        assert!(told || !text.contains(&born.to_string()) || text.len() > 40, "a birth date as it is");
    }
    // These must come to an end, whatever they say.
    let _ = (personal::stands_for_entity(text, Some("LV")), personal::is_number(text));
});
