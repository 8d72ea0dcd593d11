//! Objects of BODS 0.4, as far as they are used, in the order of its schema (standard.openownership.org/en/0.4.0).

use serde::Serialize;
use serde_json::Number;

/// What a statement says of its record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Details {
    Entity(Entity),
    Person(Person),
    Relationship(Relationship),
}

impl Details {
    /// Code of codelist `recordType`.
    pub(super) fn record_type(&self) -> &'static str {
        match self {
            Self::Entity(_) => "entity",
            Self::Person(_) => "person",
            Self::Relationship(_) => "relationship",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entity {
    pub(super) is_component: bool,
    pub(super) entity_type: EntityType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unspecified_entity_details: Option<Unspecified>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) jurisdiction: Option<Country>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) founding_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dissolution_date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) addresses: Vec<Address>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct EntityType {
    #[serde(rename = "type")]
    pub(super) code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Country {
    pub(super) name: String,
    pub(super) code: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identifier {
    pub(super) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scheme: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scheme_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Address {
    #[serde(rename = "type")]
    pub(super) code: &'static str,
    pub(super) address: String,
    pub(super) country: Country,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) is_component: bool,
    pub(super) person_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unspecified_person_details: Option<Unspecified>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) names: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Name {
    #[serde(rename = "type")]
    pub(super) code: &'static str,
    pub(super) full_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) given_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relationship {
    pub(super) is_component: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) component_records: Vec<String>,
    pub(super) subject: String,
    pub(super) interested_party: InterestedParty,
    pub(super) interests: Vec<Interest>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum InterestedParty {
    /// A record.
    Record(String),
    Unspecified(Unspecified),
}

/// Why somebody cannot be named.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Unspecified {
    /// Code of codelist `unspecifiedReason`.
    pub(super) reason: &'static str,
    pub(super) description: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Interest {
    #[serde(rename = "type")]
    pub(super) code: &'static str,
    pub(super) direct_or_indirect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) share: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_date: Option<String>,
}

/// A percentage, or the range that it lies in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Share {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exact: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) minimum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exclusive_minimum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum: Option<Number>,
}

/// Where a statement comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Source {
    /// Codes of codelist `sourceType`.
    #[serde(rename = "type")]
    pub(super) codes: Vec<&'static str>,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) asserted_by: Vec<Agent>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Agent {
    pub(super) name: String,
}

/// One line of the file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Statement<'a> {
    pub(super) statement_id: &'a str,
    pub(super) statement_date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) annotations: Vec<Annotation<'a>>,
    pub(super) publication_details: PublicationDetails<'a>,
    pub(super) source: &'a Source,
    pub(super) declaration_subject: &'a str,
    pub(super) record_id: &'a str,
    pub(super) record_type: &'static str,
    pub(super) record_status: &'static str,
    pub(super) record_details: &'a Details,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Annotation<'a> {
    pub(super) statement_pointer_target: &'static str,
    pub(super) motivation: &'static str,
    pub(super) description: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublicationDetails<'a> {
    pub(super) publication_date: String,
    pub(super) bods_version: &'static str,
    pub(super) license: &'a str,
    pub(super) publisher: Publisher<'a>,
}

#[derive(Debug, Serialize)]
pub(super) struct Publisher<'a> {
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}
