//! A form with thousands of records is shown a hundred at a time, in the order of its sections: nobody reads more at once, and a page that grew
//! with the draft would fill the memory.

use std::collections::HashMap;
use std::ops::Range;

use super::Visit;
use crate::entry::Entry;
use crate::feed::Feed;
use crate::problem::Problem;

/// Records on one page.
pub(super) const RECORDS: usize = 100;
/// Problems that one page lists; whoever has more mends these first.
pub(super) const MOST_PROBLEMS: usize = 100;
/// In an address and in a form: the page that is shown.
pub(super) const PAGE: &str = "puslapis";

/// In an address: what is wrong with what was kept shall be told.
pub(super) const ERRORS: &str = "klaidos";

/// The page that a visitor sees, or wants to see.
pub(super) fn wanted(visit: &Visit<'_>) -> usize {
    visit.sent(PAGE).or(visit.asked(PAGE)).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// What follows the address of a form, on this page of it.
pub(super) fn on_page(target: &str, page: usize) -> String {
    match target.strip_prefix('?') {
        _ if page <= 1 => target.to_owned(),
        Some(rest) => format!("?{PAGE}={page}&{rest}"),
        None => format!("?{PAGE}={page}{target}"),
    }
}

/// The pages of a form, and which of them is shown.
#[derive(Debug)]
pub(super) struct Pages {
    /// By section: how many records come before its first one, and how many it has.
    sections: HashMap<String, (usize, usize)>,
    records: usize,
    shown: usize,
}

impl Pages {
    /// The pages of what was entered; `wanted` is shown, or the nearest there is.
    pub(super) fn of(feed: &Feed, entry: &Entry, wanted: usize) -> Self {
        let (mut sections, mut records) = (HashMap::new(), 0);
        for section in &feed.sections {
            let count = entry.records(&section.name).len();
            sections.insert(section.name.clone(), (records, count));
            records += count;
        }
        let mut pages = Self { sections, records, shown: 1 };
        pages.shown = wanted.clamp(1, pages.count());
        pages
    }

    /// The same; where the wanted page has none of the problems, the page of the first one is shown.
    pub(super) fn with_errors(feed: &Feed, entry: &Entry, wanted: usize, problems: &[Problem]) -> Self {
        let mut pages = Self::of(feed, entry, wanted);
        if !problems.iter().any(|problem| pages.of_record(&problem.section, problem.place) == pages.shown) {
            pages.shown = problems.first().map_or(pages.shown, |problem| pages.of_record(&problem.section, problem.place));
        }
        pages
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.records.div_ceil(RECORDS).max(1)
    }

    /// The page that is shown, from 1.
    pub(super) fn shown(&self) -> usize {
        self.shown
    }

    /// The page on which a record is. What belongs to no record, or to none that is there, is on every page.
    pub(super) fn of_record(&self, section: &str, place: usize) -> usize {
        let found = self.sections.get(section).filter(|(_, count)| place < *count);
        found.map_or(self.shown, |(before, _)| (before + place) / RECORDS + 1)
    }

    /// Places of the records of a section that are shown.
    pub(super) fn range(&self, section: &str) -> Range<usize> {
        let Some(&(before, count)) = self.sections.get(section) else { return 0..0 };
        let first = (self.shown - 1) * RECORDS;
        first.saturating_sub(before).min(count)..(first + RECORDS).saturating_sub(before).min(count)
    }

    /// Places of the records of a section that are on other pages, and the pages they are on, in words; `None` where all are shown.
    pub(super) fn elsewhere(&self, section: &str) -> Option<String> {
        let (_, count) = self.sections.get(section)?;
        let range = self.range(section);
        if range.len() == *count {
            return None;
        }
        Some(if range.is_empty() {
            format!("Šios skilties įrašai ({count}) rodomi nuo {} puslapio.", self.of_record(section, 0))
        } else {
            format!("Šiame puslapyje rodomi {}–{} iš {count} šios skilties įrašų.", range.start + 1, range.end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Record;
    use crate::testing::feed;

    fn entry(counts: &[(&str, usize)]) -> Entry {
        Entry { sections: counts.iter().map(|(name, count)| ((*name).to_owned(), vec![Record::new(); *count])).collect() }
    }

    #[test]
    fn every_record_is_on_exactly_one_page_and_no_page_has_more_than_it_may() {
        for counts in [
            vec![],
            vec![("virs", 1)],
            vec![("virs", 1), ("vip", 99)],
            vec![("virs", 1), ("vip", 200), ("atsakingi", 400), ("dalyviai", 1000)],
        ] {
            let entry = entry(&counts);
            let count = Pages::of(feed("virs"), &entry, 1).count();
            let mut seen: HashMap<(&str, usize), usize> = HashMap::new();
            for page in 1..=count {
                let pages = Pages::of(feed("virs"), &entry, page);
                let mut records = 0;
                for (section, _) in &counts {
                    for place in pages.range(section) {
                        assert_eq!(pages.of_record(section, place), page);
                        *seen.entry((section, place)).or_default() += 1;
                        records += 1;
                    }
                }
                assert!(records <= RECORDS, "{counts:?} {page}");
            }
            assert_eq!(seen.len(), counts.iter().map(|(_, count)| count).sum::<usize>(), "{counts:?}");
            assert!(seen.values().all(|times| *times == 1), "{counts:?}");
        }
    }

    #[test]
    fn errors_lead_to_the_page_they_are_on() {
        let entry = entry(&[("dalyviai", 250)]);
        let problem = |place| Problem { section: "dalyviai".into(), place, column: "nuo".into(), message: "Įrašykite datą.".into() };
        let shown = |wanted, places: &[usize]| {
            let problems: Vec<Problem> = places.iter().map(|place| problem(*place)).collect();
            Pages::with_errors(feed("virs"), &entry, wanted, &problems).shown()
        };
        assert_eq!((shown(1, &[]), shown(1, &[210, 249]), shown(3, &[0, 210]), shown(2, &[0, 210])), (1, 3, 3, 1));
        assert_eq!(on_page("#a", 1), "#a");
        assert_eq!((on_page("#a", 3), on_page("?b=1#a", 3)), ("?puslapis=3#a".to_owned(), "?puslapis=3&b=1#a".to_owned()));
    }

    #[test]
    fn a_page_that_is_not_there_is_the_nearest_one() {
        let entry = entry(&[("dalyviai", 250)]);
        let shown = |wanted| Pages::of(feed("virs"), &entry, wanted).shown();
        assert_eq!([0, 1, 3, 4, usize::MAX].map(shown), [1, 1, 3, 3, 3]);
        let pages = Pages::of(feed("virs"), &entry, 2);
        assert_eq!(pages.of_record("dalyviai", 250), 2, "what is not there is looked for where one is");
        assert_eq!(pages.elsewhere("dalyviai").unwrap(), "Šiame puslapyje rodomi 101–200 iš 250 šios skilties įrašų.");
        assert_eq!(pages.elsewhere("vip"), None);
    }
}
