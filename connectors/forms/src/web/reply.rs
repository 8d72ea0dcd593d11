//! An answer.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, Response, StatusCode};

/// An answer to a visit.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    kind: &'static str,
    body: Vec<u8>,
    location: Option<String>,
    cookies: Vec<String>,
    attached_as: Option<String>,
    /// May be kept by the browser, since its address changes with its content.
    lasting: bool,
    /// Another host that forms of this page may be sent to.
    pub(crate) form_action: Option<String>,
}

impl Reply {
    fn new(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Self {
        Self { status, kind, body, location: None, cookies: Vec::new(), attached_as: None, lasting: false, form_action: None }
    }

    /// A page.
    pub(crate) fn page(html: String) -> Self {
        Self::new(StatusCode::OK, "text/html; charset=utf-8", html.into_bytes())
    }

    /// Go there next.
    pub(crate) fn to(address: impl Into<String>) -> Self {
        Self { location: Some(address.into()), ..Self::new(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", Vec::new()) }
    }

    /// Data for a script of ours.
    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self::new(StatusCode::OK, "application/json", value.to_string().into_bytes())
    }

    /// A file to keep.
    pub(crate) fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Self {
        Self { attached_as: Some(name.to_owned()), ..Self::new(StatusCode::OK, kind, bytes) }
    }

    /// A style sheet, script or picture of ours.
    pub(crate) fn asset(kind: &'static str, bytes: &[u8]) -> Self {
        Self { lasting: true, ..Self::new(StatusCode::OK, kind, bytes.to_vec()) }
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a cookie that only this host gets, over TLS, and no script reads (`__Host-`, RFC 6265bis).
    pub(crate) fn with_cookie(mut self, name: &str, value: &str, seconds: i64) -> Self {
        self.cookies.push(format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}"));
        self
    }

    /// Shows the file in the browser instead of saving it.
    pub(crate) fn inline(mut self) -> Self {
        self.attached_as = self.attached_as.map(|name| format!("\0{name}"));
        self
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers
            .insert(CACHE_CONTROL, HeaderValue::from_static(if self.lasting { "public, max-age=31536000, immutable" } else { "no-store" }));
        if let Some(location) = self.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
            headers.insert(LOCATION, location);
        }
        for cookie in self.cookies {
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                headers.append(SET_COOKIE, cookie);
            }
        }
        if let Some(name) = self.attached_as {
            let (way, name) = name.strip_prefix('\0').map_or(("attachment", name.as_str()), |name| ("inline", name));
            // RFC 6266: letters beyond ASCII are percent-encoded.
            let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
            if let Ok(value) = HeaderValue::from_str(&format!("{way}; filename*=UTF-8''{encoded}")) {
                headers.insert(CONTENT_DISPOSITION, value);
            }
        }
        response
    }
}
