//! One parameter of a report: its type, how its value may be typed, and what is wrong with one that cannot be read.

use anyhow::Result;
use catalog::Text;
use chrono::NaiveDate;
use publish::ReportParameter;

use super::default::Default;
use super::virs;
use crate::output::lithuanian;
use crate::queries::released_tables::ReleasedTables;
use crate::refusal::Refusal;

/// Years that data may be of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    kind: Kind,
    default: Option<Default>,
    pub(crate) label: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Year,
    /// The first or the second half of a year.
    Half,
    Date,
    Number,
    /// A VIRS, by its code or its name.
    Virs,
}

impl Kind {
    const ALL: [Self; 7] = [Self::Text, Self::Integer, Self::Year, Self::Half, Self::Date, Self::Number, Self::Virs];

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The word of the report's file.
    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Year => "year",
            Self::Half => "half",
            Self::Date => "date",
            Self::Number => "number",
            Self::Virs => "virs",
        }
    }

    /// What a value must be, in Lithuanian and in English.
    fn titles(self) -> [&'static str; 2] {
        match self {
            Self::Text => ["tekstas", "text"],
            Self::Integer => ["sveikasis skaičius, pvz., 20", "a whole number, e.g. 20"],
            Self::Year => ["metai, pvz., 2025", "a year, e.g. 2025"],
            Self::Half => ["1 arba 2", "1 or 2"],
            Self::Date => ["data, pvz., 2026-06-30", "a date, e.g. 2026-06-30"],
            Self::Number => ["skaičius, pvz., 0,25", "a number, e.g. 0.25"],
            Self::Virs => ["kodas arba pavadinimas", "a code or a name"],
        }
    }

    /// A value as a statement takes it; `None` for one of another type.
    fn read(self, typed: &str) -> Option<String> {
        let typed = typed.trim();
        let text = || typed.to_owned();
        match self {
            Self::Integer => typed.parse::<i64>().ok().map(|number| number.to_string()),
            Self::Year => typed.parse::<i32>().ok().filter(|year| YEARS.contains(year)).map(|year| year.to_string()),
            Self::Half => ["1", "2"].contains(&typed).then(text),
            Self::Date => typed.parse::<NaiveDate>().ok().map(|date| date.to_string()),
            Self::Number => {
                let number = typed.replacen(',', ".", 1).replace('−', "-");
                number.parse::<f64>().is_ok_and(f64::is_finite).then_some(number)
            }
            Self::Text | Self::Virs => (!typed.is_empty()).then(text),
        }
    }
}

impl Parameter {
    /// `metai year last_year "Metai" "Year"`; `-` instead of a default makes it required.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let parts: [&str; 5] = line.split('"').collect::<Vec<_>>().try_into().ok()?;
        let [head, lt, between, en, ""] = parts else { return None };
        let label = Text { lt: lt.to_owned(), en: en.to_owned() };
        if [lt, en].iter().any(|label| label.trim().is_empty()) || !between.trim().is_empty() {
            return None;
        }
        let [name, kind, default] = head.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
        let kind = Kind::parse(kind)?;
        let default = (default != "-").then(|| Default::parse(default));
        let any_day = NaiveDate::from_ymd_opt(2026, 6, 30);
        let fits = default.as_ref().is_none_or(|default| default.on(any_day).is_some_and(|value| kind.read(&value).is_some()));
        fits.then(|| Self { name: name.to_owned(), kind, default, label })
    }

    /// What its value must be.
    pub(crate) fn type_title(&self) -> &'static str {
        self.kind.titles()[0]
    }

    /// As a page has it, for a release of this day.
    pub(super) fn shown(&self, date: NaiveDate) -> ReportParameter {
        let [lt, en] = self.kind.titles().map(str::to_owned);
        ReportParameter {
            name: self.name.clone(),
            label: self.label.clone(),
            kind: self.kind.word(),
            hint: Text { lt, en },
            default: self.default_on(Some(date)).map(|value| Text { lt: self.written(&value), en: value }),
        }
    }

    pub(crate) fn is_required(&self) -> bool {
        self.default.is_none()
    }

    /// The value where none is given, for a release of this day.
    pub(crate) fn default_on(&self, date: Option<NaiveDate>) -> Option<String> {
        self.default.as_ref()?.on(date)
    }

    /// A value as people write it.
    pub(crate) fn written(&self, value: &str) -> String {
        if self.kind == Kind::Number { lithuanian(value) } else { value.to_owned() }
    }

    /// A typed value as the statement takes it.
    pub(super) fn read(&self, typed: &str, tables: &mut ReleasedTables) -> Result<String> {
        let wrong = || Refusal::one(format!("parametras {} ({}) turi būti: {}", self.name, self.label.lt, self.type_title()));
        let value = self.kind.read(typed).ok_or_else(wrong)?;
        if self.kind == Kind::Virs { virs::code(&value, tables) } else { Ok(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_lithuanians_write_them() {
        let read = |kind: Kind, typed: &str| kind.read(typed);
        assert_eq!(read(Kind::Number, "0,25").as_deref(), Some("0.25"));
        assert_eq!(read(Kind::Number, " 0.25 ").as_deref(), Some("0.25"));
        assert_eq!(read(Kind::Year, "2025").as_deref(), Some("2025"));
        for (kind, typed) in [
            (Kind::Number, "0,2,5"),
            (Kind::Number, "NaN"),
            (Kind::Number, "1.000,5"),
            (Kind::Integer, "2,5"),
            (Kind::Year, "25"),
            (Kind::Half, "3"),
            (Kind::Date, "2026-02-30"),
            (Kind::Text, " "),
        ] {
            assert_eq!(read(kind, typed), None, "{kind:?} {typed}");
        }
    }

    #[test]
    fn a_default_must_have_its_parameters_type() {
        assert!(Parameter::parse("metai year last_year \"Metai\" \"Year\"").is_some());
        for line in ["metai year last_yeer", "metai years 2025", "nuo date last_year", "metai year"] {
            assert!(Parameter::parse(&format!("{line} \"Metai\" \"Year\"")).is_none(), "{line}");
        }
    }

    #[test]
    fn a_label_is_there_in_both_languages() {
        for labels in ["", "\"Metai\"", "\"Metai\" \"\"", "\"Metai\" Year", "\"Metai\", \"Year\"", "\"Metai\" \"Year\" \"Jahr\""] {
            assert!(Parameter::parse(&format!("metai year 2025 {labels}")).is_none(), "{labels}");
        }
        let shown = Parameter::parse("riba number 0.25 \"Riba\" \"Threshold\"").unwrap().shown(NaiveDate::MIN);
        assert_eq!(shown.default, Some(Text { lt: "0,25".to_owned(), en: "0.25".to_owned() }));
        assert_eq!((shown.label.en.as_str(), shown.hint.en.as_str()), ("Threshold", "a number, e.g. 0.25"));
    }
}
