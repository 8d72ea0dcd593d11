//! Any bytes as the signature inside a container that is good otherwise.
#![no_main]

use fuzz::containers::{SIGNATURES, judge, with_entry};

libfuzzer_sys::fuzz_target!(init: fuzz::containers::ready(), |signatures: &[u8]| {
    let _ = judge(&with_entry(SIGNATURES, signatures));
});
