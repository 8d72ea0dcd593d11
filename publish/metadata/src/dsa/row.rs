//! A line of the manifest: its columns in the order in which Spinta writes them.

use serde::Serialize;

/// Metadata may change without notice.
const STATUS: &str = "develop";
/// Metadata are used nation-wide.
const VISIBILITY: &str = "package";

/// A line. Exactly one of `dataset` to `property` is filled, or none where `kind` names a further dimension (`enum`, `comment`).
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Row {
    /// Filled by the catalogue.
    pub(super) id: String,
    /// Name of a dataset.
    pub(super) dataset: String,
    /// Name of a source of data.
    pub(super) resource: String,
    /// Model of which the next one is a kind.
    pub(super) base: String,
    /// Name of a model.
    pub(super) model: String,
    /// Name of a property.
    pub(super) property: String,
    /// Type of a value or of a resource, or further dimension.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Key, model referred to, name of a list of codes, unit or precision.
    #[serde(rename = "ref")]
    pub(super) reference: String,
    /// Where it stands in the source.
    pub(super) source: String,
    /// Type in the source.
    #[serde(rename = "source.type")]
    pub(super) source_type: String,
    /// A formula.
    pub(super) prepare: String,
    /// Model from which data come.
    pub(super) origin: String,
    /// How many objects there are.
    pub(super) count: String,
    /// Maturity, 0 to 5.
    pub(super) level: String,
    /// Of metadata: whether they may change.
    pub(super) status: String,
    /// Of metadata: who uses them.
    pub(super) visibility: String,
    /// Of data: who may have them.
    pub(super) access: String,
    /// Term of a vocabulary.
    pub(super) uri: String,
    /// Legal act.
    pub(super) eli: String,
    /// What people read.
    pub(super) title: String,
    /// More than a title can say.
    pub(super) description: String,
}

impl Row {
    /// A line of a dataset, model or property.
    pub(super) fn titled(title: &str, description: Option<&str>) -> Self {
        Self {
            status: STATUS.to_owned(),
            visibility: VISIBILITY.to_owned(),
            title: title.to_owned(),
            description: description.unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }
}

/// A text in a formula.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
