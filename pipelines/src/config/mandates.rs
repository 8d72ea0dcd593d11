//! `[mandates]`: the source from which every run fetches mandates.

use std::path::{Path, PathBuf};

use catalog::codes::is_legal_entity_code;
use connectors::WsSettings;
use serde::Deserialize;

use super::sources::paths_of;

/// `[mandates]`: the source from which every run fetches mandates.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "transport", rename_all = "lowercase")]
pub(crate) enum MandatesConfig {
    /// A file.
    File(MandatesFile),
    /// The signed web service of the user subsystem.
    Ws(Box<MandatesService>),
}

/// `transport = "file"`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MandatesFile {
    /// The file, mode 0600, since it contains personal codes.
    pub(crate) file: PathBuf,
}

/// `transport = "ws"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MandatesService {
    /// Code of the institution that manages this system, whose users are asked for.
    pub(crate) manager: String,
    /// The service.
    pub(crate) service: WsSettings,
}

impl MandatesConfig {
    /// Makes its paths relative to the configuration's folder.
    pub(crate) fn anchor(&mut self, folder: &Path) {
        let paths = match self {
            Self::File(file) => vec![&mut file.file],
            Self::Ws(ws) => paths_of(&mut ws.service),
        };
        for path in paths {
            *path = folder.join(&*path).components().collect();
        }
    }

    /// What is wrong with it.
    pub(crate) fn check(&self) -> Option<String> {
        match self {
            Self::Ws(ws) if !is_legal_entity_code(&ws.manager) => {
                Some("[mandates] manager must be the 9-digit code of the institution that manages this system".to_owned())
            }
            _ => None,
        }
    }

    /// Name of the transport.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Ws(_) => "ws",
        }
    }
}
