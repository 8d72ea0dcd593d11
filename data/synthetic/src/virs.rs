//! One producer or disseminator of public information.

use chrono::NaiveDate;

use crate::people::PersonId;

/// Kinds of activity by how common they are; the first four are audiovisual.
pub(crate) const ACTIVITIES: [(&str, usize); 8] = [
    ("transliuotojas", 15),
    ("retransliuotojas", 7),
    ("tv_platintojas_internete", 3),
    ("uzsakomosios_paslaugos", 4),
    ("leidejas", 40),
    ("svetaines_valdytojas", 25),
    ("naujienu_agentura", 3),
    ("platintojas", 3),
];
const AUDIOVISUAL: usize = 4;

/// One VIRS.
pub(crate) struct Virs {
    /// Its place among all entities.
    pub(crate) entity: usize,
    /// What it does; the first is what it mainly does.
    pub(crate) activities: Vec<&'static str>,
    /// VIRS since.
    pub(crate) since: NaiveDate,
    /// VIRS until, if it had ceased before the nights.
    pub(crate) until: Option<NaiveDate>,
    /// Day in one of the nights on which it ceased.
    pub(crate) left: Option<NaiveDate>,
    /// Whether only a licence makes it one.
    pub(crate) only_by_licence: bool,
    /// A person who owns a part of it.
    pub(crate) owner: Option<PersonId>,
}

impl Virs {
    /// Until when it is VIRS, as far as is known tonight.
    pub(crate) fn end(&self) -> Option<NaiveDate> {
        self.until.or(self.left)
    }

    /// Whether one of its activities is audiovisual.
    pub(crate) fn is_audiovisual(&self) -> bool {
        ACTIVITIES[..AUDIOVISUAL].iter().any(|(activity, _)| self.activities.contains(activity))
    }
}
