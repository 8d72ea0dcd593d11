//! Any bytes as the body of a form; the first line is its `Content-Type`.
#![no_main]

use axum::body::Bytes;
use fuzz::at_once;
use intake::{Encoding, MOST_PARTS, Sent, read};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (kind, body) = input.split_at(end);
    let Ok(kind) = std::str::from_utf8(kind) else { return };
    let body = Bytes::copy_from_slice(body.get(1..).unwrap_or_default());
    let Ok(sent) = at_once(read(kind, body.clone())) else { return };
    assert!(sent.form.len() + sent.uploads.len() <= MOST_PARTS);
    let texts = sent.form.iter().map(|(name, value)| name.len() + value.len());
    let files = sent.uploads.iter().map(|upload| upload.field.len() + upload.name.len() + upload.bytes.len());
    // A byte that is no text becomes a mark of three; nothing else grows.
    assert!(texts.chain(files).sum::<usize>() <= 3 * body.len(), "more is read than was sent");
    match Encoding::of(kind) {
        Some(Encoding::Pairs) => {
            let written = form_urlencoded::Serializer::new(String::new()).extend_pairs(&sent.form).finish();
            assert_eq!(at_once(read(kind, written.into())), Ok(sent));
        }
        Some(Encoding::Parts) if is_plain(&sent) => {
            let (kind, written) = written(&sent);
            assert_eq!(at_once(read(&kind, written.into())), Ok(sent));
        }
        Some(Encoding::Parts) => {}
        None => panic!("no form is read of {kind}"),
    }
});

/// Whether names can stand between quotes as they are. The reader of parts looks for `name=` and `filename=` inside quotes, too; no name of
/// ours has such marks, and whoever sends one is misunderstood alone.
fn is_plain(sent: &Sent) -> bool {
    let mut names = sent.form.iter().map(|(name, _)| name).chain(sent.uploads.iter().flat_map(|upload| [&upload.field, &upload.name]));
    names.all(|name| !name.chars().any(|letter| letter.is_control() || matches!(letter, '"' | '\\' | '=')))
}

/// The same form as a browser writes it; fields before files, as they are kept apart.
fn written(sent: &Sent) -> (String, Vec<u8>) {
    let values = || sent.form.iter().map(|(_, value)| value.as_bytes()).chain(sent.uploads.iter().map(|upload| &*upload.bytes));
    let boundary = (0..)
        .map(|number: u32| format!("boundary{number}"))
        .find(|boundary| values().all(|value| !value.windows(boundary.len()).any(|part| part == boundary.as_bytes())));
    let boundary = boundary.unwrap();
    let mut body = Vec::new();
    let mut part = |name: &str, file: Option<&str>, value: &[u8]| {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes());
        body.extend([value, b"\r\n"].concat());
    };
    for (name, value) in &sent.form {
        part(name, None, value.as_bytes());
    }
    for upload in &sent.uploads {
        part(&upload.field, Some(&upload.name), &upload.bytes);
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}
