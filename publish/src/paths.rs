//! Where everything lies in a release: each path is made here and nowhere else. Documents alone have theirs from the catalog
//! ([`catalog::published_path`]), as rows name them.

use catalog::{Dataset, Group, PageKind, Table, Tier};

/// The tiers that the portal shows, each with a manifest of its own.
pub(crate) const PORTAL_TIERS: [Tier; 2] = [Tier::Public, Tier::Open];

/// The start page of a tier.
pub(crate) const START: &str = "index.html";
/// The alphabetical list of all VIRS.
pub(crate) const ENTITY_LIST: &str = "virs/index.html";
/// What the paths of its other pages begin with; no code of a VIRS does.
pub(crate) const ENTITY_LIST_PARTS: &str = "virs/raide-";
/// What a tier's search reads first.
pub(crate) const SEARCH_INDEX: &str = "paieska.json";
/// The picture that networks show beside a link to the tier.
pub(crate) const PREVIEW: &str = "assets/preview.png";
/// Where machines look for what a standard says of a site.
pub(crate) const WELL_KNOWN: &str = ".well-known/";
/// Where whoever finds a vulnerability looks for an address (RFC 9116).
pub(crate) const SECURITY: &str = ".well-known/security.txt";
/// What the name of a file's packed twin has at its end.
pub(crate) const TWIN: &str = ".gz";
/// The boundaries that the map of a tier draws, if it has any.
pub(crate) const BOUNDARIES: &str = "assets/boundaries.json";
/// The site map of a tier.
pub(crate) const SITEMAP: &str = "sitemap.xml";
/// Where the files lie that it lists.
pub(crate) const SEARCH_SHARDS: &str = "paieska/";

/// All tables of a tier in one file.
pub(crate) const DATABASE: &str = "virsis.duckdb";
/// The same for SQLite.
pub(crate) const SQLITE: &str = "virsis.sqlite";
/// The same as the first, packed for a browser.
pub(crate) const DATABASE_PACKED: &str = "virsis.duckdb.gz";
/// Ownership as statements of the Beneficial Ownership Data Standard.
pub(crate) const BODS: &str = "nuosavybe/bods.jsonl";
/// Ownership as entities of FollowTheMoney.
pub(crate) const FTM: &str = "nuosavybe/ftm.jsonl";
/// Where everything lies that tells what changed.
const CHANGES: &str = "pokyciai/";
/// What changed, and which histories there are.
pub(crate) const CHANGES_INDEX: &str = "pokyciai/index.json";
/// The page that tells it.
pub(crate) const CHANGES_PAGE: &str = "pokyciai/index.html";
/// The same as a feed.
pub(crate) const CHANGES_FEED: &str = "pokyciai/index.atom";
/// Where the page lies in its tier on which tables are asked in SQL.
pub(crate) const SQL_PAGE: &str = "sql/index.html";
/// Where the page lies in its tier on which reports are made.
pub(crate) const REPORT_PAGE: &str = "ataskaita/index.html";
/// Where what runs SQL in a browser lies in a release of the portal, for both tiers.
pub(crate) const BROWSER_ENGINE: &str = "engine/";

/// A path of a tier, as it is in the tier's release; the internal release has one tier, so it needs no folder for it.
#[must_use]
pub fn path_in_release(tier: Tier, path: &str) -> String {
    if tier == Tier::Internal { path.to_owned() } else { format!("{}/{path}", tier.name()) }
}

/// Where a table lies in its tier, in the format with this extension.
#[must_use]
pub fn table_path(dataset: &Dataset, table: &Table, extension: &str) -> String {
    format!("data/{}/{}.{extension}", dataset.name, table.subject())
}

/// Where the English pages of a tier lie, and those beside the tiers.
pub(crate) const ENGLISH_FOLDER: &str = "en/";

/// Where the English page lies of the Lithuanian one at a path.
pub(crate) fn in_english(path: &str) -> String {
    format!("{ENGLISH_FOLDER}{path}")
}

/// Where the page of text with this name lies in its tier: beside the start page, so that relative links mean the same on both.
pub(crate) fn prose_page(name: &str) -> String {
    format!("{name}.html")
}

/// The list of guides.
pub(crate) const GUIDES: &str = "vadovai/index.html";

/// Where a guide lies in its tier, or a picture that it shows: beside each other, as their files do.
pub(crate) fn guide_file(name: &str) -> String {
    format!("vadovai/{name}")
}

/// Whether a file of a release tells of earlier ones: a history, or what changed.
pub(crate) fn is_remembered(path: &str) -> bool {
    let of_histories = [BODS, FTM].iter().any(|file| path == path_in_release(Tier::Public, file));
    of_histories
        || path.ends_with("__istorija.parquet")
        || PORTAL_TIERS.iter().any(|tier| path.starts_with(&path_in_release(*tier, CHANGES)))
}

/// Where the rows of a table lie that changed within a span of time, in the format with this extension.
pub(crate) fn changes_path(window: &str, table: &Table, extension: &str) -> String {
    format!("{CHANGES}{window}/{}.{extension}", table.subject())
}

/// Where a dataset's page lies in its tier.
pub(crate) fn dataset_page(dataset: &Dataset) -> String {
    let folder = match dataset.group {
        Group::Duomenys => "duomenys",
        Group::Statistika => "statistika",
    };
    format!("{folder}/{}.html", dataset.name)
}

/// Where the files lie that the views of a dataset's chart draw.
pub(crate) fn chart_folder(dataset: &Dataset) -> String {
    format!("statistika/{}/", dataset.name)
}

/// Where the file lies in its tier that has what a view of a dataset's chart draws.
pub(crate) fn chart_data(dataset: &Dataset, view: &str) -> String {
    format!("{}{view}.csv", chart_folder(dataset))
}

/// Where the file lies in its tier that has what is found by words with this beginning.
pub(crate) fn search_shard(beginning: &str) -> String {
    format!("{SEARCH_SHARDS}{beginning}.json")
}

/// Where the page of the VIRS with this code lies in its tier; `None` for a code that is none, which must not decide where a file is written.
pub(crate) fn entity_page(code: &str) -> Option<String> {
    entity_file(code).map(|file| format!("virs/{file}"))
}

/// Where it is told who owned the VIRS with this code on any past day, if that is remembered and changed.
pub(crate) fn past_owners_page(code: &str) -> Option<String> {
    entity_page(code).map(|page| page.replace(".html", "-anksciau.html"))
}

/// What lies beside the page of a VIRS in the portal: its rows for programs and for spreadsheets, where it is remembered what changed a feed of that and a
/// calendar, and in the public
/// tier a line on its owners as a drawing.
pub(crate) fn beside(tier: Tier, code: &str, has_history: bool) -> Vec<String> {
    let Some(page) = entity_page(code) else { return Vec::new() };
    let extensions: &[&str] = match tier {
        Tier::Internal => &[],
        Tier::Public => &["json", "xlsx", "svg"],
        Tier::Open => &["json", "xlsx"],
    };
    let followed: &[&str] = if has_history { &["atom", "ics"] } else { &[] };
    extensions.iter().chain(followed).map(|extension| page.replace(".html", &format!(".{extension}"))).collect()
}

/// The same, from the list of all VIRS.
pub(crate) fn entity_file(code: &str) -> Option<String> {
    let plain = !code.is_empty() && code.len() <= 16 && code.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| format!("{code}.html"))
}

/// Where the page of a thing lies in its tier, if its kind has pages of single things.
pub(crate) fn thing_page(kind: &PageKind, stem: &str) -> String {
    format!("{}{stem}.html", thing_folder(kind))
}

/// The alphabetical list of a kind.
pub(crate) fn thing_list(kind: &PageKind) -> String {
    thing_page(kind, "index")
}

/// What the paths of all pages of a kind begin with.
pub(crate) fn thing_folder(kind: &PageKind) -> String {
    format!("{}/", kind.name)
}
