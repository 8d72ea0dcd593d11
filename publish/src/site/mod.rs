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
mod owners;
mod rows;
mod shown;
mod text;

use std::collections::{BTreeMap, HashMap};

use catalog::{Catalog, Dataset, Group, Released, Tier};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context, escape_formatter};

use crate::release::{Downloads, SiteContext};
use crate::{Error, SourceState, Staging};

use entities::Entities;
use shown::Titles;

const TEMPLATES: [(&str, &str); 6] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("dataset.html", include_str!("../../templates/dataset.html")),
    ("entities.html", include_str!("../../templates/entities.html")),
    ("entity.html", include_str!("../../templates/entity.html")),
    ("home.html", include_str!("../../templates/home.html")),
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
    /// Datasets that have something to show to this tier, with their tables.
    datasets: Vec<(&'a Dataset, Vec<&'a Released>)>,
    entities: Entities<'a>,
    titles: Titles<'a>,
}

impl<'a> TierSite<'a> {
    pub(crate) fn new(
        tier: Tier,
        catalog: &'a Catalog,
        tables: &'a [Released],
        context: &'a SiteContext<'a>,
        templates: &'a Environment<'static>,
    ) -> Self {
        let by_name: HashMap<&str, &Released> =
            tables.iter().filter(|table| table.tier() == tier).map(|table| (table.table().name.as_str(), table)).collect();
        let of = |dataset: &'a Dataset| dataset.tables.iter().filter_map(|name| by_name.get(name.as_str()).copied()).collect::<Vec<_>>();
        let mut datasets: Vec<_> =
            catalog.datasets().map(|dataset| (dataset.as_ref(), of(dataset))).filter(|(_, tables)| !tables.is_empty()).collect();
        // What people come for first: the register, then the owners; the rest as the catalog has it.
        datasets.sort_by_key(|(_, tables)| match () {
            () if tables.iter().any(|table| entities::is_register(table)) => 0,
            () if tables.iter().any(|table| owners::is_owners(table)) => 1,
            () => 2,
        });
        let titles = Titles::new(catalog);
        let entities = Entities::new(&datasets, &titles);
        Self { tier, catalog, context, templates, datasets, entities, titles }
    }

    pub(crate) fn tier(&self) -> Tier {
        self.tier
    }

    /// Writes the page of every VIRS; returns how many there are.
    pub(crate) fn write_entities(&self, staging: &Staging) -> Result<usize, Error> {
        entity::write_all(self, staging)
    }

    /// Writes everything else: start page, list of VIRS, a page for each dataset, style.
    pub(crate) fn write_lists(&self, staging: &Staging, downloads: &Downloads<'_>) -> Result<usize, Error> {
        for (path, content) in ASSETS {
            staging.write_bytes(self.tier, path, content.as_bytes())?;
        }
        staging.write_bytes(self.tier, "index.html", home::render(self)?.as_bytes())?;
        staging.write_bytes(self.tier, "virs/index.html", entities::render(self)?.as_bytes())?;
        for (dataset, tables) in &self.datasets {
            let page = dataset::render(self, dataset, tables, downloads)?;
            staging.write_bytes(self.tier, &dataset_path(dataset), page.as_bytes())?;
        }
        Ok(2 + self.datasets.len())
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
