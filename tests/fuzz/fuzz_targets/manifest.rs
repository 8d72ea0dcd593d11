//! Any bytes as the manifest inside a container that is good otherwise.
#![no_main]

use container::Flaw;
use fuzz::containers::{MANIFEST, judge, with_entry};

libfuzzer_sys::fuzz_target!(init: fuzz::containers::ready(), |manifest: &[u8]| {
    match judge(&with_entry(MANIFEST, manifest)) {
        // It says nothing that is believed, but what it says must fit.
        Ok(_) => assert!(manifest.windows(12).any(|part| part == b"document.pdf") || manifest.contains(&b'%') || manifest.contains(&b'&')),
        Err(flaw) => assert!(
            matches!(flaw, Flaw::Manifest | Flaw::NotXml | Flaw::DocumentType | Flaw::TooLarge),
            "a manifest brings down what does not depend on it: {flaw:?}"
        ),
    }
});
