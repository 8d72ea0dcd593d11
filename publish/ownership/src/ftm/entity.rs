//! An entity of FollowTheMoney: a schema, and texts by the name of a property.

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Serialize, Serializer};

use crate::party::{Party, digest};
use crate::{Error, Publication};

/// What all of our identifiers begin with.
const PREFIX: &str = "lt-virsis-";

/// One line of the file.
#[derive(Debug)]
pub(super) struct Entity {
    schema: &'static str,
    /// Texts with their properties, as they were added.
    properties: Vec<(&'static str, String)>,
}

impl Entity {
    /// Adds a text to a property, unless there is none.
    pub(super) fn add(&mut self, property: &'static str, text: Option<impl Into<String>>) {
        self.properties.extend(text.map(|text| (property, text.into())));
    }

    pub(super) fn has(&self, property: &str) -> bool {
        self.properties.iter().any(|(name, _)| *name == property)
    }
}

/// An entity as it is printed.
#[derive(Serialize)]
struct Line<'e> {
    id: &'e str,
    schema: &'static str,
    properties: Properties<'e>,
}

/// Texts in the order of properties, each once.
struct Properties<'e>(Vec<(&'static str, &'e str)>);

impl<'e> Properties<'e> {
    fn of(entity: &'e Entity, published: &'e [(&'static str, String)]) -> Self {
        let mut all: Vec<_> = entity.properties.iter().chain(published).map(|(name, text)| (*name, text.as_str())).collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let groups = self.0.chunk_by(|(one, _), (other, _)| one == other);
        serializer.collect_map(groups.map(|group| (group[0].0, Texts(group))))
    }
}

/// The texts of one property.
struct Texts<'e>(&'e [(&'static str, &'e str)]);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(_, text)| text))
    }
}

/// Entities of one kind, by identifier.
#[derive(Debug, Default)]
pub(super) struct Entities(BTreeMap<String, Entity>);

impl Entities {
    /// The entity, which is made if there is none yet.
    pub(super) fn entity(&mut self, id: String, schema: &'static str) -> &mut Entity {
        self.0.entry(id).or_insert_with(|| Entity { schema, properties: Vec::new() })
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
        let mut published = vec![("publisher", publication.publisher.to_owned())];
        published.extend(publication.home().map(|home| ("publisherUrl", home)));
        for (id, entity) in self.0 {
            let line = Line { id: &id, schema: entity.schema, properties: Properties::of(&entity, &published) };
            serde_json::to_writer(&mut *out, &line).map_err(Error::printing)?;
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
