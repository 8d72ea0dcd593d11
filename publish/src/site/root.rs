//! What lies beside the tiers of the portal: the page that leads to both, the one for addresses that lead nowhere, and what machines look for.

use catalog::Tier;
use chrono::{Months, NaiveDate};
use minijinja::{Environment, context};

use super::context::SiteContext;
use super::mirror::english_page;
use super::templates::render;
use crate::error::Error;
use crate::language::{Language, both, in_language};
use crate::paths::{ENGLISH_FOLDER, PREVIEW, SECURITY, SITEMAP, START, in_english, path_in_release};
use crate::publication::{Publication, is_web_address};
use crate::store::staging::Staging;
use crate::store::tier_manifest::PORTAL_TIERS;

/// What web servers show where there is no page.
const MISSING: &str = "404.html";
const ROBOTS: &str = "robots.txt";
/// After so long whoever reads `security.txt` must look for a newer one.
const VALID: Months = Months::new(12);

/// Writes it; gives the number of pages.
pub(crate) fn write(staging: &Staging, context: &SiteContext<'_>, templates: &Environment<'static>) -> Result<usize, Error> {
    let release = context.release;
    let publication = release.publication.as_ref();
    let address = |path: &str| publication.and_then(|publication| publication.address_of(path));
    let english = in_english(START);
    let folder = |tier: Tier| both(&format!("{}/", tier.name()), &format!("../{}/{ENGLISH_FOLDER}", tier.name()));
    let values = context! {
        date => release.date.to_string(),
        root => "",
        notice => context.notice,
        public => folder(Tier::Public),
        open => folder(Tier::Open),
        other_language => release.is_in_english().then(|| both(&english, &format!("../{START}"))),
        address => address("").zip(address(&english)).map(|(lithuanian, english)| both(&lithuanian, &english)),
        preview => address(&path_in_release(Tier::Public, PREVIEW)),
    };
    let page = render(templates, "root.html", values)?;
    staging.write_root(START, in_language(&page, Language::Lithuanian).as_bytes())?;
    if release.is_in_english() {
        staging.write_root(&english, english_page(START, &page).as_bytes())?;
    }
    // Shown at whatever address was asked for, so its links are from the root of the site.
    let root = site_folder(publication);
    let missing = render(templates, "missing.html", context! { root, notice => context.notice, english => release.is_in_english() })?;
    staging.write_root(MISSING, in_language(&missing, Language::Lithuanian).as_bytes())?;
    staging.write_root(ROBOTS, robots(publication).as_bytes())?;
    if let Some(text) = publication.and_then(|publication| security(publication, release.date)) {
        staging.write_root(SECURITY, text.as_bytes())?;
    }
    Ok(2)
}

/// The path below which the portal lies on its host, with a slash at its end.
pub(crate) fn site_folder(publication: Option<&Publication>) -> String {
    publication.and_then(|publication| publication.url.as_deref()).map_or("/".to_owned(), folder_of)
}

/// The path of a web address, with a slash at its end.
fn folder_of(url: &str) -> String {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path.trim_end_matches('/'));
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

/// `robots.txt` (RFC 9309): everything may be read, and where the site maps are.
fn robots(publication: Option<&Publication>) -> String {
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    for tier in PORTAL_TIERS {
        if let Some(address) = publication.and_then(|publication| publication.address_of(&path_in_release(tier, SITEMAP))) {
            text.push_str(&format!("Sitemap: {address}\n"));
        }
    }
    text
}

/// `security.txt` (RFC 9116), if anybody can be written to; of web addresses it allows only secured ones.
fn security(publication: &Publication, date: NaiveDate) -> Option<String> {
    let contact = publication.contact_link().filter(|contact| !is_web_address(contact) || contact.starts_with("https://"))?;
    let expires = date.checked_add_months(VALID)?;
    let mut text = format!("Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: lt, en\n");
    if let Some(address) = publication.address_of(SECURITY).filter(|address| address.starts_with("https://")) {
        text.push_str(&format!("Canonical: {address}\n"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publication(contact: &str, url: &str) -> Publication {
        Publication { contact: Some(contact.to_owned()), url: Some(url.to_owned()), ..Publication::default() }
    }

    #[test]
    fn whoever_finds_a_vulnerability_learns_where_to_write_until_a_year_after_the_release() {
        let day = NaiveDate::from_ymd_opt(2028, 2, 29).unwrap();
        let text = security(&publication("sauga@pavyzdys.lt", "https://pavyzdys.lt"), day).unwrap();
        assert_eq!(
            text,
            "Contact: mailto:sauga@pavyzdys.lt\nExpires: 2029-02-28T00:00:00Z\nPreferred-Languages: lt, en\n\
             Canonical: https://pavyzdys.lt/.well-known/security.txt\n"
        );
        assert!(security(&Publication::default(), day).is_none(), "nobody to write to");
        assert!(security(&publication("http://pavyzdys.lt/", "https://pavyzdys.lt"), day).is_none(), "not secured");
    }

    #[test]
    fn site_maps_are_named_where_the_address_is_known() {
        assert_eq!(robots(Some(&Publication::default())), "User-agent: *\nAllow: /\n");
        let known = robots(Some(&publication("a@pavyzdys.lt", "https://pavyzdys.lt/virsis/")));
        assert!(
            known.ends_with(
                "\nSitemap: https://pavyzdys.lt/virsis/public/sitemap.xml\nSitemap: https://pavyzdys.lt/virsis/open/sitemap.xml\n"
            )
        );
    }

    #[test]
    fn a_page_for_lost_addresses_knows_the_folder_of_the_site() {
        for (url, folder) in [("https://a.lt", "/"), ("https://a.lt/", "/"), ("https://a.lt/b", "/b/"), ("https://a.lt/b/c/", "/b/c/")] {
            assert_eq!(folder_of(url), folder);
        }
    }
}
