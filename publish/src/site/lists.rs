//! Everything of a tier's site but the pages of single VIRS: start page, news, the list of VIRS, a page for each dataset, style.

use catalog::Tier;

use super::context::Downloads;
use super::pages::Pages;
use super::tier_site::TierSite;
use super::{about, changes, dataset, entity_list, home, matching, news, protection};
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::incremental::page_hashes::TierHashes;
use crate::paths::{ENTITY_LIST, ENTITY_LIST_PARTS, PREVIEW, START, chart_folder, dataset_page};
use crate::store::staging::{Staging, Written};

const ASSETS: [(&str, &str); 7] = [
    ("assets/style.css", include_str!("../../assets/style.css")),
    ("assets/search.js", include_str!("../../assets/search.js")),
    ("assets/csv.js", include_str!("../../assets/csv.js")),
    ("assets/excel.js", include_str!("../../assets/excel.js")),
    ("assets/match.js", include_str!("../../assets/match.js")),
    ("assets/what_if.js", include_str!("../../assets/what_if.js")),
    ("assets/icon.svg", include_str!("../../assets/icon.svg")),
];

/// A style without what only its authors need: indentation, empty lines, comments of one line.
fn without_margins(style: &str) -> String {
    let is_comment = |line: &&str| line.starts_with("/*") && line.ends_with("*/");
    style.lines().map(str::trim).filter(|line| !line.is_empty()).filter(|line| !is_comment(line)).map(|line| format!("{line}\n")).collect()
}

/// The picture beside a link to the tier; nobody links to the internal one.
fn preview(tier: Tier) -> Option<&'static [u8]> {
    match tier {
        Tier::Internal => None,
        Tier::Public => Some(include_bytes!("../../assets/preview-public.png")),
        Tier::Open => Some(include_bytes!("../../assets/preview-open.png")),
    }
}

/// Writes everything else: start page, news, list of VIRS, a page for each dataset, style.
pub(crate) fn write(
    site: &TierSite<'_>,
    staging: &Staging,
    downloads: &Downloads<'_>,
    database: Option<&Written>,
    hashes: &TierHashes,
) -> Result<Pages, Error> {
    for (path, content) in ASSETS {
        let content = if path.ends_with(".css") { without_margins(content) } else { content.to_owned() };
        staging.write_bytes(site.tier, path, content.as_bytes())?;
    }
    if let Some(picture) = preview(site.tier) {
        staging.write_bytes(site.tier, PREVIEW, picture)?;
    }
    // It says the date, so it is another one in each release.
    staging.write_bytes(site.tier, START, home::render(site, database)?.as_bytes())?;
    let protection = protection::write(site, staging)?;
    let changes = changes::write(site, staging)?;
    let mut pages = Pages { all: 2 + site.datasets.len() + protection.all + changes, rendered: 1 + protection.rendered + changes };
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
    let same_about = known.is_some_and(|(_, known)| known.news == hashes.news);
    if take_over(about::PATH, same_about)? {
        pages.all += 1;
    } else if let Some(page) = about::render(site)? {
        staging.write_bytes(site.tier, about::PATH, page.as_bytes())?;
        pages.all += 1;
        pages.rendered += 1;
    }
    if take_over(matching::PATH, true)? {
        pages.all += 1;
    } else if let Some(page) = matching::render(site)? {
        staging.write_bytes(site.tier, matching::PATH, page.as_bytes())?;
        pages.all += 1;
        pages.rendered += 1;
    }
    let same_list = same_frame.filter(|_| site.register.is_none_or(|register| !register.is_new()));
    let list = write_list(site, staging, same_list.map(|(last, _)| last))?;
    pages.all += list.all;
    pages.rendered += list.rendered;
    pages.rendered += write_datasets(site, staging, downloads, hashes)?;
    Ok(pages)
}

/// Writes a page for each dataset and the files beside it; returns how many had to be rendered.
fn write_datasets(site: &TierSite<'_>, staging: &Staging, downloads: &Downloads<'_>, hashes: &TierHashes) -> Result<usize, Error> {
    let known = site.last_pages();
    let same_frame = known.filter(|(_, known)| known.frame == hashes.frame);
    let mut rendered = 0;
    // Codes of VIRS in its rows are links where the VIRS has a page.
    let codes =
        |of: &TierHashes| site.register.and_then(|register| of.parts.get(&register.table.name)).map(|part| part.keys().cloned().collect());
    let same_codes = known.is_some_and(|(_, known)| codes(known) == codes(hashes) as Option<Vec<String>>);
    let same_methods = known.is_some_and(|(_, known)| known.methods == hashes.methods);
    for (dataset, tables) in &site.datasets {
        let path = dataset_page(dataset);
        let same = same_codes && same_methods && tables.iter().all(|table| !table.is_new());
        if let Some((last, _)) = same_frame.filter(|_| same)
            && last.link(staging, site.tier, &path)?.is_some()
        {
            last.link_below(staging, site.tier, &chart_folder(dataset))?;
            continue;
        }
        let page = dataset::render(site, dataset, tables, downloads)?;
        staging.write_bytes(site.tier, &path, page.html.as_bytes())?;
        for (path, content) in &page.files {
            staging.write_bytes(site.tier, path, content)?;
        }
        rendered += 1;
    }
    Ok(rendered)
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
