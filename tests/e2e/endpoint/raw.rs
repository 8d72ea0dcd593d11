//! Requests byte by byte, as no browser sends them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::client::Client;

/// What came back.
#[derive(Debug)]
pub(crate) struct Said {
    /// 0 when the connection was closed without an answer.
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Said {
    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a header that is there once.
    pub(crate) fn header(&self, name: &str) -> &str {
        match self.all(name)[..] {
            [only] => only,
            ref other => panic!("{name}: {other:?}"),
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends these bytes and nothing more, and reads until the endpoint closes the connection.
pub(crate) fn exchange(port: u16, bytes: &[u8]) -> Said {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    // Whoever is refused early need not be heard to the end.
    let _ = stream.write_all(bytes);
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    let end = said.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(said.len());
    let head = String::from_utf8_lossy(&said[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    Said { status, headers, body: said.split_off((end + 4).min(said.len())) }
}

/// One request with these headers; `Host`, `Connection` and, unless it is among them, `Content-Length` are added.
pub(crate) fn ask(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Said {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let told = |name: &str| headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    if !told("content-length") && !told("transfer-encoding") {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    exchange(port, &[request.as_bytes(), b"\r\n", body].concat())
}

/// The header that a browser would send.
pub(crate) fn cookies(client: &Client) -> String {
    client.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

/// Type of an ordinary form.
pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
