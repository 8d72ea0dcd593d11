//! Defaults of parameters. Those that follow the data are words: `last_year` is the last year that the release's day has seen whole.

use chrono::{Datelike, NaiveDate};

/// The value that is taken where none is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Default {
    /// `last_year`, or `last_year-5`: five years before it.
    LastYear { before: i32 },
    /// `last_year_begins`: its first day.
    LastYearBegins,
    /// `last_year_ends`: its last day.
    LastYearEnds,
    /// `release_day`: the day whose data the release shows.
    ReleaseDay,
    /// Anything else is the value itself.
    Value(String),
}

impl Default {
    pub(super) fn parse(word: &str) -> Self {
        let years_before = |word: &str| word.strip_prefix("last_year-")?.parse().ok();
        match word {
            "last_year" => Self::LastYear { before: 0 },
            "last_year_begins" => Self::LastYearBegins,
            "last_year_ends" => Self::LastYearEnds,
            "release_day" => Self::ReleaseDay,
            _ => years_before(word).map_or_else(|| Self::Value(word.to_owned()), |before| Self::LastYear { before }),
        }
    }

    /// The value for a release of this day; `None` if it follows a day that nobody knows.
    pub(super) fn on(&self, date: Option<NaiveDate>) -> Option<String> {
        let year = |date: NaiveDate| if (date.month(), date.day()) == (12, 31) { date.year() } else { date.year() - 1 };
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::ReleaseDay => date.map(|date| date.to_string()),
            Self::LastYear { before } => date.map(|date| (year(date) - before).to_string()),
            Self::LastYearBegins => date.map(|date| format!("{}-01-01", year(date))),
            Self::LastYearEnds => date.map(|date| format!("{}-12-31", year(date))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_follow_the_last_whole_year_of_the_data() {
        let on = |word: &str, date: &str| Default::parse(word).on(Some(date.parse().unwrap())).unwrap();
        assert_eq!(on("last_year", "2026-10-31"), "2025");
        assert_eq!(on("last_year", "2026-12-31"), "2026");
        assert_eq!(on("last_year", "2027-01-01"), "2026");
        assert_eq!(on("last_year-5", "2026-10-31"), "2020");
        assert_eq!([on("last_year_begins", "2026-10-31"), on("last_year_ends", "2026-10-31")], ["2025-01-01", "2025-12-31"]);
        assert_eq!(on("release_day", "2026-10-31"), "2026-10-31");
        assert_eq!(on("20", "2026-10-31"), "20");
        assert_eq!(Default::parse("last_year").on(None), None);
    }
}
