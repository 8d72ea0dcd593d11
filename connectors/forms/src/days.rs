//! Days in Lithuania, and how people say them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Vilnius;

const MONTHS: [&str; 12] =
    ["sausio", "vasario", "kovo", "balandžio", "gegužės", "birželio", "liepos", "rugpjūčio", "rugsėjo", "spalio", "lapkričio", "gruodžio"];

/// Today in Lithuania.
#[must_use]
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&Vilnius).date_naive()
}

/// `2026 m. gruodžio 6 d.`
pub(crate) fn in_words(day: NaiveDate) -> String {
    format!("{} m. {} {} d.", day.year(), MONTHS[day.month0() as usize], day.day())
}

/// How far a last day is, and whether it has passed.
pub(crate) fn left(last: NaiveDate, today: NaiveDate) -> (String, bool) {
    match (last - today).num_days() {
        0 => ("šiandien paskutinė diena".to_owned(), false),
        days if days > 0 => (format!("liko {days} {}", form(days, ["diena", "dienos", "dienų"])), false),
        days => (format!("vėluojama {} {}", -days, form(-days, ["dieną", "dienas", "dienų"])), true),
    }
}

/// The form of a noun after a number: 1, 21; 2–9, 22; 10–20, 30.
fn form(number: i64, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (number % 10, number % 100) {
        (0, _) | (_, 11..=19) => many,
        (1, _) => one,
        _ => few,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_say_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(in_words(day("2026-12-06")), "2026 m. gruodžio 6 d.");
        assert_eq!(in_words(day("2027-01-31")), "2027 m. sausio 31 d.");
        let said = |last: &str| left(day(last), day("2026-11-22"));
        for (last, words) in [
            ("2026-11-22", "šiandien paskutinė diena"),
            ("2026-11-23", "liko 1 diena"),
            ("2026-11-27", "liko 5 dienos"),
            ("2026-12-02", "liko 10 dienų"),
            ("2026-12-06", "liko 14 dienų"),
            ("2026-12-13", "liko 21 diena"),
        ] {
            assert_eq!(said(last), (words.to_owned(), false));
        }
        for (last, words) in
            [("2026-11-21", "vėluojama 1 dieną"), ("2026-11-19", "vėluojama 3 dienas"), ("2026-11-11", "vėluojama 11 dienų")]
        {
            assert_eq!(said(last), (words.to_owned(), true));
        }
    }
}
