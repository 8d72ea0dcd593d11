//! The engine that runs a night's SQL: DuckDB, or a cluster, whose tables lie in the shared folder until the last statement has run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use transforms::{DuckDb, Engine, Error};

use crate::config::{Cluster, Config, EngineKind, OpenCluster};
use crate::refusal::Refusal;
use crate::state::shared_folder::SharedFolder;

/// A token that is shorter could be guessed.
const SHORTEST_TOKEN: usize = 16;

/// Where tonight's tables lie, if they lie outside this process. Whatever an earlier night left there is removed, also if tonight needs no engine, or
/// if it is DuckDB again.
pub(super) fn shared_folder(config: &Config) -> Result<Option<SharedFolder>> {
    config.engine.shared.as_deref().map(SharedFolder::take).transpose()
}

/// Opens the engine.
pub(super) fn open(config: &Config, shared: Option<&mut SharedFolder>) -> Result<Box<dyn Engine>> {
    let (EngineKind::Spark, Some(open), Some(shared)) = (config.engine.kind, config.engine.open, shared) else {
        return Ok(Box::new(DuckDb::open()?));
    };
    connect(config, open, shared)
}

fn connect(config: &Config, open: OpenCluster, shared: &mut SharedFolder) -> Result<Box<dyn Engine>> {
    let cluster = cluster(config)?;
    let folder = shared.night()?;
    open(&cluster, &folder).map_err(|error| match error {
        // Nothing is wrong with the data: the cluster is not there, or not as it must be.
        Error::Cluster { .. } => Refusal::one(error).into(),
        other => other.into(),
    })
}

/// Tries the cluster: whether its workers read what lies in the shared folder, and write what is read here.
pub(crate) fn probe(config: &Config) -> Result<String> {
    let (EngineKind::Spark, Some(open), Some(folder)) = (config.engine.kind, config.engine.open, &config.engine.shared) else {
        return Ok("DuckDB, in this process".to_owned());
    };
    let mut shared = SharedFolder::take(folder)?;
    let mut engine = connect(config, open, &mut shared)?;
    let columns: [(&str, ArrayRef); 2] = [
        ("n", Arc::new(Int64Array::from_iter_values(0..1_000))),
        ("t", Arc::new(StringArray::from_iter_values((0..1_000).map(|n| format!("ž{n}"))))),
    ];
    let rows = RecordBatch::try_from_iter(columns).map_err(anyhow::Error::from)?;
    engine.register("core_a", &rows)?;
    let sql = "SELECT n, t FROM core_a ORDER BY n NULLS LAST";
    let same = engine.query("a trial of the cluster", sql, &["core_a".to_owned()])?.columns() == rows.columns();
    drop(engine);
    shared.empty()?;
    let remote = config.engine.remote()?;
    anyhow::ensure!(same, "its workers do not give back the rows that they were given");
    Ok(format!("Spark Connect at {}:{} answers, and its workers see {}", remote.host, remote.port, folder.display()))
}

/// How the cluster is reached.
fn cluster(config: &Config) -> Result<Cluster, Refusal> {
    let (engine, remote) = (&config.engine, config.engine.remote()?);
    let unset = || Refusal::one("engine.token_file is not set");
    let authorities = engine
        .authorities_file
        .as_deref()
        .map(|path| fs::read(path).map_err(|error| Refusal::one(format!("engine.authorities_file {}: {error}", path.display()))));
    Ok(Cluster {
        host: remote.host,
        port: remote.port,
        tls: remote.tls,
        authorities: authorities.transpose()?,
        token: token(engine.token_file.as_deref().ok_or_else(unset)?)?,
        partitions: engine.partitions,
        statement: Duration::from_secs(engine.statement_minutes * 60),
    })
}

/// Reads the token, from a file that only its owner may read.
fn token(path: &Path) -> Result<String, Refusal> {
    let refuse = |reason: String| Refusal::one(format!("engine.token_file {}: {reason}", path.display()));
    let mode = fs::metadata(path).map_err(|error| refuse(error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(refuse("others may read it; set its mode to 0600".to_owned()));
    }
    let token = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?.trim().to_owned();
    if token.len() < SHORTEST_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refuse(format!("it must hold a token of at least {SHORTEST_TOKEN} letters, digits and signs, and nothing else")));
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_from_a_private_file_alone_and_is_never_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spark.token");
        fs::write(&path, "0123456789abcdef\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(token(&path).unwrap(), "0123456789abcdef");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(token(&path).unwrap_err().to_string().contains("0600"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        for wrong in ["short", "", "0123456789 abcdef"] {
            fs::write(&path, wrong).unwrap();
            let said = token(&path).unwrap_err().to_string();
            assert!(said.contains("at least 16") && (wrong.is_empty() || !said.contains(wrong)), "{said}");
        }
    }
}
