//! `virsis check`: are the configuration, the definitions under `data/`, `sql/` and `schedules/` and the texts under `data/content` free of errors
//! and contradictions? So are the file of mandates, which lies elsewhere because it holds personal codes, and the boundaries on the map, if they are
//! configured.

use anyhow::Result;
use catalog::{Content, Layer, Tier};
use transforms::Models;

use crate::config::{Config, MandatesConfig};
use crate::endpoint::{mandates, training};
use crate::home;
use crate::plural::counted;
use crate::queries::examples;
use crate::queries::report::Report;
use crate::refusal::{Refusal, reasons};
use crate::schedule::Schedule;

pub(crate) fn run(config: &Config) -> Result<()> {
    let catalog = home::load_catalog(config)?;
    let models = Models::load(&config.home).map_err(Refusal::one)?;
    let mut problems = Vec::new();
    let made: Vec<&str> = models.names().collect();
    for table in catalog.tables(Layer::Out).filter(|table| !made.contains(&table.name.as_str())) {
        problems.push(format!("table {} has no model; add sql/models/{}.sql", table.name, table.name));
    }
    let feeds = home::load_feeds(config, &catalog)?;
    let mut count = |read: Result<usize>| {
        read.unwrap_or_else(|error| {
            problems.extend(reasons(error));
            0
        })
    };
    let reports = count(Report::load_all(&config.home).map(|all| all.len()));
    let examples = count(examples::load_all(&config.home).map(|all| all.len()));
    let (news, wrong) = match Content::load(&config.home) {
        Ok(content) => (content.news.len(), Vec::new()),
        Err(wrong) => (0, wrong),
    };
    problems.extend(wrong);
    problems.extend(wrong_mandates(config));
    problems.extend(::training::exercises(&config.home).err().map(|error| error.to_string()));
    problems.extend(training::check(config).err().into_iter().flat_map(reasons));
    let missing = match home::load_boundaries(config, &catalog) {
        Ok(boundaries) => boundaries.map(|boundaries| boundaries.missing(&catalog)).unwrap_or_default(),
        Err(error) => {
            problems.extend(reasons(error));
            Vec::new()
        }
    };
    for name in &config.serve.schedules {
        problems.extend(Schedule::load(&config.home, name).err().map(|error| format!("{error:#}")));
    }
    if !problems.is_empty() {
        return Err(Refusal(problems).into());
    }
    if !missing.is_empty() {
        println!("portal.boundaries lacks municipalities, which the map lists below it: {}", missing.join(" "));
    }
    let count = |layer| catalog.tables(layer).count();
    let open = catalog.tables(Layer::Out).filter(|table| table.tiers.contains(&Tier::Open)).count();
    println!(
        "no errors: {} raw, {} core and {} published tables ({open} of them open), {} datasets, {} classifiers, {} models, {} reports, {} examples, {} forms, {}",
        count(Layer::Raw),
        count(Layer::Core),
        count(Layer::Out),
        catalog.datasets().count(),
        catalog.classifiers().count(),
        made.len(),
        reports,
        examples,
        feeds.len(),
        counted(news, "news item", "news items")
    );
    Ok(())
}

/// What is wrong with the file of mandates, where every run reads one.
fn wrong_mandates(config: &Config) -> Vec<String> {
    let Some(source @ MandatesConfig::File(_)) = &config.mandates else { return Vec::new() };
    // No code is stored, so none needs to be hashed.
    match mandates::ask(config, source, |_| String::new()) {
        Ok(_) => Vec::new(),
        Err(error) => reasons(error),
    }
}
