//! Fields and files in the body of a request.

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;

/// Most fields and files of a form, empty ones too.
pub const MOST_PARTS: usize = 40_000;

/// How a browser writes a form down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As pairs of names and values, like an address.
    Pairs,
    /// In parts, for forms with files.
    Parts,
}

impl Encoding {
    /// The encoding of a `Content-Type`, if it is a form's.
    #[must_use]
    pub fn of(content_type: &str) -> Option<Self> {
        if content_type.starts_with("multipart/form-data") {
            Some(Self::Parts)
        } else {
            content_type.starts_with("application/x-www-form-urlencoded").then_some(Self::Pairs)
        }
    }
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Name of the field.
    pub field: String,
    /// Name of the file, as the browser says.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What a form holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Names and values of its fields, in order.
    pub form: Vec<(String, String)>,
    /// Its files; those that nobody chose are left out.
    pub uploads: Vec<Upload>,
}

/// Why a body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// More than [`MOST_PARTS`].
    TooMany,
    /// Not what its `Content-Type` says.
    Malformed,
}

/// Reads a body. Whoever calls has bounded it.
///
/// # Errors
/// It holds too much, or is not what it should be.
pub async fn read(content_type: &str, body: Bytes) -> Result<Sent, Refused> {
    match Encoding::of(content_type).ok_or(Refused::Malformed)? {
        Encoding::Parts => read_parts(content_type, body).await,
        Encoding::Pairs => {
            let form = pairs(&body);
            if form.len() > MOST_PARTS { Err(Refused::TooMany) } else { Ok(Sent { form, uploads: Vec::new() }) }
        }
    }
}

/// Names and values of an encoded address or form; of more than [`MOST_PARTS`] so many and one.
#[must_use]
pub fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().take(MOST_PARTS + 1).collect()
}

async fn read_parts(content_type: &str, body: Bytes) -> Result<Sent, Refused> {
    let request = Request::builder().header(CONTENT_TYPE, content_type).body(Body::from(body));
    let mut request = request.map_err(|_| Refused::Malformed)?;
    DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Refused::Malformed)?;
    let (mut sent, mut count) = (Sent::default(), 0);
    while let Some(part) = multipart.next_field().await.map_err(|_| Refused::Malformed)? {
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| Refused::Malformed)?;
        match file {
            Some(name) if !bytes.is_empty() => sent.uploads.push(Upload { field, name, bytes }),
            Some(_) => {}
            None => sent.form.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
        count += 1;
        if count > MOST_PARTS {
            return Err(Refused::TooMany);
        }
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    /// Reads what is all there: nothing is waited for.
    fn sent(content_type: &str, body: impl Into<Bytes>) -> Result<Sent, Refused> {
        match pin!(read(content_type, body.into())).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(sent) => sent,
            Poll::Pending => panic!("it waits"),
        }
    }

    const PARTS: &str = "multipart/form-data; boundary=riba";

    fn part(name: &str, file: &str, value: &str) -> String {
        format!("--riba\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    }

    #[test]
    fn fields_and_files_are_read_in_both_encodings() {
        let pairs = sent("application/x-www-form-urlencoded; charset=UTF-8", "a=1&b=%C5%BDinios+2&a=&c").unwrap();
        let form = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>();
        assert_eq!(pairs, Sent { form: form(&[("a", "1"), ("b", "Žinios 2"), ("a", ""), ("c", "")]), uploads: Vec::new() });
        let body =
            [part("a", "", "1"), part("f", "; filename=\"Į.pdf\"", "%PDF-1.7"), part("f", "; filename=\"\"", ""), part("b", "", "Ž")]
                .concat();
        let upload = Upload { field: "f".into(), name: "Į.pdf".into(), bytes: "%PDF-1.7".into() };
        assert_eq!(sent(PARTS, body + "--riba--"), Ok(Sent { form: form(&[("a", "1"), ("b", "Ž")]), uploads: vec![upload] }));
    }

    #[test]
    fn what_is_cut_off_or_no_form_is_refused() {
        for (kind, body) in [
            ("", String::new()),
            ("text/plain", "a=1".to_owned()),
            ("application/json", "{}".to_owned()),
            ("multipart/form-data", part("a", "", "1") + "--riba--"),
            ("multipart/form-data; boundary=\n", String::new()),
            (PARTS, String::new()),
            (PARTS, part("a", "", "1")),
            (PARTS, part("a", "", "1") + "--rib"),
            (PARTS, part("a", "; filename=\"f\"", "1")),
        ] {
            assert_eq!(sent(kind, body.clone()), Err(Refused::Malformed), "{kind} {body}");
        }
    }

    #[test]
    fn a_form_has_only_so_many_parts_empty_files_too() {
        let pairs = |count: usize| sent("application/x-www-form-urlencoded", "a=b&".repeat(count)).map(|sent| sent.form.len());
        assert_eq!((pairs(MOST_PARTS), pairs(MOST_PARTS + 1)), (Ok(MOST_PARTS), Err(Refused::TooMany)));
        for file in ["", "; filename=\"\""] {
            let parts = |count: usize| sent(PARTS, part("a", file, "").repeat(count) + "--riba--").map(|_| ());
            assert_eq!((parts(MOST_PARTS), parts(MOST_PARTS + 1)), (Ok(()), Err(Refused::TooMany)), "{file}");
        }
    }
}
