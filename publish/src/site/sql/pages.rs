//! Writes the pages of SQL and of reports, their scripts, and what runs them.

use catalog::Tier;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::definitions::Definitions;
use super::parts::SqlPages;
use crate::database::Databases;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::language::say;
use crate::paths::{BROWSER_ENGINE, DATABASE, DATABASE_PACKED, REPORT_PAGE, SQL_PAGE};
use crate::site::context::SqlAccess;
use crate::site::tier_site::TierSite;
use crate::store::staging::Staging;

const ASSETS: [(&str, &str); 11] = [
    ("assets/sql/builder.js", include_str!("../../../assets/sql/builder.js")),
    ("assets/sql/chart.js", include_str!("../../../assets/sql/chart.js")),
    ("assets/sql/database.js", include_str!("../../../assets/sql/database.js")),
    ("assets/sql/downloads.js", include_str!("../../../assets/sql/downloads.js")),
    ("assets/sql/faults.js", include_str!("../../../assets/sql/faults.js")),
    ("assets/sql/page.js", include_str!("../../../assets/sql/page.js")),
    ("assets/sql/report.js", include_str!("../../../assets/sql/report.js")),
    ("assets/sql/result.js", include_str!("../../../assets/sql/result.js")),
    ("assets/sql/run.js", include_str!("../../../assets/sql/run.js")),
    ("assets/sql/sql.css", include_str!("../../../assets/sql/sql.css")),
    ("assets/sql/text.js", include_str!("../../../assets/sql/text.js")),
];

/// Writes what runs SQL in a browser, once for both tiers of the portal.
pub(crate) fn write_engine(staging: &Staging, last: Option<&LastRelease>, sql: &SqlAccess<'_>) -> Result<(), Error> {
    match (sql, last) {
        (SqlAccess { pages: Some(pages), .. }, _) => {
            let mut files = pages.engine.0.iter();
            files.try_for_each(|(name, bytes)| staging.write_root(&format!("{BROWSER_ENGINE}{name}"), bytes).map(drop))
        }
        (SqlAccess { as_it_stands: true, .. }, Some(last)) => last.link_root_below(staging, BROWSER_ENGINE),
        _ => Ok(()),
    }
}

/// Writes the two pages of a tier, if it has a database and there is something to run them; gives how many there are.
pub(crate) fn write(site: &TierSite<'_>, staging: &Staging, databases: &Databases) -> Result<usize, Error> {
    if databases.get(&site.tier()).is_none_or(|files| files.duckdb.is_none()) || !site.has_sql() {
        return Ok(0);
    }
    site.write_assets(staging, &ASSETS)?;
    match (site.context.sql.pages, site.last) {
        (Some(pages), _) => {
            let definitions = Definitions::of(site);
            let values = |title: &str, path: &str| page(site, (title, path), pages, &definitions);
            site.write_page(staging, SQL_PAGE, &site.render("sql.html", values(say!("SQL užklausos"), SQL_PAGE)?)?)?;
            site.write_page(staging, REPORT_PAGE, &site.render("report.html", values(say!("Ataskaitos"), REPORT_PAGE)?)?)?;
        }
        (None, Some(last)) => {
            site.link_page(last, staging, SQL_PAGE)?;
            site.link_page(last, staging, REPORT_PAGE)?;
        }
        (None, None) => return Ok(0),
    }
    Ok(2)
}

fn page(site: &TierSite<'_>, (title, path): (&str, &str), pages: &SqlPages, definitions: &Definitions<'_>) -> Result<Value, Error> {
    let is_for = |tier: Tier| tier >= site.tier();
    let examples: Vec<_> = pages.examples.iter().filter(|example| is_for(example.tier)).collect();
    let reports: Vec<_> = pages.reports.iter().filter(|report| is_for(report.tier)).collect();
    Ok(context! {
        frame => site.frame(title, path),
        database => DATABASE,
        packed => DATABASE_PACKED,
        tables => Serde(&definitions.tables),
        definitions => for_script(definitions)?,
        examples => Serde(&examples),
        reports => Serde(&reports),
        reports_for_script => for_script(&reports)?,
    })
}

/// JSON in which nothing ends the element that it stands in. Titles in it are choices, of which a page takes one as of all others: their
/// marks may not be escaped.
fn for_script(value: &impl Serialize) -> Result<Value, Error> {
    let json = serde_json::to_string(value).map_err(|error| Error::Search { reason: error.to_string() })?;
    let json = json.replace('<', "\\u003c");
    let marks = [("\\u0001", "\u{1}"), ("\\u0002", "\u{2}"), ("\\u0003", "\u{3}")];
    Ok(Value::from_safe_string(marks.iter().fold(json, |json, (escaped, mark)| json.replace(escaped, mark))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, both, in_language};

    #[test]
    fn nothing_in_what_a_script_reads_ends_its_element() {
        let text = for_script(&"</script><!-- & \u{2028}").unwrap().to_string();
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "</script><!-- & \u{2028}");
    }

    #[test]
    fn a_script_reads_titles_in_the_language_of_its_page() {
        let text = for_script(&[both("„Kodas“ <1>", "“Code” <1>"), "virs".to_owned()]).unwrap().to_string();
        let read = |language| serde_json::from_str::<Vec<String>>(&in_language(&text, language)).unwrap();
        assert_eq!(read(Language::Lithuanian), ["„Kodas“ <1>", "virs"]);
        assert_eq!(read(Language::English), ["“Code” <1>", "virs"]);
    }
}
