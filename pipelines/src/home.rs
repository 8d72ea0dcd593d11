//! Loads what is in the home folder and beside it: the definitions, the content, the boundaries on the map, the person key.

use std::fs;
use std::path::Path;

use anyhow::Result;
use catalog::{Catalog, Content};
use forms::Feed;
use publish::Boundaries;
use transforms::PersonKey;

use crate::config::{BoundariesFile, Config};
use crate::refusal::Refusal;

/// Reads the definitions; refuses contradictions.
pub(crate) fn load_catalog(config: &Config) -> Result<Catalog> {
    let catalog = Catalog::load(&config.home).map_err(Refusal::one)?;
    let problems: Vec<String> = catalog.problems().iter().map(ToString::to_string).collect();
    if problems.is_empty() { Ok(catalog) } else { Err(Refusal(problems).into()) }
}

/// Reads news and help; refuses what may not be shown on a page.
pub(crate) fn load_content(config: &Config) -> Result<Content> {
    Ok(Content::load(&config.home).map_err(Refusal)?)
}

/// Reads the boundaries of municipalities, if the settings name any; refuses what cannot be drawn.
pub(crate) fn load_boundaries(config: &Config, catalog: &Catalog) -> Result<Option<Boundaries>> {
    let Some(BoundariesFile { file, code, source }) = &config.portal.boundaries else { return Ok(None) };
    let boundaries = Boundaries::load(file, code.as_deref(), source.as_deref(), catalog).map_err(Refusal::one)?;
    Ok(Some(boundaries))
}

/// Reads the forms of the manual feeds.
pub(crate) fn load_feeds(config: &Config, catalog: &Catalog) -> Result<Vec<Feed>> {
    Ok(Feed::load_all(&config.home, catalog).map_err(Refusal::one)?)
}

/// Reads the person key, from a file that only its owner may read.
pub(crate) fn person_key(path: &Path) -> Result<PersonKey> {
    let refuse = |reason: String| Refusal::one(format!("person key {}: {reason}", path.display()));
    let bytes = fs::read(path).map_err(|error| refuse(format!("{error}; create one with `virsis key`")))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_err(|error| refuse(error.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(refuse("others may read it; set its mode to 0600".to_owned()).into());
        }
    }
    Ok(PersonKey::new(&bytes).map_err(|error| refuse(error.to_string()))?)
}
