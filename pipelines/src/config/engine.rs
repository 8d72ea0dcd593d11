//! `[engine]`: where the nightly SQL runs.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::refusal::Refusal;

/// The port of Spark Connect.
const PORT: u16 = 15002;

/// The program that can do it.
const PROGRAM: &str = "virsis-cluster";

/// Which engine runs the models and checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EngineKind {
    /// DuckDB, in this process.
    DuckDb,
    /// Apache Spark, on a cluster.
    Spark,
}

/// Where the nightly SQL runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Engine {
    pub(crate) kind: EngineKind,
    /// Address of a Spark Connect server: `sc://host:15002/;use_ssl=true`.
    pub(crate) remote: Option<String>,
    /// The token that it asks for; mode 0600, outside all data folders.
    pub(crate) token_file: Option<PathBuf>,
    /// PEM file of the only certificate authorities that it may have; none means those of the operating system.
    pub(crate) authorities_file: Option<PathBuf>,
    /// The folder that this process and the workers see under the same path. It must be ours alone, and is emptied by every run.
    pub(crate) shared: Option<PathBuf>,
    /// Into how many parts rows are divided to be joined and sorted.
    pub(crate) partitions: u32,
    /// Minutes that a statement may take.
    pub(crate) statement_minutes: u64,
    /// What opens an engine on a cluster, in the program that has one.
    #[serde(skip)]
    pub(crate) open: Option<OpenCluster>,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            kind: EngineKind::DuckDb,
            remote: None,
            token_file: None,
            authorities_file: None,
            shared: None,
            partitions: 16,
            statement_minutes: 60,
            open: None,
        }
    }
}

/// Opens an engine on a cluster, whose tables lie in an empty folder that the cluster sees, too.
pub type OpenCluster = fn(&Cluster, &Path) -> Result<Box<dyn transforms::Engine>, transforms::Error>;

/// How a cluster is reached.
#[derive(Clone)]
pub struct Cluster {
    /// Name or address of the machine.
    pub host: String,
    /// Port of its Spark Connect server.
    pub port: u16,
    /// Whether nobody on the way can read or change what is said; always, unless it is this machine.
    pub tls: bool,
    /// The only certificate authorities that it may have, as PEM.
    pub authorities: Option<Vec<u8>>,
    /// What it knows us by.
    pub token: String,
    /// Into how many parts rows are divided to be joined and sorted.
    pub partitions: u32,
    /// How long a statement may take.
    pub statement: Duration,
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Cluster({}:{})", self.host, self.port)
    }
}

/// What `engine.remote` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remote {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: bool,
}

impl Engine {
    pub(super) fn anchor(&mut self, folder: &Path) {
        for path in [&mut self.token_file, &mut self.authorities_file, &mut self.shared] {
            path.iter_mut().for_each(|path| *path = folder.join(&*path).components().collect());
        }
    }

    /// Takes what opens a cluster, if the program has it; refuses settings that it cannot follow.
    pub(crate) fn may_be_opened_by(&mut self, cluster: Option<OpenCluster>) -> Result<(), Refusal> {
        self.open = cluster;
        if self.kind == EngineKind::Spark && cluster.is_none() {
            return Err(Refusal::one(format!(
                "engine.kind = \"spark\" needs the program {PROGRAM}, and this one has DuckDB alone; run {PROGRAM}, or set engine.kind = \"duckdb\" (docs/scale.md)"
            )));
        }
        Ok(())
    }

    /// What is wrong with it.
    pub(super) fn check(&self, data: &[&PathBuf], home: &Path) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.kind == EngineKind::Spark {
            let wanted = [("remote", self.remote.is_some()), ("token_file", self.token_file.is_some()), ("shared", self.shared.is_some())];
            wrong.extend(
                wanted
                    .iter()
                    .filter(|(_, is_set)| !is_set)
                    .map(|(key, _)| format!("engine.kind = \"spark\" needs engine.{key}; docs/scale.md says how to set up a cluster")),
            );
        }
        if let Some(Err(reason)) = self.remote.as_deref().map(remote) {
            wrong.push(format!("engine.remote {reason}"));
        }
        if self.token_file.as_ref().is_some_and(|file| data.iter().any(|folder| file.starts_with(folder))) {
            wrong.push(
                "engine.token_file lies inside a data folder, where a backup or a publication would take it along; move it out".to_owned(),
            );
        }
        if let Some(shared) = &self.shared {
            if data.iter().any(|folder| shared.starts_with(folder) || folder.starts_with(shared)) || home.starts_with(shared) {
                wrong.push("engine.shared must lie beside the folders of data: it is emptied by every run".to_owned());
            }
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
            if !shared.to_str().is_some_and(|path| path.bytes().all(plain)) {
                wrong.push(
                    "engine.shared may have letters a to z, digits and the signs / - _ . alone: Spark reads other signs as patterns"
                        .to_owned(),
                );
            }
        }
        if !(1..=100_000).contains(&self.partitions) {
            wrong.push("engine.partitions must be between 1 and 100000".to_owned());
        }
        if !(1..=24 * 60).contains(&self.statement_minutes) {
            wrong.push("engine.statement_minutes must be between 1 and 1440".to_owned());
        }
        wrong
    }

    /// What `remote` says.
    pub(crate) fn remote(&self) -> Result<Remote, Refusal> {
        let address = self.remote.as_deref().ok_or_else(|| Refusal::one("engine.remote is not set"))?;
        remote(address).map_err(|reason| Refusal::one(format!("engine.remote {reason}")))
    }
}

/// Reads `sc://host:port/;use_ssl=true`. Whoever listens between us and another machine must not learn the token, nor answer in its place.
fn remote(address: &str) -> Result<Remote, String> {
    let shape = || "must look like sc://host:15002/;use_ssl=true".to_owned();
    let url = Url::parse(address).map_err(|_| shape())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(shape)?.to_ascii_lowercase();
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if url.scheme() != "sc" || !bare {
        return Err(shape());
    }
    let mut tls = false;
    for parameter in url.path().trim_start_matches('/').split(';').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("use_ssl", "true")) => tls = true,
            Some(("use_ssl", "false")) => tls = false,
            Some(("token", _)) => {
                return Err("holds a token, which is a secret; write it to a file of mode 0600 that engine.token_file names".to_owned());
            }
            _ => return Err("has a parameter other than use_ssl".to_owned()),
        }
    }
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if !tls && !here {
        return Err("must end with /;use_ssl=true, unless it is this machine: the token would travel in the clear".to_owned());
    }
    Ok(Remote { port: url.port().unwrap_or(PORT), host, tls })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spark(remote: &str, shared: &str) -> Vec<String> {
        let engine = Engine {
            kind: EngineKind::Spark,
            remote: Some(remote.to_owned()),
            token_file: Some("/srv/secrets/spark.token".into()),
            shared: Some(shared.into()),
            ..Engine::default()
        };
        engine.check(&[&"/srv/portal".into(), &"/srv/state".into()], Path::new("/srv/home"))
    }

    #[test]
    fn no_token_travels_in_the_clear_or_stands_in_the_settings() {
        let read = |address: &str| remote(address);
        assert_eq!(read("sc://localhost"), Ok(Remote { host: "localhost".to_owned(), port: 15002, tls: false }));
        assert_eq!(read("sc://127.0.0.1:7"), Ok(Remote { host: "127.0.0.1".to_owned(), port: 7, tls: false }));
        assert_eq!(read("sc://[::1]:7/"), Ok(Remote { host: "[::1]".to_owned(), port: 7, tls: false }));
        assert_eq!(read("sc://spark.example:7/;use_ssl=true"), Ok(Remote { host: "spark.example".to_owned(), port: 7, tls: true }));
        for refused in [
            "sc://spark.example:7",
            "sc://10.0.0.1:7/;use_ssl=false",
            "sc://127.0.0.1.example:7",
            "sc://localhost.example:7",
            "sc://localhost/;token=abc",
            "sc://user:abc@localhost",
            "sc://localhost/;use_ssl=yes",
            "sc://localhost/;session_id=1",
            "sc://localhost/?x",
            "http://localhost",
            "localhost:15002",
            "sc://",
        ] {
            assert!(read(refused).is_err(), "{refused}");
        }
        assert!(!read("sc://localhost/;token=abc").unwrap_err().contains("abc"));
    }

    #[test]
    fn a_cluster_needs_its_settings_and_a_folder_of_its_own() {
        assert_eq!(spark("sc://localhost", "/mnt/virsis"), Vec::<String>::new());
        for folder in ["/srv", "/srv/portal/x", "/srv/state", "/", "/srv/home", "/mnt/a*", "/mnt/a b", "/mnt/{a,b}"] {
            assert!(!spark("sc://localhost", folder).is_empty(), "{folder}");
        }
        let none = Engine { kind: EngineKind::Spark, ..Engine::default() }.check(&[], Path::new("/srv/home"));
        assert_eq!(none.len(), 3, "{none:?}");
    }

    #[test]
    fn a_program_without_a_cluster_names_the_one_that_has_it() {
        let mut engine = Engine { kind: EngineKind::Spark, ..Engine::default() };
        assert!(engine.may_be_opened_by(None).unwrap_err().to_string().contains("virsis-cluster"));
        assert!(engine.may_be_opened_by(Some(|_, _| Err(transforms::Error::Cluster { reason: String::new() }))).is_ok());
        assert!(Engine::default().may_be_opened_by(None).is_ok());
    }
}
