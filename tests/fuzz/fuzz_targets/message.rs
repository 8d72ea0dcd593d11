//! Any text as an answer of a state service: envelope, signature, canonical form.
#![no_main]

libfuzzer_sys::fuzz_target!(init: fuzz::messages::ready(), |message: &str| fuzz::messages::judge(message));
