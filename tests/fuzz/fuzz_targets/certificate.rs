//! Any bytes as a certificate inside a container that is good otherwise: the signer's, and one beside it that may lead to the root.
#![no_main]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use container::Flaw;
use fuzz::containers::{SIGNATURES, entry, judge, judge_with_chain, with_entry};

const BEGIN: &str = "<ds:X509Certificate>";

libfuzzer_sys::fuzz_target!(init: fuzz::containers::ready(), |certificate: &[u8]| {
    let (before, after) = entry(SIGNATURES).split_once(BEGIN).unwrap();
    let (signer, after) = after.split_once("</").unwrap();
    let encoded = BASE64_STANDARD.encode(certificate);
    let instead = format!("{before}{BEGIN}{encoded}</{after}");
    let own: String = signer.split_ascii_whitespace().collect();
    let judged = judge(&with_entry(SIGNATURES, instead.as_bytes()));
    assert_eq!(judged.is_ok(), encoded == own, "{judged:?}");
    // What stands beside the signer's certificate is not signed: it can help to find a chain, and never hurt where there is one.
    let beside = format!("{before}{BEGIN}{signer}</ds:X509Certificate>{BEGIN}{encoded}</{after}");
    let beside = with_entry(SIGNATURES, beside.as_bytes());
    let judged = judge(&beside);
    assert!(matches!(judged, Ok(_) | Err(Flaw::Profile("a value is not base64"))), "{judged:?}");
    judge_with_chain(&beside);
});
