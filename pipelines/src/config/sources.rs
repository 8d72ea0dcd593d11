//! `[sources.…]`: how each source is reached.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use connectors::{BulkSettings, CONNECTORS, HttpSettings, UapiSettings, WsSettings};
use serde::Deserialize;

/// How one source, or one extract of it, is reached.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "transport", rename_all = "lowercase")]
pub(crate) enum SourceConfig {
    /// The drop folder.
    Files(NoSettings),
    /// Files over HTTP.
    Bulk(BulkSettings),
    /// The state data API.
    Uapi(UapiSettings),
    /// A signed web service.
    Ws(WsSettings),
}

/// No settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoSettings {}

impl SourceConfig {
    /// Its network settings, if it has any.
    pub(crate) fn http(&self) -> Option<&HttpSettings> {
        match self {
            Self::Files(_) => None,
            Self::Bulk(bulk) => Some(&bulk.http),
            Self::Uapi(uapi) => Some(&uapi.http),
            Self::Ws(ws) => Some(&ws.http),
        }
    }

    /// Makes its paths relative to the configuration's folder.
    pub(crate) fn anchor(&mut self, folder: &Path) {
        let mut paths: Vec<&mut PathBuf> = Vec::new();
        match self {
            Self::Files(_) => {}
            Self::Bulk(bulk) => paths.extend(of_network(&mut bulk.http)),
            Self::Uapi(uapi) => {
                paths.extend(of_network(&mut uapi.http));
                paths.extend(uapi.client.as_mut().map(|client| &mut client.secret_file));
            }
            Self::Ws(ws) => paths.extend(paths_of(ws)),
        }
        for path in paths {
            *path = folder.join(&*path).components().collect();
        }
    }
}

/// Paths in the settings of a web service.
pub(crate) fn paths_of(ws: &mut WsSettings) -> Vec<&mut PathBuf> {
    of_network(&mut ws.http).chain([&mut ws.key_file]).chain(&mut ws.service_keys).collect()
}

fn of_network(http: &mut HttpSettings) -> impl Iterator<Item = &mut PathBuf> {
    http.authorities_file.iter_mut().chain(http.identity_file.iter_mut())
}

/// Keys under which the configuration may name the transport of a raw table: `jar__valdymas`, then `jar`.
pub(crate) fn source_keys(table: &str) -> Option<[&str; 2]> {
    let subject = table.strip_prefix("raw_")?;
    Some([subject, subject.split_once("__")?.0])
}

/// Sections of the configuration that name no source.
pub(super) fn unknown(sources: &BTreeMap<String, SourceConfig>) -> impl Iterator<Item = &String> {
    let known: Vec<&str> =
        CONNECTORS.iter().flat_map(|connector| connector.extracts).filter_map(|extract| source_keys(extract.table)).flatten().collect();
    sources.keys().filter(move |key| !known.contains(&key.as_str()))
}
