//! An entity of FollowTheMoney: a schema, and texts by the name of a property.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde::Serialize;

use crate::party::{Party, digest};
use crate::{Error, Publication};

/// What all of our identifiers begin with.
const PREFIX: &str = "lt-virsis-";

/// One line of the file.
#[derive(Debug, Serialize)]
pub(super) struct Entity {
    id: String,
    schema: &'static str,
    properties: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Entity {
    pub(super) fn new(id: String, schema: &'static str) -> Self {
        Self { id, schema, properties: BTreeMap::new() }
    }

    /// Adds a text to a property, unless there is none.
    pub(super) fn add(&mut self, property: &'static str, text: Option<impl Into<String>>) {
        if let Some(text) = text {
            self.properties.entry(property).or_default().insert(text.into());
        }
    }

    pub(super) fn has(&self, property: &str) -> bool {
        self.properties.contains_key(property)
    }
}

/// Entities of one kind, by identifier.
#[derive(Debug, Default)]
pub(super) struct Entities(BTreeMap<String, Entity>);

impl Entities {
    /// The entity, which is made if there is none yet.
    pub(super) fn entity(&mut self, id: String, schema: &'static str) -> &mut Entity {
        self.0.entry(id.clone()).or_insert_with(|| Entity::new(id, schema))
    }

    /// Gives a name to those without one, since the format asks for it: their identifier, which nobody is found by.
    pub(super) fn name_nameless(&mut self) {
        for (id, entity) in &mut self.0 {
            if !entity.has("name") {
                entity.add("name", Some(id.as_str()));
            }
        }
    }

    /// Writes them in the order of their identifiers, each with who publishes it.
    pub(super) fn write(self, publication: &Publication<'_>, out: &mut dyn Write) -> Result<(), Error> {
        for mut entity in self.0.into_values() {
            entity.add("publisher", Some(publication.publisher));
            entity.add("publisherUrl", publication.home());
            serde_json::to_writer(&mut *out, &entity).map_err(Error::printing)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// The identifier of a party: the same in every release.
pub(super) fn party_id(party: Party<'_>) -> String {
    id(&[&party.record_name()])
}

/// The identifier of whatever these texts tell from all else.
pub(super) fn id(told_by: &[&str]) -> String {
    format!("{PREFIX}{}", digest(told_by))
}
