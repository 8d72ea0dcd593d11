//! What was entered, in words: for the review page, and for the document that is signed.

use catalog::{Catalog, Kind, print_money, unscaled};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Vilnius;
use document::{Document, Record as Printed, Section as Part};

use crate::compared::compare;
use crate::entry::{Entry, Record, SEPARATOR};
use crate::feed::{Feed, Field, Section};
use crate::register::Outlet;
use crate::store::{Attachment, Submission};

/// A value in words: titles of codes, names of outlets, sums with their unit. What cannot be understood is shown as it stands.
#[must_use]
pub fn shown(field: &Field, value: &str, catalog: &Catalog, outlets: &[Outlet]) -> String {
    if let Some(classifier) = field.classifier().and_then(|name| catalog.classifier(name).ok()) {
        let title = |code: &str| classifier.title(code).map_or_else(|| code.to_owned(), |title| title.lt.clone());
        return value.split(SEPARATOR).map(title).collect::<Vec<_>>().join("; ");
    }
    if field.is_outlet() {
        let outlet = outlets.iter().find(|outlet| outlet.number == value);
        return outlet.map_or_else(|| value.to_owned(), |outlet| format!("{} ({value})", outlet.name));
    }
    match field.column.kind {
        Kind::Boolean => if value == "true" { "taip" } else { "ne" }.to_owned(),
        Kind::Money => unscaled(value, 2).map_or_else(|| value.to_owned(), |cents| format!("{} €", spaced(&print_money(cents)))),
        Kind::Integer => match &field.column.unit {
            Some(unit) => format!("{} {unit}", spaced(value)),
            None => spaced(value),
        },
        _ => value.to_owned(),
    }
}

/// `1234567.50` as `1 234 567,50`.
fn spaced(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len() - place;
        if place > 0 && left % 3 == 0 && !text.ends_with('-') {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

/// Fields of a record that have a value, with their titles. `codes` says whether codes of persons and birth dates may be seen.
pub fn fields<'a>(
    section: &'a Section,
    record: &'a Record,
    catalog: &'a Catalog,
    outlets: &'a [Outlet],
    codes: bool,
) -> impl Iterator<Item = (&'a Field, String)> {
    section.fields.iter().filter_map(move |field| {
        let value = record.get(field.name())?;
        let hidden = !codes && field.is_secret();
        Some((field, if hidden { "(nerodoma)".to_owned() } else { shown(field, value, catalog, outlets) }))
    })
}

/// Everything a document is made of.
#[derive(Debug)]
pub struct Paper<'a> {
    /// The feed.
    pub feed: &'a Feed,
    /// The submission.
    pub submission: &'a Submission,
    /// What was entered.
    pub entry: &'a Entry,
    /// What stands now where it will: what of it goes is signed, too.
    pub before: &'a Entry,
    /// All definitions.
    pub catalog: &'a Catalog,
    /// Outlets by which numbers get names.
    pub outlets: &'a [Outlet],
    /// Name of the VIRS.
    pub virs_name: &'a str,
    /// Who formed it.
    pub person: &'a str,
    /// What is attached.
    pub attachments: &'a [Attachment],
    /// The receipt in whose place it shall stand.
    pub supersedes: Option<&'a str>,
    /// What every page says of the whole, if anything.
    pub notice: Option<&'a str>,
    /// When it is formed.
    pub formed: DateTime<Utc>,
}

impl Paper<'_> {
    /// The document.
    #[must_use]
    pub fn to_pdf(&self) -> Vec<u8> {
        let acting = &self.submission.acting;
        let mut facts = vec![
            ("VIRS".to_owned(), format!("{}, kodas {}", self.virs_name, self.submission.virs)),
            ("Teikia".to_owned(), format!("{}, kodas {}", acting.organisation_name, acting.organisation_code)),
            ("Atstovas".to_owned(), self.person.to_owned()),
            ("Suformuota".to_owned(), self.formed.with_timezone(&Vilnius).format("%Y-%m-%d %H:%M").to_string()),
        ];
        if let Some(receipt) = self.supersedes {
            facts.push(("Pakeičia pateikimą".to_owned(), receipt.to_owned()));
        }
        let mut sections: Vec<Part> = self.feed.sections.iter().map(|section| self.part(section)).collect();
        sections.extend(compare(self.feed, self.before, self.entry).iter().filter(|part| !part.removed.is_empty()).map(|part| Part {
            title: format!("Šalinama: {}", part.section.title),
            records: part.removed.iter().enumerate().map(|(place, record)| self.printed(part.section, place, record)).collect(),
            note: None,
        }));
        if !self.attachments.is_empty() {
            let record = |attachment: &Attachment| {
                let mut fields = vec![
                    ("SHA-256".to_owned(), attachment.sha256.clone()),
                    ("Dydis".to_owned(), format!("{} B", spaced(&attachment.size.to_string()))),
                ];
                if self.feed.publishes {
                    fields.push(("Skelbiamas viešai".to_owned(), if attachment.public { "taip" } else { "ne" }.to_owned()));
                }
                Printed { title: attachment.name.clone(), fields }
            };
            let records = self.attachments.iter().map(record).collect();
            sections.push(Part { title: "Pridedami dokumentai".to_owned(), records, note: None });
        }
        let document = Document {
            title: self.feed.title.clone(),
            number: format!("Pateikimas Nr. {}", self.submission.id),
            facts,
            sections,
            closing: "Pasirašydamas patvirtinu, kad pateikti duomenys yra teisingi ir išsamūs.".to_owned(),
            notice: self.notice.unwrap_or_default().to_owned(),
            formed: self.formed,
        };
        document.to_pdf()
    }

    fn part(&self, section: &Section) -> Part {
        let records = self.entry.records(&section.name);
        let printed = records.iter().enumerate().map(|(place, record)| self.printed(section, place, record));
        let note = records.is_empty().then(|| "Įrašų nėra.".to_owned());
        Part { title: section.title.clone(), records: printed.collect(), note }
    }

    fn printed(&self, section: &Section, place: usize, record: &Record) -> Printed {
        Printed {
            title: if section.max == 1 { String::new() } else { format!("{} {}", section.one, place + 1) },
            fields: fields(section, record, self.catalog, self.outlets, true).map(|(field, value)| (field.title.clone(), value)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{catalog, feed};

    #[test]
    fn values_are_shown_in_words_and_secrets_only_to_those_who_may_see_them() {
        let lesos = feed("lesos").section("lesos").unwrap();
        let print = |name: &str, value: &str| shown(lesos.field(name).unwrap(), value, catalog(), &[]);
        assert_eq!(print("suma", "1234567.5"), "1\u{a0}234\u{a0}567,50 €");
        assert_eq!(print("sutarties_rusis", "dotacija"), "Dotacijos sutartis");
        let section = feed("virs").section("atsakingi").unwrap();
        let record: Record =
            [("asmens_kodas", "33309240064"), ("vardas", "Ąžuolas")].map(|(name, value)| (name.into(), value.into())).into();
        let seen = |codes| fields(section, &record, catalog(), &[], codes).map(|(_, value)| value).collect::<Vec<_>>();
        assert_eq!(seen(true), ["Ąžuolas", "33309240064"]);
        assert_eq!(seen(false), ["Ąžuolas", "(nerodoma)"]);
    }
}
