//! What the endpoint knows of VIRS and their outlets: the last release, as the internal tier has it.

use std::collections::HashMap;

use crate::folding::folded;

/// A VIRS that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Virs {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it broadcasts, re-broadcasts, distributes online or on demand.
    pub audiovisual: bool,
    /// Its address in the register of legal entities.
    pub email: Option<String>,
    /// Whether it is a VIRS no more.
    pub ended: bool,
}

/// An outlet of a VIRS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlet {
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What kind it is, in words.
    pub kind: String,
    /// Its columns as a submission would have them.
    pub record: crate::entry::Record,
}

/// The only outlet that still appears, if there is but one.
pub(crate) fn only(outlets: &[Outlet]) -> Option<&Outlet> {
    let mut appearing = outlets.iter().filter(|outlet| !outlet.record.contains_key("isregistravimo_data"));
    appearing.next().filter(|_| appearing.next().is_none())
}

/// What the last release says of a legal entity: of a VIRS, what registers say; of every entity above one, who takes part in it.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Columns as a submission would have them.
    pub record: crate::entry::Record,
    /// Titles and values, for reading.
    pub facts: Vec<(String, String)>,
    /// Its participants.
    pub participants: Vec<Participant>,
}

/// A participant of a legal entity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Participant {
    /// Its name.
    pub name: String,
    /// What kind it is, its share and since when, in words.
    pub about: String,
    /// Code of a Lithuanian legal entity.
    pub code: Option<String>,
    /// Whether its own participants belong to the picture: of a person, a foreign entity or a public body they do not.
    pub goes_on: bool,
}

/// All VIRS and outlets.
#[derive(Debug, Default)]
pub struct Register {
    virs: Vec<(String, Virs)>,
    places: HashMap<String, usize>,
    outlets: HashMap<String, Vec<Outlet>>,
    published: HashMap<String, Published>,
    greatest: i64,
}

/// How many VIRS a search shows.
pub(crate) const MOST_FOUND: usize = 30;

impl Register {
    /// Takes over what a release says: VIRS, and outlets each with the code of its VIRS.
    #[must_use]
    pub fn new(mut virs: Vec<Virs>, outlets: Vec<(String, Outlet)>) -> Self {
        virs.sort_by(|one, other| folded(&one.name).cmp(&folded(&other.name)).then_with(|| one.code.cmp(&other.code)));
        let places = virs.iter().enumerate().map(|(place, one)| (one.code.clone(), place)).collect();
        let number = |outlet: &Outlet| outlet.number.rsplit('-').next().and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let greatest = outlets.iter().map(|(_, outlet)| number(outlet)).max().unwrap_or(0);
        let mut by_virs: HashMap<String, Vec<Outlet>> = HashMap::new();
        for (code, outlet) in outlets {
            by_virs.entry(code).or_default().push(outlet);
        }
        let virs = virs
            .into_iter()
            .map(|one| {
                let names = by_virs.get(&one.code).into_iter().flatten().map(|outlet| outlet.name.as_str());
                let text = folded(&[one.name.as_str(), &one.code].into_iter().chain(names).collect::<Vec<_>>().join(" "));
                (text, one)
            })
            .collect();
        Self { virs, places, outlets: by_virs, published: HashMap::new(), greatest }
    }

    /// Notes what the release says of a legal entity.
    pub fn know(&mut self, code: &str, published: Published) {
        self.published.insert(code.to_owned(), published);
    }

    /// What the release says of a legal entity.
    #[must_use]
    pub fn published(&self, code: &str) -> Option<&Published> {
        self.published.get(code)
    }

    /// A VIRS by its code.
    #[must_use]
    pub fn virs(&self, code: &str) -> Option<&Virs> {
        self.places.get(code).map(|place| &self.virs[*place].1)
    }

    /// All VIRS, in the order of their names.
    pub fn all(&self) -> impl Iterator<Item = &Virs> {
        self.virs.iter().map(|(_, virs)| virs)
    }

    /// The outlets of a VIRS.
    #[must_use]
    pub fn outlets(&self, code: &str) -> &[Outlet] {
        self.outlets.get(code).map_or(&[], Vec::as_slice)
    }

    /// The greatest number an outlet has.
    #[must_use]
    pub fn greatest_outlet_number(&self) -> i64 {
        self.greatest
    }

    /// VIRS of which every word is part of the name, the code or an outlet's name; letters with and without marks are alike.
    pub fn find<'a>(&'a self, words: &str, audiovisual_only: bool) -> Vec<&'a Virs> {
        let words: Vec<String> = folded(words).split_whitespace().map(str::to_owned).collect();
        let fits = |text: &str| words.iter().all(|word| text.contains(word.as_str()));
        self.virs
            .iter()
            .filter(|(text, virs)| (!audiovisual_only || virs.audiovisual) && fits(text))
            .map(|(_, virs)| virs)
            .take(MOST_FOUND + 1)
            .collect()
    }

    /// How many VIRS there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.virs.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.virs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register() -> Register {
        let virs =
            |code: &str, name: &str, audiovisual| Virs { code: code.into(), name: name.into(), audiovisual, email: None, ended: false };
        let outlet =
            Outlet { number: "VIP-000041".into(), name: "Žinių šaltinis".into(), kind: "Svetainė".into(), record: Default::default() };
        Register::new(vec![virs("2", "UAB „Šiaurės rytas“", false), virs("1", "VšĮ „Ąžuolo radijas“", true)], vec![("2".into(), outlet)])
    }

    #[test]
    fn a_search_finds_names_codes_and_outlets_with_and_without_marks() {
        let register = register();
        let found = |words, only| register.find(words, only).iter().map(|virs| virs.code.as_str()).collect::<Vec<_>>();
        assert_eq!(found("siaures", false), ["2"]);
        assert_eq!(found("RYTAS Šiaurės", false), ["2"]);
        assert_eq!(found("zinių saltinis", false), ["2"]);
        assert_eq!(found("", false), ["2", "1"], "in order of names");
        assert_eq!(found("", true), ["1"]);
        assert_eq!(found("siaures", true), Vec::<&str>::new());
        assert_eq!(found("nera tokio", false), Vec::<&str>::new());
        assert_eq!(register.greatest_outlet_number(), 41);
    }
}
