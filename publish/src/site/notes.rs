//! What stands below the rows of a table on a page: what is not shown, and where all of it is.

use std::fmt::Write;

use catalog::Dataset;

use super::text::{ROWS, counted, push_escaped};
use crate::incremental::tier_table::TierRows;
use crate::paths::dataset_page;

/// Said where values are suppressed.
pub(super) const SUPPRESSED: &str = "<p class=\"note\">„konfidencialu“ – reikšmė neskelbiama, kad nebūtų galima atpažinti asmens.</p>\n";

/// Appends how many rows are shown of how many, if not all, and a link to their dataset.
pub(super) fn push_rest((dataset, table): (&Dataset, &TierRows), (shown, all): (usize, usize), up: &str, out: &mut String) {
    if all > shown {
        let shown = counted(shown as u64, ROWS);
        let _ = writeln!(out, "<p class=\"note\">Rodoma {shown} iš {all}; visos – rinkinio failuose.</p>");
    }
    let _ = write!(out, "<p class=\"note\"><a href=\"{up}{}#{}\">", dataset_page(dataset), table.table().subject());
    out.push_str("Rinkinys „");
    push_escaped(&dataset.title.lt, out);
    out.push_str("“: aprašymas ir atsisiuntimas</a></p>\n");
}
