//! A question: what is asked about whom, in an envelope, signed.

use catalog::SecretCode;
use chrono::NaiveDate;
use xmlsignature::{ENVELOPE_NAMESPACE, Error, SigningKey};

use super::NAMESPACE;

/// Codes to ask about and what to ask. Not to be printed.
pub(super) struct Question<'a> {
    /// Unlike that of any other question; the answer must repeat it.
    pub(super) id: &'a str,
    /// The raw table's subject.
    pub(super) extract: &'a str,
    /// The day whose state is asked for.
    pub(super) as_of: NaiveDate,
    /// Digits only; [`super::chain::Chain`] lets nothing else through.
    pub(super) codes: &'a [SecretCode],
}

impl Question<'_> {
    /// The signed message.
    pub(super) fn signed(&self, key: &SigningKey) -> Result<String, Error> {
        let Self { id, extract, as_of, codes } = self;
        let codes: String = codes.iter().map(|code| format!("<v:kodas>{}</v:kodas>", code.expose_to_register())).collect();
        let envelope = format!(
            "<soap:Envelope xmlns:soap=\"{ENVELOPE_NAMESPACE}\"><soap:Body>\
             <v:uzklausa xmlns:v=\"{NAMESPACE}\" id=\"{id}\" israsas=\"{extract}\" data=\"{as_of}\">{codes}</v:uzklausa>\
             </soap:Body></soap:Envelope>"
        );
        xmlsignature::sign(&envelope, id, key)
    }
}
