//! Any bytes as a signed container: ZIP, manifest, signature and certificates together.
#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::containers::ready(), |container: &[u8]| {
    let _ = fuzz::containers::judge(container);
});
