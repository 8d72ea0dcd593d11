//! `virsis mandates import`: who may act for whom, as the Centre of Registers' user subsystem exports it.

use std::path::Path;

use anyhow::{Context, Result};
use catalog::codes::{is_legal_entity_code, is_old_legal_entity_code, is_personal_code};
use chrono::{NaiveDate, Utc};
use forms::Role;
use forms::store::{self, Act, Actor, Durability, NewMandate};
use serde::Deserialize;

use crate::config::Config;
use crate::endpoint;
use crate::refusal::Refusal;

/// A line of the file; headings are these names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    asmens_kodas: String,
    vaidmuo: String,
    organizacijos_kodas: String,
    organizacijos_pavadinimas: String,
    el_pastas: String,
    galioja_nuo: String,
    galioja_iki: String,
}

pub(crate) fn import(config: &Config, file: &Path) -> Result<()> {
    let persons = endpoint::persons(config)?;
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let (mut mandates, mut wrong) = (Vec::new(), Vec::new());
    for (place, line) in csv::Reader::from_reader(text).deserialize::<Line>().enumerate() {
        let number = place + 2;
        match line.map_err(|_| "its fields are not those of the heading line").and_then(|line| mandate(&line, |code| persons.of(code))) {
            Ok(mandate) => mandates.push(mandate),
            Err(reason) => wrong.push(format!("{}, line {number}: {reason}", file.display())),
        }
    }
    // All or nothing: a mandate left out would silently end.
    if !wrong.is_empty() {
        return Err(Refusal(wrong).into());
    }
    endpoint::store(config)?.write::<_, forms::Error>(Durability::OnDisk, |transaction| {
        store::replace_all(transaction, &mandates)?;
        let detail = mandates.len().to_string();
        store::note(
            transaction,
            Act { actor: Actor::Operator, action: "import mandates", object: "mandates".to_owned(), detail },
            Utc::now(),
        )
    })?;
    println!("{} mandates; those of before have ended", mandates.len());
    Ok(())
}

fn mandate(line: &Line, hash: impl Fn(&str) -> String) -> Result<NewMandate, &'static str> {
    let day = |text: &str| text.parse::<NaiveDate>();
    if !is_personal_code(&line.asmens_kodas) {
        return Err("asmens_kodas is no personal code");
    }
    if !is_legal_entity_code(&line.organizacijos_kodas) && !is_old_legal_entity_code(&line.organizacijos_kodas) {
        return Err("organizacijos_kodas is no code of a legal entity");
    }
    if line.organizacijos_pavadinimas.trim().is_empty() {
        return Err("organizacijos_pavadinimas is empty");
    }
    Ok(NewMandate {
        person: hash(&line.asmens_kodas),
        role: Role::of(&line.vaidmuo).ok_or("vaidmuo is none of virs, km, lrtk, zeit, viea, istaiga, administratorius, analitikas")?,
        organisation_code: line.organizacijos_kodas.clone(),
        organisation_name: line.organizacijos_pavadinimas.trim().to_owned(),
        email: Some(line.el_pastas.trim().to_owned()).filter(|address| !address.is_empty()),
        valid_from: day(&line.galioja_nuo).map_err(|_| "galioja_nuo is no date")?,
        valid_to: if line.galioja_iki.is_empty() { None } else { Some(day(&line.galioja_iki).map_err(|_| "galioja_iki is no date")?) },
    })
}
