//! What the store says of an object when it serves it: its type, how long it may be kept, and the SHA-256 of what was put there.

use object_store::{Attribute, Attributes};

/// Of what never changes: everything of a release, below its own name.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Of what leads to the newest release: kept copies are asked about before each use (RFC 9111, section 5.2.2.4).
const FOLLOWED: &str = "no-cache";
/// The object's own field for the SHA-256 of its content.
pub(crate) const SHA256: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("sha256"));

/// Type of what has no other.
const BYTES: &str = "application/octet-stream";

/// Types by extension; see <https://www.iana.org/assignments/media-types>, and of the rest what their makers say.
const TYPES: &[(&str, &str)] = &[
    ("asice", "application/vnd.etsi.asic-e+zip"),
    ("atom", "application/atom+xml; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("duckdb", BYTES),
    ("geojson", "application/geo+json"),
    ("gpkg", "application/geopackage+sqlite3"),
    ("gz", "application/gzip"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("ics", "text/calendar; charset=utf-8"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("jsonl", "application/jsonl"),
    ("jsonld", "application/ld+json"),
    ("md", "text/markdown; charset=utf-8"),
    ("minisig", "text/plain; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("nt", "application/n-triples"),
    ("parquet", "application/vnd.apache.parquet"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("pub", "text/plain; charset=utf-8"),
    ("rdf", "application/rdf+xml"),
    ("sha256", "text/plain; charset=utf-8"),
    ("sql", "application/sql"),
    ("sqlite", "application/vnd.sqlite3"),
    ("svg", "image/svg+xml"),
    ("ttl", "text/turtle; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("webmanifest", "application/manifest+json"),
    ("woff2", "font/woff2"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml; charset=utf-8"),
    ("yaml", "application/yaml"),
    ("zip", "application/zip"),
    ("zst", "application/zstd"),
];

/// The type of a file, by its name. What is packed has the type of what packs it and no `Content-Encoding`: whoever downloads `x.csv.gz` gets
/// that very file, with the SHA-256 that the manifest lists.
pub(crate) fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    TYPES.iter().find(|(known, _)| *known == extension).map_or(BYTES, |(_, kind)| kind)
}

/// Of a file of a release.
pub(crate) fn immutable(path: &str, sha256: &str) -> Attributes {
    of(path, sha256, IMMUTABLE)
}

/// Of a file that is replaced with each release.
pub(crate) fn followed(path: &str, sha256: &str) -> Attributes {
    of(path, sha256, FOLLOWED)
}

/// Whether an object has all of these.
pub(crate) fn has(found: &Attributes, wanted: &Attributes) -> bool {
    wanted.iter().all(|(attribute, value)| found.get(attribute) == Some(value))
}

fn of(path: &str, sha256: &str, cache: &'static str) -> Attributes {
    let mut headers = Attributes::new();
    headers.insert(Attribute::ContentType, content_type(path).into());
    headers.insert(Attribute::CacheControl, cache.into());
    headers.insert(SHA256, sha256.to_owned().into());
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_type_of_its_last_extension() {
        for (path, kind) in [
            ("public/index.html", "text/html; charset=utf-8"),
            ("open/data/virs/virs.csv", "text/csv; charset=utf-8"),
            ("open/data/virs/virs.csv.gz", "application/gzip"),
            ("open/data/virs/virs.csv.zst", "application/zstd"),
            ("open/data/virs/virs.parquet", "application/vnd.apache.parquet"),
            ("open/dcat.jsonld", "application/ld+json"),
            ("open/dcat.ttl", "text/turtle; charset=utf-8"),
            ("manifest.json.minisig", "text/plain; charset=utf-8"),
            ("manifest.sha256", "text/plain; charset=utf-8"),
            (".well-known/security.txt", "text/plain; charset=utf-8"),
            ("public/virsis.duckdb", "application/octet-stream"),
            ("public/LOGO.PNG", "image/png"),
            ("a.html/LICENCE", "application/octet-stream"),
        ] {
            assert_eq!(content_type(path), kind, "{path}");
        }
    }

    #[test]
    fn types_are_in_order_and_each_extension_has_one() {
        assert!(TYPES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
