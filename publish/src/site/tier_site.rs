//! The site of one tier: its tables, and what all its pages have in common.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use catalog::{Catalog, Dataset, ENTITY, Group, PageKind, Prose, Tier};
use chrono::Datelike;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use rayon::prelude::*;
use serde::Serialize;

use super::context::SiteContext;
use super::entities::{self, VirsList};
use super::owners;
use super::shown::Titles;
use super::templates::render;
use super::text::{LONGEST_NAME, shortened};
use super::things::directory::{Directories, Directory};
use crate::error::Error;
use crate::history::write::TierHistory;
use crate::incremental::last_release::LastRelease;
use crate::incremental::page_hashes::TierHashes;
use crate::incremental::tier_table::TierTable;
use crate::language::{both, in_both, say};
use crate::paths::{ENGLISH_FOLDER, PREVIEW, SQL_PAGE, START, beside, in_english, path_in_release, prose_page, thing_list};
use crate::publication::Publication;
use crate::store::entries::SourceState;

/// A page to which all others lead.
#[derive(Serialize)]
struct Line {
    title: String,
    href: String,
}

/// Where a page lies on the web, in each language.
#[derive(Serialize)]
struct Addresses {
    lt: String,
    en: String,
}

/// What the frames of all pages of a tier have in common, as templates take it.
struct Common {
    publication: Value,
    contact_link: Value,
    stale: Value,
    prose: Value,
    kinds: Value,
}

/// The site of one tier.
pub(crate) struct TierSite<'a> {
    pub(super) tier: Tier,
    pub(super) catalog: &'a Catalog,
    pub(super) context: &'a SiteContext<'a>,
    pub(super) templates: &'a Environment<'static>,
    /// The release from which unchanged pages are linked.
    pub(super) last: Option<&'a LastRelease>,
    /// Datasets that have something to show to this tier, with their tables.
    pub(super) datasets: Vec<(&'a Dataset, Vec<&'a TierTable<'a>>)>,
    /// The table with one row for every VIRS.
    pub(super) register: Option<&'a TierTable<'a>>,
    pub(super) entities: OnceLock<VirsList<'a>>,
    things: OnceLock<Directories<'a>>,
    common: OnceLock<Common>,
    pub(super) titles: Titles<'a>,
    /// What the tier has shown over time, if it is remembered.
    pub(super) history: Option<&'a TierHistory>,
}

impl<'a> TierSite<'a> {
    pub(crate) fn new(
        tier: Tier,
        catalog: &'a Catalog,
        (tables, history): (&'a [TierTable<'a>], Option<&'a TierHistory>),
        last: Option<&'a LastRelease>,
        context: &'a SiteContext<'a>,
        templates: &'a Environment<'static>,
    ) -> Self {
        let by_name: HashMap<&str, &TierTable<'_>> =
            tables.iter().filter(|table| table.tier == tier).map(|table| (table.table.name.as_str(), table)).collect();
        let of = |dataset: &'a Dataset| dataset.tables.iter().filter_map(|name| by_name.get(name.as_str()).copied()).collect::<Vec<_>>();
        let mut datasets: Vec<_> =
            catalog.datasets().map(|dataset| (dataset.as_ref(), of(dataset))).filter(|(_, tables)| !tables.is_empty()).collect();
        // What people come for first: the register, then the owners; the rest as the catalog has it.
        datasets.sort_by_key(|(_, tables)| match () {
            () if tables.iter().any(|table| entities::is_register(table)) => 0,
            () if tables.iter().any(|table| owners::is_owners(&table.table)) => 1,
            () => 2,
        });
        let registers = || datasets.iter().flat_map(|(_, tables)| tables).copied().filter(|table| entities::is_register(table));
        let register = registers().find(|table| table.table.name == entities::REGISTER).or_else(|| registers().next());
        let titles = Titles::new(catalog);
        Self {
            tier,
            catalog,
            context,
            templates,
            last,
            datasets,
            register,
            entities: OnceLock::new(),
            things: OnceLock::new(),
            common: OnceLock::new(),
            titles,
            history,
        }
    }

    pub(crate) fn tier(&self) -> Tier {
        self.tier
    }

    /// All VIRS; read when a page first needs them.
    pub(super) fn entities(&self) -> Result<&VirsList<'a>, Error> {
        if let (None, Some(register)) = (self.entities.get(), self.register) {
            let _ = self.entities.set(VirsList::new(register.whole()?, &self.titles));
        }
        Ok(self.entities.get_or_init(VirsList::default))
    }

    /// A table of the tier, with its dataset.
    pub(super) fn table(&self, name: &str) -> Option<(&'a Dataset, &'a TierTable<'a>)> {
        let all = self.datasets.iter().flat_map(|(dataset, tables)| tables.iter().map(move |&table| (*dataset, table)));
        all.into_iter().find(|(_, table)| table.table.name == name)
    }

    /// Kinds of pages that the tier has beside those of VIRS.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &'a PageKind> {
        let is_there = |kind: &&PageKind| kind.tiers.contains(&self.tier) && self.table(&kind.table).is_some();
        self.catalog.page_kinds().map(AsRef::as_ref).filter(is_there)
    }

    /// What has a page beside VIRS; read when a page first needs it.
    pub(super) fn things(&self) -> Result<&Directories<'a>, Error> {
        if self.things.get().is_none() {
            let kinds: Vec<_> = self.kinds().filter_map(|kind| Some((kind, self.table(&kind.table)?.1))).collect();
            let read = |(kind, table): (&'a PageKind, &'a TierTable<'a>)| {
                Ok(table.table.search.as_ref().zip(Some(table.whole()?)).map(|(search, rows)| Directory::new(kind, search, rows)))
            };
            let all = kinds.into_par_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
            let _ = self.things.set(Directories(all.into_iter().flatten().collect()));
        }
        Ok(self.things.get_or_init(Directories::default))
    }

    /// The tables whose rows stand on the pages of the VIRS they name.
    pub(super) fn about_entities(&self) -> impl Iterator<Item = (&'a Dataset, &'a TierTable<'a>)> {
        let all = self.datasets.iter().flat_map(|(dataset, tables)| tables.iter().map(move |&table| (*dataset, table)));
        all.filter(|(_, table)| self.register.is_some() && table.has_text(ENTITY))
    }

    /// The last release, and what its pages of this tier show.
    pub(super) fn last_pages(&self) -> Option<(&'a LastRelease, &'a TierHashes)> {
        self.last.and_then(|last| Some((last, last.page_hashes().tiers.get(&self.tier)?)))
    }

    /// What all pages of the tier have in common: which tables there are, and which periods are over.
    pub(super) fn frame_text(&self) -> String {
        let tables: Vec<_> = self.datasets.iter().flat_map(|(_, tables)| tables).map(|table| table.table.name.as_str()).collect();
        // Since when is told by every page of a VIRS on which nothing changed.
        let since = self.history.map(TierHistory::since);
        // Pages say of a year, or of a half of it, that it goes on.
        let today = self.context.release.date;
        let workbooks = self.has_workbooks();
        format!("{}\n{}\n{since:?} {} {} {workbooks}", self.frame("", ""), tables.join(" "), today.year(), today.month() > 6)
    }

    /// Whether readers of this tier ask its tables in their browsers.
    pub(super) fn has_sql(&self) -> bool {
        let sql = &self.context.sql;
        let stands = || sql.as_it_stands && self.last.is_some_and(|last| last.entry(self.tier, SQL_PAGE).is_some());
        self.tier != Tier::Internal && sql.database.is_some() && (sql.pages.is_some() || stands())
    }

    /// Whether a workbook lies beside the page of each VIRS.
    fn has_workbooks(&self) -> bool {
        self.context.release.publication.as_ref().is_none_or(|publication| publication.workbooks)
    }

    /// What lies beside the page of a VIRS.
    pub(super) fn beside(&self, code: &str) -> Vec<String> {
        let mut paths = beside(self.tier, code, self.history.is_some());
        paths.retain(|path| self.has_workbooks() || !path.ends_with(".xlsx"));
        paths
    }

    /// Pages of text, in the tiers that everybody reads.
    pub(super) fn prose(&self) -> impl Iterator<Item = (&'a str, &'a Prose)> {
        self.catalog.prose().filter(|_| self.tier != Tier::Internal)
    }

    /// Sources of which an older extract stands in, each with the earliest day since when.
    pub(super) fn stale(&self) -> BTreeMap<&str, Option<String>> {
        let mut stale = BTreeMap::new();
        for source in self.context.release.sources.iter().filter(|source| source.state != SourceState::Fresh) {
            let since = source.stale_since.map(|date| date.to_string());
            let title = self.titles.title("saltiniai", &source.source);
            stale.entry(title).and_modify(|known: &mut Option<String>| *known = known.clone().min(since.clone())).or_insert(since);
        }
        stale
    }

    /// What the page at `path` of the tier needs, as every page does.
    pub(super) fn frame(&self, title: &str, path: &str) -> Value {
        let publication = self.context.release.publication.as_ref().filter(|_| self.tier != Tier::Internal);
        let address = |path: &str| publication.and_then(|publication| publication.address_of(&path_in_release(self.tier, path)));
        let up = "../".repeat(path.matches('/').count());
        let (address_here, is_page) = (address(path), path.ends_with(".html"));
        let addresses = address_here.clone().zip(address(&in_english(path))).filter(|_| is_page && self.has_english());
        let common = self.common.get_or_init(|| self.common());
        context! {
            title => shortened(title, LONGEST_NAME).as_ref(),
            other_language => self.has_english().then(|| both(&format!("{up}{}", in_english(path)), &format!("../{up}{path}"))),
            other_tier => other_tier(self.tier).map(|other| both(&format!("{up}../{other}/"), &format!("{up}../../{other}/{ENGLISH_FOLDER}"))),
            up,
            address => match &addresses {
                Some((lithuanian, english)) => Some(both(lithuanian, english)),
                None => address_here.clone().filter(|_| is_page),
            },
            picture => address_here.filter(|_| is_page).map(|page| page.replace(".html", ".svg")),
            alternates => Serde(addresses.map(|(lt, en)| Addresses { lt, en })),
            preview => address(PREVIEW),
            tier => self.tier.name(),
            tier_title => tier_title(self.tier),
            notice => self.context.notice,
            publication => common.publication.clone(),
            contact_link => common.contact_link.clone(),
            stale => common.stale.clone(),
            history => self.history.is_some(),
            start => address(START),
            prose => common.prose.clone(),
            sql => self.has_sql(),
            kinds => common.kinds.clone(),
            statistics => self.datasets.iter().any(|(dataset, _)| dataset.group == Group::Statistika),
        }
    }

    fn common(&self) -> Common {
        let publication = self.context.release.publication.as_ref().filter(|_| self.tier != Tier::Internal);
        let line = |title: String, href: String| Line { title, href };
        Common {
            publication: Serde(publication).into(),
            contact_link: publication.and_then(Publication::contact_link).into(),
            stale: Serde(self.stale()).into(),
            prose: Serde(self.prose().map(|(name, prose)| line(prose_title(prose), prose_page(name))).collect::<Vec<_>>()).into(),
            kinds: Serde(self.kinds().map(|kind| line(in_both(&kind.title), thing_list(kind))).collect::<Vec<_>>()).into(),
        }
    }

    pub(super) fn render(&self, template: &'static str, values: Value) -> Result<String, Error> {
        render(self.templates, template, values)
    }
}

pub(super) fn tier_title(tier: Tier) -> &'static str {
    match tier {
        Tier::Internal => say!("Vidinė dalis"),
        Tier::Public => say!("Viešoji dalis"),
        Tier::Open => say!("Atvirų duomenų dalis"),
    }
}

/// What a page of text is called.
pub(super) fn prose_title(prose: &Prose) -> String {
    both(prose.lithuanian.title(), prose.english.title())
}

/// The other tier that everybody reads.
fn other_tier(tier: Tier) -> Option<&'static str> {
    match tier {
        Tier::Internal => None,
        Tier::Public => Some(Tier::Open.name()),
        Tier::Open => Some(Tier::Public.name()),
    }
}
