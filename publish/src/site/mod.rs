//! The static portal: pages for people, one site for each tier from the same templates. No JavaScript, nothing from elsewhere.
//!
//! Only the start page carries the release's date, so that a page about something that did not change stays the same file from
//! release to release. All pages say when a source is not fresh: whoever reads of one VIRS must know that its owners may be old.

mod alphabet;
mod chart;
mod dataset;
mod entities;
mod entity;
mod home;
mod marks;
mod news;
mod owners;
mod pages;
mod rows;
mod shown;
mod text;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use catalog::{Catalog, Dataset, Group, Tier};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context, escape_formatter};

use crate::release::{Downloads, SiteContext};
use crate::seen::Seen;
use crate::{Earlier, Error, SourceState, Staging};

use entities::VirsList;
use shown::Titles;

pub use marks::PageMarks;
pub(crate) use marks::{Part, TierMarks, of_rows};
pub(crate) use pages::Pages;
pub(crate) use text::push_escaped;

const TEMPLATES: [(&str, &str); 7] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("dataset.html", include_str!("../../templates/dataset.html")),
    ("entities.html", include_str!("../../templates/entities.html")),
    ("entity.html", include_str!("../../templates/entity.html")),
    ("home.html", include_str!("../../templates/home.html")),
    ("news.html", include_str!("../../templates/news.html")),
    ("root.html", include_str!("../../templates/root.html")),
];

const ASSETS: [(&str, &str); 2] =
    [("assets/style.css", include_str!("../../assets/style.css")), ("assets/icon.svg", include_str!("../../assets/icon.svg"))];

/// Compiles the templates.
pub(crate) fn templates() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    // One escaping for templates and for what is written straight into pages; minijinja's own also writes `/` as an entity.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
            let mut escaped = String::with_capacity(text.len());
            text::push_escaped(text, &mut escaped);
            Ok(out.write_str(&escaped)?)
        }
        _ => escape_formatter(out, state, value),
    });
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).map_err(|error| broken(name, &error))?;
    }
    Ok(environment)
}

/// The site of one tier.
pub(crate) struct TierSite<'a> {
    tier: Tier,
    catalog: &'a Catalog,
    context: &'a SiteContext<'a>,
    templates: &'a Environment<'static>,
    /// The release from which unchanged pages are taken over.
    earlier: Option<&'a Earlier>,
    /// Datasets that have something to show to this tier, with their tables.
    datasets: Vec<(&'a Dataset, Vec<&'a Seen<'a>>)>,
    /// The table with one row for every VIRS.
    register: Option<&'a Seen<'a>>,
    entities: OnceLock<VirsList<'a>>,
    titles: Titles<'a>,
}

impl<'a> TierSite<'a> {
    pub(crate) fn new(
        tier: Tier,
        catalog: &'a Catalog,
        tables: &'a [Seen<'a>],
        earlier: Option<&'a Earlier>,
        context: &'a SiteContext<'a>,
        templates: &'a Environment<'static>,
    ) -> Self {
        let by_name: HashMap<&str, &Seen<'_>> =
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
        Self { tier, catalog, context, templates, earlier, datasets, register, entities: OnceLock::new(), titles }
    }

    pub(crate) fn tier(&self) -> Tier {
        self.tier
    }

    /// All VIRS; read when a page first needs them.
    fn entities(&self) -> Result<&VirsList<'a>, Error> {
        if let (None, Some(register)) = (self.entities.get(), self.register) {
            let _ = self.entities.set(VirsList::new(register.whole()?, &self.titles));
        }
        Ok(self.entities.get_or_init(VirsList::default))
    }

    /// The tables whose rows stand on the pages of the VIRS they name.
    fn about_entities(&self) -> impl Iterator<Item = (&'a Dataset, &'a Seen<'a>)> {
        let all = self.datasets.iter().flat_map(|(dataset, tables)| tables.iter().map(move |&table| (*dataset, table)));
        all.filter(|(_, table)| self.register.is_some() && table.has_text(shown::ENTITY))
    }

    /// The earlier release, and what its pages of this tier show.
    fn known(&self) -> Option<(&'a Earlier, &'a TierMarks)> {
        self.earlier.and_then(|earlier| Some((earlier, earlier.marks().0.get(&self.tier)?)))
    }

    /// What the pages of this tier show tonight; `fresh` are the parts of tables that were made tonight.
    pub(crate) fn marks(&self, fresh: &HashMap<&str, Arc<Part>>) -> Result<TierMarks, Error> {
        pages::marks(self, fresh)
    }

    /// Writes the page of every VIRS.
    pub(crate) fn write_entities(&self, staging: &Staging, marks: &TierMarks) -> Result<Pages, Error> {
        pages::write_all(self, staging, marks)
    }

    /// Writes everything else: start page, news, list of VIRS, a page for each dataset, style.
    pub(crate) fn write_lists(&self, staging: &Staging, downloads: &Downloads<'_>, marks: &TierMarks) -> Result<Pages, Error> {
        for (path, content) in ASSETS {
            staging.write_bytes(self.tier, path, content.as_bytes())?;
        }
        // It says the date, so it is another one in each release.
        staging.write_bytes(self.tier, "index.html", home::render(self)?.as_bytes())?;
        let mut pages = Pages { all: 3 + self.datasets.len(), rendered: 1 };
        let known = self.known();
        let same_frame = known.filter(|(_, known)| known.frame == marks.frame);
        let take_over = |path: &str, same: bool| match same_frame.filter(|_| same) {
            Some((earlier, _)) => Ok(earlier.link(staging, self.tier, path)?.is_some()),
            None => Ok::<_, Error>(false),
        };
        if !take_over(news::PATH, known.is_some_and(|(_, known)| known.news == marks.news))? {
            staging.write_bytes(self.tier, news::PATH, news::render(self)?.as_bytes())?;
            pages.rendered += 1;
        }
        let path = "virs/index.html";
        if !take_over(path, self.register.is_none_or(|register| !register.is_new()))? {
            staging.write_bytes(self.tier, path, entities::render(self)?.as_bytes())?;
            pages.rendered += 1;
        }
        // Codes of VIRS in its rows are links where the VIRS has a page.
        let codes = |of: &TierMarks| {
            self.register.and_then(|register| of.parts.get(&register.table.name)).map(|part| part.keys().cloned().collect())
        };
        let same_codes = known.is_some_and(|(_, known)| codes(known) == codes(marks) as Option<Vec<String>>);
        for (dataset, tables) in &self.datasets {
            let path = dataset_path(dataset);
            if !take_over(&path, same_codes && tables.iter().all(|table| !table.is_new()))? {
                let page = dataset::render(self, dataset, tables, downloads)?;
                staging.write_bytes(self.tier, &path, page.as_bytes())?;
                pages.rendered += 1;
            }
        }
        Ok(pages)
    }

    /// What all pages of the tier have in common, and which tables there are.
    fn frame_text(&self) -> String {
        let tables: Vec<_> = self.datasets.iter().flat_map(|(_, tables)| tables).map(|table| table.table.name.as_str()).collect();
        format!("{}\n{}", self.frame("", ""), tables.join(" "))
    }

    /// Sources of which an older extract stands in, each with the earliest day since when.
    fn stale(&self) -> BTreeMap<&str, Option<String>> {
        let mut stale = BTreeMap::new();
        for source in self.context.release.sources.iter().filter(|source| source.state != SourceState::Fresh) {
            let since = source.stale_since.map(|date| date.to_string());
            let title = self.titles.title("saltiniai", &source.source);
            stale.entry(title).and_modify(|known: &mut Option<String>| *known = known.clone().min(since.clone())).or_insert(since);
        }
        stale
    }

    /// What every page needs; `up` leads from the page to the tier's start page.
    fn frame(&self, title: &str, up: &str) -> Value {
        context! {
            title,
            up,
            tier => self.tier.name(),
            tier_title => tier_title(self.tier),
            notice => self.context.notice,
            stale => Serde(self.stale()),
            statistics => self.datasets.iter().any(|(dataset, _)| dataset.group == Group::Statistika),
        }
    }

    fn render(&self, template: &'static str, values: Value) -> Result<String, Error> {
        render(self.templates, template, values)
    }
}

/// Writes the page that leads to both tiers of the portal.
pub(crate) fn write_root(staging: &Staging, context: &SiteContext<'_>, templates: &Environment<'static>) -> Result<usize, Error> {
    let page = render(templates, "root.html", context! { date => context.release.date.to_string(), notice => context.notice })?;
    staging.write_root("index.html", page.as_bytes())?;
    Ok(1)
}

fn render(templates: &Environment<'static>, template: &'static str, values: Value) -> Result<String, Error> {
    templates.get_template(template).and_then(|found| found.render(values)).map_err(|error| broken(template, &error))
}

/// Only the kind and the line: a renderer's own words may quote what it was rendering.
fn broken(template: &'static str, error: &minijinja::Error) -> Error {
    Error::Template { template, reason: format!("{} in line {}", error.kind(), error.line().unwrap_or_default()) }
}

fn tier_title(tier: Tier) -> &'static str {
    match tier {
        Tier::Internal => "Vidinė dalis",
        Tier::Public => "Viešoji dalis",
        Tier::Open => "Atvirų duomenų dalis",
    }
}

/// Where a dataset's page lies in its tier.
fn dataset_path(dataset: &Dataset) -> String {
    let folder = match dataset.group {
        Group::Duomenys => "duomenys",
        Group::Statistika => "statistika",
    };
    format!("{folder}/{}.html", dataset.name)
}

#[cfg(test)]
mod tests;
