//! What a button of the form asks for.

use super::Visit;

/// What the visitor wants done with the draft, beside having it saved.
#[derive(Clone, Copy)]
pub(super) enum Intent<'a> {
    /// See another page of the form; perhaps a field of it, to correct it.
    Page(usize, Option<&'a str>),
    /// Nothing else.
    Save,
    /// See the fields that belong to what is chosen, where no script shows them at once.
    Show,
    /// Have it checked and, if nothing is wrong, the document formed.
    Check,
    /// Add a record to a section.
    Add(&'a str),
    /// Remove a record; one that holds something only after a confirmation.
    Remove(&'a str, usize),
    /// Remove a record, having confirmed it.
    RemoveConfirmed(&'a str, usize),
    /// Look up the legal entity of a record.
    Find(&'a str, usize),
    /// Fill a record with the legal entity of this code.
    Choose(&'a str, usize, &'a str),
    /// Remove an attachment.
    Detach(i64),
    /// Have an attachment published, or not.
    Publish(i64, bool),
}

impl<'a> Intent<'a> {
    /// What was sent; a form sent by the return key names no button, and is saved. `None` for what no button sends.
    pub(super) fn of(visit: &'a Visit<'_>) -> Option<Self> {
        Self::parse(visit.sent("veiksmas").unwrap_or("saugoti"))
    }

    fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            ["puslapis", page] => Some(Self::Page(page.parse().ok()?, None)),
            ["puslapis", page, field] if is_id(field) => Some(Self::Page(page.parse().ok()?, Some(field))),
            ["saugoti"] => Some(Self::Save),
            ["rodyti"] => Some(Self::Show),
            ["tikrinti"] => Some(Self::Check),
            ["prideti", section] => Some(Self::Add(section)),
            ["salinti", section, place] => Some(Self::Remove(section, place.parse().ok()?)),
            ["salinti-taip", section, place] => Some(Self::RemoveConfirmed(section, place.parse().ok()?)),
            ["ieskoti", section, place] => Some(Self::Find(section, place.parse().ok()?)),
            ["parinkti", section, place, code] => Some(Self::Choose(section, place.parse().ok()?, code)),
            ["salinti-priedas", id] => Some(Self::Detach(id.parse().ok()?)),
            ["skelbti", id] => Some(Self::Publish(id.parse().ok()?, true)),
            ["neskelbti", id] => Some(Self::Publish(id.parse().ok()?, false)),
            _ => None,
        }
    }
}

/// Whether a text may be the id of something on a page.
fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
