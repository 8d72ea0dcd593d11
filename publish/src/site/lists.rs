//! Everything of a tier's site but the pages of single VIRS: start page, news, the list of VIRS, a page for each dataset, style.

use catalog::Tier;

use super::context::Downloads;
use super::pages::Pages;
use super::tier_site::TierSite;
use super::{changes, dataset, entity_list, guides, home, matching, news, prose, protection};
use crate::database::DatabaseFiles;
use crate::error::Error;
use crate::incremental::last_release::LastRelease;
use crate::incremental::page_hashes::TierHashes;
use crate::paths::{ENTITY_LIST, ENTITY_LIST_PARTS, PREVIEW, START, chart_folder, dataset_page, prose_page};
use crate::store::staging::Staging;

const ASSETS: [(&str, &str); 7] = [
    ("assets/style.css", include_str!("../../assets/style.css")),
    ("assets/search.js", include_str!("../../assets/search.js")),
    ("assets/csv.js", include_str!("../../assets/csv.js")),
    ("assets/excel.js", include_str!("../../assets/excel.js")),
    ("assets/match.js", include_str!("../../assets/match.js")),
    ("assets/what_if.js", include_str!("../../assets/what_if.js")),
    ("assets/icon.svg", include_str!("../../assets/icon.svg")),
];

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
    databases: Option<&DatabaseFiles>,
    hashes: &TierHashes,
) -> Result<Pages, Error> {
    site.write_assets(staging, &ASSETS)?;
    if let Some(picture) = preview(site.tier) {
        staging.write_bytes(site.tier, PREVIEW, picture)?;
    }
    // It says the date, so it is another one in each release.
    site.write_page(staging, START, &home::render(site, databases)?)?;
    let protection = protection::write(site, staging)?;
    let changes = changes::write(site, staging)?;
    let mut pages = Pages { all: 1 + site.datasets.len() + protection.all + changes, rendered: 1 + protection.rendered + changes };
    let known = site.last_pages();
    let same_frame = known.filter(|(_, known)| known.frame == hashes.frame);
    // Takes a page over that shows what it showed, or renders it, if the tier has one.
    let mut keep_or_write = |path: &str, same: bool, render: &dyn Fn() -> Result<Option<String>, Error>| {
        let is_kept = match same_frame.filter(|_| same) {
            Some((last, _)) => site.link_page(last, staging, path)?,
            None => false,
        };
        if !is_kept {
            let Some(page) = render()? else { return Ok(()) };
            site.write_page(staging, path, &page)?;
            pages.rendered += 1;
        }
        pages.all += 1;
        Ok::<_, Error>(())
    };
    let same_texts = known.is_some_and(|(_, known)| known.news == hashes.news);
    keep_or_write(news::PATH, same_texts, &|| news::render(site).map(Some))?;
    for (name, prose) in site.prose() {
        keep_or_write(&prose_page(name), same_texts, &|| prose::render(site, name, prose).map(Some))?;
    }
    let same_papers = known.filter(|(_, known)| known.papers == hashes.papers);
    let [same_guides, same_papers] = [same_frame.filter(|_| same_texts), same_papers].map(|same| same.map(|(last, _)| last));
    let (guides, rendered) = guides::write(site, staging, same_guides, same_papers)?;
    keep_or_write(matching::PATH, true, &|| matching::render(site))?;
    let same_list = same_frame.filter(|_| site.register.is_none_or(|register| !register.is_new()));
    let list = write_list(site, staging, same_list.map(|(last, _)| last))?;
    pages.all += list.all + guides;
    pages.rendered += list.rendered + rendered;
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
            && site.link_page(last, staging, &path)?
        {
            last.link_below(staging, site.tier, &chart_folder(dataset))?;
            continue;
        }
        let page = dataset::render(site, dataset, tables, downloads)?;
        site.write_page(staging, &path, &page.html)?;
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
        && site.link_page(last, staging, ENTITY_LIST)?
    {
        return Ok(Pages { all: 1 + site.link_pages_below(last, staging, ENTITY_LIST_PARTS)?, rendered: 0 });
    }
    let list = entity_list::render(site)?;
    for (path, page) in &list {
        site.write_page(staging, path, page)?;
    }
    Ok(Pages { all: list.len(), rendered: list.len() })
}
