//! The rules a single value can be held to, by the names the definitions use.

use serde::Deserialize;

use crate::{codes, numbers, published_files};

/// A rule for one value. `Display` gives the name that quarantine and statistics use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Check {
    /// Legal-entity code: 9 digits with a check digit; an old 7-digit code passes with a warning.
    JaKodas,
    /// Personal code: 11 digits, check digit and date.
    AsmensKodas,
    /// ISSN or ISBN, told apart by length; kept in the one form in which each is written.
    Numeris,
    /// A company's registration code in any state. Eleven digits that look like a personal code pass only for a state whose codes look like that
    /// ([`Guard`](crate::Guard)).
    EntityCode,
    /// A surrogate id of a person: 32 hexadecimal digits.
    AsmensId,
    /// Paths of documents that were published with a row.
    PublishedFile,
    /// Not below zero.
    NotNegative,
    /// A code of the named classifier.
    Classifier(String),
}

impl TryFrom<String> for Check {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Ok(match text.as_str() {
            "ja_kodas" => Self::JaKodas,
            "asmens_kodas" => Self::AsmensKodas,
            "numeris" => Self::Numeris,
            "subjekto_kodas" => Self::EntityCode,
            "asmens_id" => Self::AsmensId,
            "skelbiamas_failas" => Self::PublishedFile,
            "not_negative" => Self::NotNegative,
            other => match other.strip_prefix("classifier:") {
                Some(name) if !name.is_empty() => Self::Classifier(name.to_owned()),
                _ => {
                    return Err(
                        "a check is ja_kodas, asmens_kodas, numeris, subjekto_kodas, asmens_id, skelbiamas_failas, not_negative or classifier:NAME".to_owned()
                    );
                }
            },
        })
    }
}

impl Check {
    /// The rule's name in quarantine, in `truth.json` and in statistics of data quality.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::JaKodas => "ja_kodas",
            Self::AsmensKodas => "asmens_kodas",
            Self::Numeris => "numeris",
            Self::EntityCode => "subjekto_kodas",
            Self::AsmensId => "asmens_id",
            Self::PublishedFile => "skelbiamas_failas",
            Self::NotNegative => "not_negative",
            Self::Classifier(_) => "classifier",
        }
    }

    /// Whether `text` meets a rule that needs nothing but the text itself.
    /// Classifier membership needs the catalog, and a company's code its state: those are decided by the caller, and `true` here.
    #[must_use]
    pub fn accepts(&self, text: &str) -> bool {
        match self {
            Self::JaKodas => codes::is_legal_entity_code(text) || codes::is_old_legal_entity_code(text),
            Self::AsmensKodas => codes::is_personal_code(text),
            Self::Numeris => numbers::standard_number(text).is_some(),
            Self::NotNegative => !text.starts_with('-'),
            Self::AsmensId => text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
            Self::PublishedFile => published_files(text).is_some(),
            Self::EntityCode | Self::Classifier(_) => true,
        }
    }
}
