//! The page on which a list of codes or names is compared with the register, in the reader's browser.

use minijinja::context;

use super::owners::is_owners;
use super::tier_site::TierSite;
use crate::error::Error;
use crate::incremental::tier_table::TierTable;
use crate::language::say;
use crate::paths::{dataset_page, table_path};

/// Where the page lies in its tier: beside the start page, so that relative links mean the same on both.
pub(super) const PATH: &str = "sutikrinti.html";

/// The page; none where the tier has no register.
pub(super) fn render(site: &TierSite<'_>) -> Result<Option<String>, Error> {
    let Some(register) = site.register else { return Ok(None) };
    let find = |is_it: &dyn Fn(&TierTable<'_>) -> bool| {
        let of = site.datasets.iter().flat_map(|(dataset, tables)| tables.iter().map(move |table| (*dataset, *table)));
        let (dataset, table) = of.into_iter().find(|(_, table)| is_it(table))?;
        Some((table_path(dataset, &table.table, "json"), format!("{}#{}", dataset_page(dataset), table.table.subject())))
    };
    let (virs, owners) = (find(&|table| table.table.name == register.table.name), find(&|table| is_owners(&table.table)));
    let Some((virs, virs_page)) = virs else { return Ok(None) };
    let (owners, owners_page) = owners.unzip();
    let frame = site.frame(say!("Sutikrinti sąrašą"), PATH);
    site.render("match.html", context! { frame, virs, virs_page, owners, owners_page }).map(Some)
}
