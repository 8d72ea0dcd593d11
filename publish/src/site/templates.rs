//! The page templates, compiled once for all tiers.

use minijinja::{AutoEscape, Environment, Value, escape_formatter};

use super::text::push_escaped;
use crate::error::Error;
use crate::language::translated;

const TEMPLATES: [(&str, &str); 24] = [
    ("about.html", include_str!("../../templates/about.html")),
    ("base.html", include_str!("../../templates/base.html")),
    ("changes.html", include_str!("../../templates/changes.html")),
    ("dataset.html", include_str!("../../templates/dataset.html")),
    ("entities.html", include_str!("../../templates/entities.html")),
    ("entity.html", include_str!("../../templates/entity.html")),
    ("guide.html", include_str!("../../templates/guide.html")),
    ("guides.html", include_str!("../../templates/guides.html")),
    ("home.html", include_str!("../../templates/home.html")),
    ("map.html", include_str!("../../templates/map.html")),
    ("match.html", include_str!("../../templates/match.html")),
    ("missing.html", include_str!("../../templates/missing.html")),
    ("news.html", include_str!("../../templates/news.html")),
    ("past_owners.html", include_str!("../../templates/past_owners.html")),
    ("plain.html", include_str!("../../templates/plain.html")),
    ("prose.html", include_str!("../../templates/prose.html")),
    ("protection.html", include_str!("../../templates/protection.html")),
    ("report.html", include_str!("../../templates/report.html")),
    ("root.html", include_str!("../../templates/root.html")),
    ("search.html", include_str!("../../templates/search.html")),
    ("sql.html", include_str!("../../templates/sql.html")),
    ("sql_head.html", include_str!("../../templates/sql_head.html")),
    ("sql_locally.html", include_str!("../../templates/sql_locally.html")),
    ("thing.html", include_str!("../../templates/thing.html")),
];

/// Compiles the templates.
pub(crate) fn templates() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    // One escaping for templates and for what is written straight into pages; minijinja's own also writes `/` as an entity.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
            let mut escaped = String::with_capacity(text.len());
            push_escaped(text, &mut escaped);
            Ok(out.write_str(&escaped)?)
        }
        _ => escape_formatter(out, state, value),
    });
    for (name, source) in TEMPLATES {
        let translated = translated(source).map_err(|reason| Error::Template { template: name, reason })?;
        environment.add_template_owned(name, translated).map_err(|error| broken(name, &error))?;
    }
    Ok(environment)
}

/// Renders one of them.
pub(super) fn render(templates: &Environment<'static>, template: &'static str, values: Value) -> Result<String, Error> {
    templates.get_template(template).and_then(|found| found.render(values)).map_err(|error| broken(template, &error))
}

/// Only the kind and the line: a renderer's own words may quote what it was rendering.
fn broken(template: &'static str, error: &minijinja::Error) -> Error {
    Error::Template { template, reason: format!("{} in line {}", error.kind(), error.line().unwrap_or_default()) }
}
