//! What ends on a day that is known before, and then stops the installation or its readers: certificates that the settings name, the list of
//! signing keys.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::Vilnius;
use connectors::{HttpSettings, Term};
use trust::layout;
use trust::{KeyList, Pointer};

use crate::config::{Config, MandatesConfig, SourceConfig};
use crate::signing;

/// A file with certificates that the settings name.
#[derive(Debug)]
pub(crate) struct CertificateFile {
    /// The section's name: a source, `mandates`, `forms`, `viisp`, `alerts`, `lineage`.
    pub(crate) section: String,
    /// The whole name of the setting.
    pub(crate) setting: String,
    pub(crate) path: PathBuf,
    /// Whether it is what we prove with who we are.
    pub(crate) is_ours: bool,
    /// Those of its certificates; a file of plain public keys has none.
    pub(crate) terms: Result<Vec<Term>, connectors::Error>,
}

impl CertificateFile {
    /// When ours ends; of others when the first of those certificates ends that are still in force; where none is, when the last one ended. Authorities that have
    /// ended stand in many lists of them and do no harm.
    pub(crate) fn next_end(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let ends = || self.terms.iter().flatten().map(|term| DateTime::<Utc>::from(term.until));
        if self.is_ours {
            // The first is ours, the others are those that it was issued by.
            return ends().next();
        }
        ends().filter(|end| now <= *end).min().or_else(|| ends().max())
    }
}

/// All of them.
pub(crate) fn certificate_files(config: &Config) -> Vec<CertificateFile> {
    let mut named: Vec<(String, String, &Path)> = Vec::new();
    for (name, source) in &config.sources {
        let section = format!("sources.{name}");
        named.extend(SourceConfig::http(source).into_iter().flat_map(|http| of_network(name, &section, http)));
        if let SourceConfig::Ws(ws) = source {
            named.extend(ws.service_keys.iter().map(|path| (name.clone(), format!("{section}.service_keys"), path.as_path())));
        }
    }
    if let Some(MandatesConfig::Ws(ws)) = &config.mandates {
        named.extend(of_network("mandates", "mandates.service", &ws.service.http));
        let keys = ws.service.service_keys.iter();
        named.extend(keys.map(|path| ("mandates".to_owned(), "mandates.service.service_keys".to_owned(), path.as_path())));
    }
    let forms = &config.forms;
    let viisp = forms.viisp.iter().flat_map(|viisp| {
        let keys = viisp.service_keys.iter().map(|path| ("viisp", "forms.viisp.service_keys", path));
        keys.chain(viisp.authorities_file.iter().map(|path| ("viisp", "forms.viisp.authorities_file", path)))
    });
    let others = forms.roots_file.iter().map(|path| ("forms", "forms.roots_file", path)).chain(viisp);
    let others = others.chain(config.alerts.authorities_file.iter().map(|path| ("alerts", "alerts.authorities_file", path)));
    let others = others.chain(config.lineage.authorities_file.iter().map(|path| ("lineage", "lineage.authorities_file", path)));
    named.extend(others.map(|(section, setting, path)| (section.to_owned(), setting.to_owned(), path.as_path())));
    let file = |(section, setting, path): (String, String, &Path)| CertificateFile {
        is_ours: setting.ends_with(".identity_file"),
        section,
        setting,
        path: path.to_owned(),
        terms: connectors::terms_of(path),
    };
    named.into_iter().map(file).collect()
}

fn of_network<'a>(name: &str, section: &str, http: &'a HttpSettings) -> Vec<(String, String, &'a Path)> {
    let files = [("authorities_file", &http.authorities_file), ("identity_file", &http.identity_file)];
    let named = files.into_iter().filter_map(|(key, path)| Some((name.to_owned(), format!("{section}.{key}"), path.as_deref()?)));
    named.collect()
}

/// Until when readers believe the pointer of the portal, if releases are signed.
pub(crate) fn pointer_end(config: &Config) -> Option<DateTime<Utc>> {
    config.secrets.signing_key_file.as_ref()?;
    let pointer = signing::read(&config.paths.portal, layout::POINTER).ok()?;
    end_of(Pointer::parse(&pointer).ok()?.expires)
}

/// Version of the newest list of keys, and until when it may be used, if releases are signed and it says so.
pub(crate) fn key_list_end(config: &Config) -> Result<Option<(u64, DateTime<Utc>)>> {
    if config.secrets.signing_key_file.is_none() {
        return Ok(None);
    }
    let newest = signing::newest_list(&config.paths.portal)?;
    let bytes = newest.and_then(|version| signing::read(&config.paths.portal, &layout::key_list(version)).ok());
    let list: Option<KeyList> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Ok(list.and_then(|list| Some((list.version, end_of(list.expires?)?))))
}

/// The end of a day that counts as a whole.
fn end_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    let next = day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN);
    next.and_local_timezone(Vilnius).earliest().map(|end| end.with_timezone(&Utc))
}
