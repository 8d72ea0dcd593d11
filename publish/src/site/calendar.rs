//! The calendar of one VIRS (RFC 5545): until when its licences, terms, measures and other facts hold, and since when it is a VIRS. Whoever subscribes to it
//! sees in time what ends, in Lithuanian.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Date32Type;
use catalog::ENTITY;
use chrono::{Datelike, NaiveDate};
use icalendar::{Calendar, Component, Event, EventLike};

use super::entities::VirsEntry;
use super::entity::Part;
use super::text::{LONGEST_NAME, ROWS, counted, one_line};
use super::tier_site::TierSite;
use crate::language::{Language, in_language};
use crate::paths::{entity_page, path_in_release};

/// Days of one table that a calendar has, the latest first.
const DAYS: usize = 50;

/// The file.
pub(super) fn calendar(site: &TierSite<'_>, parts: &[Part<'_, '_>], entity: &VirsEntry<'_>) -> Vec<u8> {
    let name = one_line(entity.name, LONGEST_NAME);
    let mut calendar = Calendar::new();
    calendar.name(&format!("VIRSIS: {name}"));
    let publication = site.context.release.publication.as_ref();
    let address = entity_page(entity.code)
        .and_then(|page| publication.and_then(|publication| publication.address_of(&path_in_release(site.tier, &page))));
    let this_year = site.context.release.date.year();
    for part in parts {
        let table = part.section.table().table();
        let Some(history) = &table.history else { continue };
        let is_register = table.key == [ENTITY];
        let until = history.until.as_deref().filter(|until| history.from.as_deref() != Some(*until));
        for (column, what) in [(history.from.as_deref().filter(|_| is_register), "nuo šios dienos"), (until, "iki šios dienos")] {
            let Some(column) = column else { continue };
            let column_is_start = history.from.as_deref() == Some(column);
            // What ended in earlier years needs no calendar. Pages are printed anew when a year ends (`frame_text`).
            let is_due = |day: &NaiveDate| column_is_start || day.year() >= this_year;
            for (day, rows) in days(part, column).into_iter().filter(|(day, _)| is_due(day)).rev().take(DAYS) {
                let more = if rows > 1 { format!(" ({})", counted(rows, ROWS)) } else { String::new() };
                let mut event = Event::new();
                event.uid(&format!("{}-{}-{column}-{day}@virsis-{}", entity.code, table.subject(), site.tier.name()));
                event.summary(&in_language(&format!("{name}: {} – {what}{more}", table.title.lt), Language::Lithuanian));
                // A day and no more: an event of a date without an end (RFC 5545, 3.6.1).
                event.starts(day);
                // Not when the file was made: the same facts give the same bytes.
                event.timestamp(day.and_time(chrono::NaiveTime::MIN).and_utc());
                if let Some(address) = &address {
                    event.url(address);
                }
                calendar.push(event.done());
            }
        }
    }
    calendar.done().to_string().into_bytes()
}

/// Days that stand in a column of the rows about a VIRS, and in how many of them.
fn days(part: &Part<'_, '_>, column: &str) -> BTreeMap<NaiveDate, u64> {
    let mut days = BTreeMap::new();
    let Some(dates) = part.section.table().rows().column_by_name(column).and_then(|column| column.as_primitive_opt::<Date32Type>()) else {
        return days;
    };
    for row in part.rows.iter().filter(|row| dates.is_valid(**row)) {
        if let Some(day) = Date32Type::to_naive_date_opt(dates.value(*row)) {
            *days.entry(day).or_default() += 1;
        }
    }
    days
}
