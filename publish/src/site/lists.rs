//! Everything of a tier's site but the pages of single VIRS: start page, news, the list of VIRS, a page for each dataset, style.

use minijinja::{Environment, context};

use super::context::{Downloads, SiteContext};
use super::pages::Pages;
use super::templates::render;
use super::tier_site::TierSite;
use super::{dataset, entity_list, home, news, protection};
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::incremental::page_hashes::TierHashes;
use crate::paths::{ENTITY_LIST, ENTITY_LIST_PARTS, dataset_page};
use crate::store::staging::{Staging, Written};

const ASSETS: [(&str, &str); 3] = [
    ("assets/style.css", include_str!("../../assets/style.css")),
    ("assets/search.js", include_str!("../../assets/search.js")),
    ("assets/icon.svg", include_str!("../../assets/icon.svg")),
];

/// Writes everything else: start page, news, list of VIRS, a page for each dataset, style.
pub(crate) fn write(
    site: &TierSite<'_>,
    staging: &Staging,
    downloads: &Downloads<'_>,
    database: Option<&Written>,
    hashes: &TierHashes,
) -> Result<Pages, Error> {
    for (path, content) in ASSETS {
        staging.write_bytes(site.tier, path, content.as_bytes())?;
    }
    // It says the date, so it is another one in each release.
    staging.write_bytes(site.tier, "index.html", home::render(site, database)?.as_bytes())?;
    let protection = protection::write(site, staging)?;
    let mut pages = Pages { all: 2 + site.datasets.len() + protection.all, rendered: 1 + protection.rendered };
    let known = site.last_pages();
    let same_frame = known.filter(|(_, known)| known.frame == hashes.frame);
    let take_over = |path: &str, same: bool| match same_frame.filter(|_| same) {
        Some((last, _)) => Ok(last.link(staging, site.tier, path)?.is_some()),
        None => Ok::<_, Error>(false),
    };
    if !take_over(news::PATH, known.is_some_and(|(_, known)| known.news == hashes.news))? {
        staging.write_bytes(site.tier, news::PATH, news::render(site)?.as_bytes())?;
        pages.rendered += 1;
    }
    let same_list = same_frame.filter(|_| site.register.is_none_or(|register| !register.is_new()));
    let list = write_list(site, staging, same_list.map(|(last, _)| last))?;
    pages.all += list.all;
    pages.rendered += list.rendered;
    // Codes of VIRS in its rows are links where the VIRS has a page.
    let codes =
        |of: &TierHashes| site.register.and_then(|register| of.parts.get(&register.table.name)).map(|part| part.keys().cloned().collect());
    let same_codes = known.is_some_and(|(_, known)| codes(known) == codes(hashes) as Option<Vec<String>>);
    for (dataset, tables) in &site.datasets {
        let path = dataset_page(dataset);
        if !take_over(&path, same_codes && tables.iter().all(|table| !table.is_new()))? {
            let page = dataset::render(site, dataset, tables, downloads)?;
            staging.write_bytes(site.tier, &path, page.as_bytes())?;
            pages.rendered += 1;
        }
    }
    Ok(pages)
}

/// Writes all pages of the list of VIRS, or links those of the release in which it was the same.
fn write_list(site: &TierSite<'_>, staging: &Staging, same: Option<&LastRelease>) -> Result<Pages, Error> {
    if let Some(last) = same
        && last.link(staging, site.tier, ENTITY_LIST)?.is_some()
    {
        return Ok(Pages { all: 1 + last.link_below(staging, site.tier, ENTITY_LIST_PARTS)?, rendered: 0 });
    }
    let list = entity_list::render(site)?;
    for (path, page) in &list {
        staging.write_bytes(site.tier, path, page.as_bytes())?;
    }
    Ok(Pages { all: list.len(), rendered: list.len() })
}

/// Writes the page that leads to both tiers of the portal.
pub(crate) fn write_root(staging: &Staging, context: &SiteContext<'_>, templates: &Environment<'static>) -> Result<usize, Error> {
    let page = render(templates, "root.html", context! { date => context.release.date.to_string(), notice => context.notice })?;
    staging.write_root("index.html", page.as_bytes())?;
    Ok(1)
}
