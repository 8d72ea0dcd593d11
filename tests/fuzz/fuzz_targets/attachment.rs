//! Any bytes as an attached file: what it is taken for, a reader that shares nothing with ours finds as well. What may be given to everybody has no signature.
#![no_main]

use std::io::Read;

use intake::{ADOC, ASIC_E, PDF, may_be_signed, media_type};
use zip::CompressionMethod;
use zip::read::read_zipfile_from_stream;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    match media_type(file) {
        Some(PDF) => assert!(file.starts_with(b"%PDF-")),
        Some(container) => {
            assert!(container == ASIC_E || container == ADOC);
            // Sizes that stand behind an entry are nothing for a reader that does not go back.
            if file[6] & 0b1000 == 0 {
                let mut rest = file;
                let mut first = read_zipfile_from_stream(&mut rest).expect("a zip begins").expect("with an entry");
                assert_eq!((first.name().unwrap().as_ref(), first.compression()), ("mimetype", CompressionMethod::Stored));
                let mut content = Vec::new();
                // The checksum may be wrong: nobody reads the type from there.
                let _ = first.read_to_end(&mut content);
                assert_eq!(content, container.as_bytes());
            }
        }
        None => {}
    }
    if !may_be_signed(file) {
        assert_eq!(media_type(file), Some(PDF));
        assert!(!file.windows(10).any(|part| part == b"/ByteRange"), "a signature says what it covers");
    }
});
