//! `virsis.toml`: every key, its default, and the environment variable that overrides it.
//!
//! Unknown keys and unknown `VIRSIS_…` variables are refused. Secrets are never configured here, only the names of their files.

mod alerts;
mod engine;
mod file;
mod gates;
mod lineage;
mod mandates;
mod metrics;
mod paths;
mod portal;
mod retention;
mod run;
mod secrets;
mod serve;
mod sources;
mod training;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catalog::Tier;
use publish::Publication;
use serde::Deserialize;

pub(crate) use self::alerts::Alerts;
pub use self::engine::{Cluster, OpenCluster};
pub(crate) use self::engine::{Engine, EngineKind};
pub(crate) use self::file::default_file;
pub(crate) use self::gates::Gates;
pub(crate) use self::lineage::Lineage;
pub(crate) use self::mandates::{MandatesConfig, MandatesFile, MandatesService};
pub(crate) use self::metrics::Metrics;
pub(crate) use self::paths::Paths;
pub(crate) use self::portal::{BoundariesFile, Portal};
pub(crate) use self::retention::Retention;
pub(crate) use self::run::Run;
pub(crate) use self::secrets::Secrets;
pub(crate) use self::serve::Serve;
pub(crate) use self::sources::{SourceConfig, source_keys};
pub(crate) use self::training::Training;
use crate::refusal::Refusal;

/// Variables that are not keys of the file: the file's own name, and the log filter.
const NOT_KEYS: &[&str] = &["VIRSIS_CONFIG", "VIRSIS_LOG"];

/// All settings. Relative paths are relative to the file's folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Folder with `data/`, `sql/` and `schedules/`.
    pub(crate) home: PathBuf,
    pub(crate) paths: Paths,
    pub(crate) secrets: Secrets,
    pub(crate) engine: Engine,
    pub(crate) run: Run,
    pub(crate) gates: Gates,
    pub(crate) retention: Retention,
    /// Who publishes, and on what terms.
    pub(crate) publication: Publication,
    /// What releases have beside tables and pages.
    pub(crate) portal: Portal,
    /// How each source is reached, by source (`jar`) or by one extract of it (`jar__valdymas`).
    pub(crate) sources: BTreeMap<String, SourceConfig>,
    pub(crate) serve: Serve,
    pub(crate) metrics: Metrics,
    pub(crate) alerts: Alerts,
    pub(crate) lineage: Lineage,
    /// The form endpoint.
    pub(crate) forms: forms::Settings,
    /// The source of mandates for the form endpoint; without it mandates come only from `virsis mandates import`.
    pub(crate) mandates: Option<MandatesConfig>,
    /// The helper of a training environment.
    pub(crate) training: Option<Training>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            home: ".".into(),
            paths: Paths::default(),
            secrets: Secrets::default(),
            engine: Engine::default(),
            run: Run::default(),
            gates: Gates::default(),
            retention: Retention::default(),
            publication: Publication::default(),
            portal: Portal::default(),
            sources: BTreeMap::new(),
            serve: Serve::default(),
            metrics: Metrics::default(),
            alerts: Alerts::default(),
            lineage: Lineage::default(),
            forms: forms::Settings::default(),
            mandates: None,
            training: None,
        }
    }
}

impl Config {
    /// Reads the file and the environment.
    pub(crate) fn load(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            Refusal::one(format!(
                "cannot read configuration {}: {error}; copy virsis.example.toml, or name another file with --config",
                file.display()
            ))
        })?;
        let environment = std::env::vars().filter(|(name, _)| name.starts_with("VIRSIS_") && !NOT_KEYS.contains(&name.as_str()));
        let mut config = Self::parse(&text, environment).map_err(|refusal| Refusal::one(format!("{}: {refusal}", file.display())))?;
        // The parent of a bare file name is the empty path, which stands for the current folder.
        let file = std::path::absolute(file).context("cannot determine the current folder")?;
        config.anchor(file.parent().unwrap_or(Path::new("/")));
        config.check()?;
        Ok(config)
    }

    fn parse(text: &str, environment: impl Iterator<Item = (String, String)>) -> Result<Self, Refusal> {
        let mut keys: toml::Table = text.parse().map_err(Refusal::one)?;
        for (variable, value) in environment {
            override_key(&mut keys, &variable, &value)?;
        }
        let mut config: Self = keys.try_into().map_err(|error: toml::de::Error| {
            Refusal::one(format!("{}; docs/configuration.md lists all keys", error.to_string().trim_end()))
        })?;
        config.forms.training = config.training.is_some();
        Ok(config)
    }

    fn anchor(&mut self, folder: &Path) {
        let paths = &mut self.paths;
        for path in [
            &mut self.home,
            &mut paths.extracts,
            &mut paths.portal,
            &mut paths.internal,
            &mut paths.state,
            &mut self.secrets.person_key_file,
        ] {
            *path = folder.join(&*path).components().collect();
        }
        self.secrets.signing_key_file.iter_mut().for_each(|path| *path = folder.join(&*path).components().collect());
        self.engine.anchor(folder);
        self.portal.anchor(folder);
        self.alerts.anchor(folder);
        self.lineage.anchor(folder);
        self.sources.values_mut().for_each(|source| source.anchor(folder));
        self.forms.anchor(folder);
        self.mandates.iter_mut().for_each(|mandates| mandates.anchor(folder));
        self.training.iter_mut().for_each(|training| training.anchor(folder));
    }

    fn check(&self) -> Result<(), Refusal> {
        let mut wrong = Vec::new();
        if self.paths.internal.starts_with(&self.paths.portal) {
            wrong.push("paths.internal lies inside paths.portal, where everyone could read it; move it out".to_owned());
        }
        let data = self.data_folders();
        let keys = [("person_key_file", Some(&self.secrets.person_key_file)), ("signing_key_file", self.secrets.signing_key_file.as_ref())];
        for (name, file) in keys {
            if file.is_some_and(|file| data.iter().any(|folder| file.starts_with(folder))) {
                wrong.push(format!(
                    "secrets.{name} lies inside a data folder, where a backup or a publication would take it along; move it out"
                ));
            }
        }
        wrong.extend(self.engine.check(&data, &self.home));
        if !(1..=366).contains(&self.portal.pointer_days) {
            wrong.push("portal.pointer_days must be between 1 and 366".to_owned());
        }
        wrong.extend(self.metrics.check());
        wrong.extend(self.alerts.check(self.forms.enabled && self.forms.mail.is_some()));
        wrong.extend(self.lineage.check());
        wrong.extend(self.forms.check().err().map(|error| error.to_string()));
        wrong.extend(self.mandates.as_ref().and_then(MandatesConfig::check));
        wrong.extend(self.training.as_ref().and_then(Training::check));
        if [&self.paths.portal, &self.paths.extracts].iter().any(|folder| self.forms.store.starts_with(folder)) {
            wrong.push("forms.store lies inside paths.portal or paths.extracts, where others could read it; move it out".to_owned());
        }
        if self.run.parallel_sources == 0 {
            wrong.push("run.parallel_sources must be at least 1".to_owned());
        }
        if self.portal.browser_engine.is_some() && !self.portal.database {
            wrong.push("portal.browser_engine needs portal.database = true: it asks the database file".to_owned());
        }
        for key in sources::unknown(&self.sources) {
            wrong.push(format!(
                "[sources.{key}] names no source; `virsis sources` lists them: `jar` for all extracts of JAR, `jar__valdymas` for one"
            ));
        }
        if !self.serve.address.ip().is_loopback() {
            wrong.push("serve.address must be a loopback address: put a web server in front to publish the portal".to_owned());
        }
        let shares = [
            ("run.bad_rows_share", self.run.bad_rows_share),
            ("gates.fewer_rows", self.gates.fewer_rows),
            ("gates.lost_keys", self.gates.lost_keys),
            ("gates.emptier_column", self.gates.emptier_column),
        ];
        for (key, _) in shares.iter().filter(|(_, share)| !(0.0..=1.0).contains(share)) {
            wrong.push(format!("{key} must be between 0 and 1"));
        }
        wrong.extend(self.publication.problems());
        if wrong.is_empty() { Ok(()) } else { Err(Refusal(wrong)) }
    }

    /// What everything says that leaves a training environment, as far as it has a place for it.
    pub(crate) fn training_notice(&self) -> Option<&'static str> {
        self.training.as_ref().map(|_| forms::TRAINING_NOTICE)
    }

    /// Folders of data, none of which may hold a key.
    pub(crate) fn data_folders(&self) -> [&PathBuf; 4] {
        [&self.paths.extracts, &self.paths.portal, &self.paths.internal, &self.paths.state]
    }

    /// The folder of a tier's releases.
    pub(crate) fn tier_root(&self, tier: Tier) -> &Path {
        if tier == Tier::Internal { &self.paths.internal } else { &self.paths.portal }
    }
}

/// `VIRSIS_HOME` sets `home`, `VIRSIS_RUN_BSI_POLICY` sets `run.bsi_policy`; the value is TOML, or else plain text.
fn override_key(keys: &mut toml::Table, variable: &str, value: &str) -> Result<(), Refusal> {
    const SECTIONS: &[&str] = &[
        "paths",
        "secrets",
        "engine",
        "run",
        "gates",
        "retention",
        "publication",
        "portal",
        "serve",
        "metrics",
        "alerts",
        "lineage",
        "forms",
        "training",
    ];
    let name = variable.trim_start_matches("VIRSIS_").to_lowercase();
    let parsed = format!("value = {value}").parse::<toml::Table>().ok().and_then(|mut table| table.remove("value"));
    let parsed = parsed.unwrap_or_else(|| toml::Value::String(value.to_owned()));
    match SECTIONS.iter().find_map(|section| Some((*section, name.strip_prefix(section)?.strip_prefix('_')?))) {
        Some((section, key)) => {
            let entry = keys.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            let table = entry.as_table_mut().ok_or_else(|| Refusal::one(format!("`{section}` must be a table")))?;
            table.insert(key.to_owned(), parsed);
        }
        None if name == "home" => drop(keys.insert(name, parsed)),
        None => return Err(Refusal::one(format!("environment variable {variable} is not a configuration key"))),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config, Refusal> {
        Config::parse(text, environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn an_empty_file_is_all_defaults_and_the_example_names_every_key_with_its_default() {
        let example = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../virsis.example.toml")).unwrap();
        assert_eq!(format!("{:?}", parse("", &[]).unwrap()), format!("{:?}", parse(&example, &[]).unwrap()));
        let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md")).unwrap();
        for key in [
            "home",
            "extracts",
            "portal",
            "internal",
            "state",
            "person_key_file",
            "kind",
            "partitions",
            "statement_minutes",
            "bsi_policy",
            "bad_rows_share",
            "bad_rows_floor",
            "source_minutes",
            "parallel_sources",
            "fewer_rows",
            "more_rows",
            "lost_keys",
            "emptier_column",
            "floor",
            "remove_personal",
            "refused_days",
            "other_days",
            "database",
            "boundaries",
            "address",
            "schedules",
            "enabled",
            "store",
            "origin",
            "local_accounts",
            "nightly_digest",
            "behind_proxy",
            "requests_per_minute",
            "sign_ins_per_minute",
            "draft_days",
            "stale_days",
            "keep_days",
            "namespace",
        ] {
            assert!(example.contains(&format!("{key} = ")), "{key} is missing in virsis.example.toml");
            assert!(docs.contains(&format!("`{key}`")) || docs.contains(&format!(".{key}`")), "{key} is missing in docs/configuration.md");
        }
    }

    #[test]
    fn unknown_keys_and_variables_are_refused_by_name() {
        assert!(parse("[paths]\nportall = 'x'", &[]).unwrap_err().to_string().contains("portall"));
        assert!(parse("", &[("VIRSIS_PORTAL", "x")]).unwrap_err().to_string().contains("VIRSIS_PORTAL"));
        assert!(parse("", &[("VIRSIS_RUN_BSI", "x")]).is_err());
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let config =
            parse("[run]\nbad_rows_floor = 1", &[("VIRSIS_RUN_BAD_ROWS_FLOOR", "7"), ("VIRSIS_PATHS_PORTAL", "elsewhere")]).unwrap();
        assert_eq!((config.run.bad_rows_floor, config.paths.portal), (7, PathBuf::from("elsewhere")));
        let mut config = parse("", &[("VIRSIS_PORTAL_BOUNDARIES", "{ file = 'ribos.geojson', code = 'SAV' }")]).unwrap();
        config.anchor(Path::new("/srv"));
        let boundaries = config.portal.boundaries.unwrap();
        assert_eq!((boundaries.file, boundaries.code.as_deref(), boundaries.source), ("/srv/ribos.geojson".into(), Some("SAV"), None));
    }

    #[test]
    fn dangerous_places_are_refused() {
        let at = |text: &str| {
            let mut config = parse(text, &[]).unwrap();
            config.anchor(Path::new("/srv"));
            config.check()
        };
        assert!(at("").is_ok());
        assert!(at("[paths]\ninternal = 'portal/internal'").is_err());
        assert!(at("[secrets]\nperson_key_file = 'state/key'").is_err());
        assert!(at("[serve]\naddress = '0.0.0.0:80'").is_err());
        assert!(at("[training]\nlisten = '127.0.0.1:8082'").is_ok() && at("[training]\nlisten = '0.0.0.0:8082'").is_err());
        assert!(at("[metrics]\nlisten = '127.0.0.1:9464'").is_ok() && at("[metrics]\nlisten = '0.0.0.0:9464'").is_err());
        assert!(parse("[alerts]\nwebhook = 'https://example.invalid/'", &[]).is_err(), "an address is a secret");
        assert!(at("[forms]\nstore = 'portal/forms.sqlite'").is_err());
        let asked = |manager: &str| {
            at(&format!(
                "[mandates]\ntransport = 'ws'\nmanager = '{manager}'\nservice = {{ address = 'https://x', key_file = 'k', service_keys = ['c'] }}"
            ))
        };
        assert!(asked("188604955").is_ok() && asked("188604956").is_err());
        assert!(at("[forms]\norigin = 'http://teikimas.example.lt'").is_err(), "sessions would travel in the clear");
    }
}
