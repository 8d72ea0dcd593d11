//! What classifiers and forms said when the latest release was made: `state/definitions.json`, beside which administrators see what has changed
//! since. Definitions alone, nothing that anybody submitted.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use catalog::Catalog;
use forms::Feed;
use forms::feed::Field;
use serde::{Deserialize, Serialize};

use super::private_file;

const FILE: &str = "definitions.json";

/// Classifiers and forms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Definitions {
    /// Titles of codes, by classifier.
    pub(crate) classifiers: BTreeMap<String, BTreeMap<String, String>>,
    /// Forms, by name.
    pub(crate) forms: BTreeMap<String, Form>,
}

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Form {
    pub(crate) title: String,
    /// Fields by the part of the form and the column.
    pub(crate) fields: BTreeMap<String, FieldSaid>,
}

/// A field, as the form asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FieldSaid {
    /// The part of the form and the field, as people read them.
    pub(crate) name: String,
    /// What is asked, by the name of the property.
    pub(crate) asked: BTreeMap<String, String>,
}

/// Those of a release.
#[derive(Debug, Serialize, Deserialize)]
struct OfRelease {
    release: String,
    #[serde(flatten)]
    definitions: Definitions,
}

impl Definitions {
    /// What they say now.
    pub(crate) fn of(catalog: &Catalog, feeds: &[Feed]) -> Self {
        let terms =
            |classifier: &catalog::Classifier| classifier.terms.iter().map(|term| (term.code.clone(), term.title.lt.clone())).collect();
        Self {
            classifiers: catalog.classifiers().map(|one| (one.name.clone(), terms(one))).collect(),
            forms: feeds.iter().map(|feed| (feed.name.clone(), form(feed))).collect(),
        }
    }

    /// Keeps them as those of this release.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save(self, state: &Path, release: &str) -> Result<()> {
        let kept = OfRelease { release: release.to_owned(), definitions: self };
        private_file::replace(&state.join(FILE), &serde_json::to_vec(&kept)?)
    }

    /// Those of the latest release, with its name; `None` while no release was made by a program that keeps them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn load(state: &Path) -> Result<Option<(String, Self)>> {
        let path = state.join(FILE);
        let failed = || format!("cannot read {}", path.display());
        match fs::read(&path) {
            Ok(bytes) => {
                let OfRelease { release, definitions } = serde_json::from_slice(&bytes).with_context(failed)?;
                Ok(Some((release, definitions)))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(failed),
        }
    }
}

fn form(feed: &Feed) -> Form {
    let mut fields = BTreeMap::new();
    for section in &feed.sections {
        for field in section.fields.iter().filter(|field| field.given.is_none()) {
            let name = format!("{} – {}", section.title, field.title);
            fields.insert(format!("{}.{}", section.name, field.name()), FieldSaid { name, asked: asked(field) });
        }
    }
    Form { title: feed.title.clone(), fields }
}

/// What is asked of a field.
fn asked(field: &Field) -> BTreeMap<String, String> {
    let yes = |holds: bool| if holds { "taip" } else { "ne" }.to_owned();
    let mut asked: BTreeMap<String, String> = [
        ("pavadinimas".to_owned(), field.title.clone()),
        ("privalomas".to_owned(), yes(field.required)),
        ("data ne vėlesnė už šiandieną".to_owned(), yes(field.past)),
        ("didesnis už nulį".to_owned(), yes(field.positive)),
    ]
    .into();
    asked.extend(field.hint.clone().map(|hint| ("paaiškinimas".to_owned(), hint)));
    asked.extend(field.classifier().map(|name| ("klasifikatorius".to_owned(), name.to_owned())));
    asked
}
