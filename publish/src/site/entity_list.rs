//! The alphabetical list of all VIRS of a tier.

use minijinja::{context, value::Serde};
use serde::Serialize;

use super::alphabet::{heading, looked_up};
use super::text::number;
use super::tier_site::TierSite;
use crate::error::Error;
use crate::paths::entity_file;

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    code: &'a str,
    form: Option<&'a str>,
    state: Option<&'static str>,
    file: Option<String>,
}

#[derive(Serialize)]
struct Letter<'a> {
    heading: String,
    id: String,
    lines: Vec<Line<'a>>,
}

/// The page.
pub(super) fn render(site: &TierSite<'_>) -> Result<String, Error> {
    let mut letters: Vec<Letter<'_>> = Vec::new();
    let entities = site.entities()?;
    for entity in &entities.list {
        let heading = heading(looked_up(entity.name));
        if letters.last().is_none_or(|letter| letter.heading != heading) {
            letters.push(Letter { heading, id: format!("raide-{}", letters.len() + 1), lines: Vec::new() });
        }
        let line = Line { name: entity.name, code: entity.code, form: entity.form, state: entity.state, file: entity_file(entity.code) };
        if let Some(letter) = letters.last_mut() {
            letter.lines.push(line);
        }
    }
    let values =
        context! { frame => site.frame("VIRS sąrašas", "../"), letters => Serde(letters), count => number(entities.list.len() as u64) };
    site.render("entities.html", values)
}
