//! Proposals in words: what is proposed, by whom, what became of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use minijinja::{Value, context};

use super::super::frame::local;
use crate::Error;
use crate::store::{self, Decision, NewMandate, PROPOSAL_DAYS, Proposal, ProposalKind};

/// An extract that shall be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) source: String,
    pub(super) table: String,
    pub(super) extract: String,
}

impl Subject {
    /// As a proposal says it.
    pub(super) fn text(&self) -> String {
        format!("{} {} {}", self.source, self.table, self.extract)
    }

    pub(super) fn of(text: &str) -> Result<Self, Error> {
        match text.split(' ').collect::<Vec<_>>().as_slice() {
            [source, table, extract] => {
                Ok(Self { source: (*source).to_owned(), table: (*table).to_owned(), extract: (*extract).to_owned() })
            }
            _ => Err(Error::Content("an extract that was proposed")),
        }
    }
}

/// As a proposal says a mandate.
pub(super) fn said(mandate: &NewMandate) -> Result<String, Error> {
    serde_json::to_string(mandate).map_err(|_| Error::Content("a mandate"))
}

/// The mandate that a proposal is about.
pub(super) fn mandate_of(text: &str) -> Result<NewMandate, Error> {
    serde_json::from_str(text).map_err(|_| Error::Content("a mandate that was proposed"))
}

/// A proposal as pages show it.
pub(super) fn view(connection: &rusqlite::Connection, proposal: &Proposal, now: DateTime<Utc>) -> Result<Value, Error> {
    let people = [Some(proposal.proposed_by), proposal.decided.map(|(_, by, _)| by)];
    let names = store::account_names(connection, people.into_iter().flatten())?;
    let (title, facts) = match proposal.kind {
        ProposalKind::Accept => {
            let Subject { source, table, extract } = Subject::of(&proposal.subject)?;
            ("Priimti atmestą išrašą", vec![("Šaltinis", source), ("Lentelė", table), ("Išrašo santrauka", extract)])
        }
        ProposalKind::AddMandate => ("Pridėti įgaliojimą", facts(connection, &mandate_of(&proposal.subject)?)?),
        ProposalKind::EndMandate => ("Baigti įgaliojimą", facts(connection, &mandate_of(&proposal.subject)?)?),
    };
    let outcome = match proposal.decided {
        Some((Decision::Confirmed, ..)) => "patvirtinta",
        Some((Decision::Declined, ..)) => "atmesta",
        Some((Decision::Withdrawn, ..)) => "atšaukta",
        Some((Decision::Lapsed, ..)) => "nebegalioja",
        None if proposal.is_open(now) => "laukia kito administratoriaus",
        None => "nebegalioja: niekas nenusprendė laiku",
    };
    let facts: Vec<Value> = facts.into_iter().map(|(name, value)| context! { name, value }).collect();
    let time = |at: DateTime<Utc>| local(&store::stamp(at), "%Y-%m-%d %H:%M");
    Ok(context! {
        id => proposal.id, title, facts, reason => &proposal.reason, outcome, open => proposal.is_open(now),
        by => who(&names, proposal.proposed_by), proposed => time(proposal.proposed),
        until => local(&store::stamp(proposal.proposed + chrono::TimeDelta::days(PROPOSAL_DAYS)), "%Y-%m-%d %H:%M"),
        decided_by => proposal.decided.map(|(_, by, _)| who(&names, by)), decided => proposal.decided.map(|(.., at)| time(at)),
        adds_mandate => proposal.kind == ProposalKind::AddMandate,
    })
}

/// A mandate as pages show it.
pub(super) fn facts(connection: &rusqlite::Connection, mandate: &NewMandate) -> Result<Vec<(&'static str, String)>, Error> {
    let holder = store::by_person(connection, &mandate.person)?;
    let until = mandate.valid_to.map_or_else(|| ", neterminuotai".to_owned(), |day| format!(" iki {day}"));
    Ok(vec![
        ("Kas įgaliojamas", holder.map_or_else(|| "dar nėra prisijungęs".to_owned(), |one| format!("{} (paskyra {})", one.name(), one.id))),
        ("Rolė", mandate.role.title().to_owned()),
        ("Organizacija", format!("{} ({})", mandate.organisation_name, mandate.organisation_code)),
        ("El. paštas", mandate.email.clone().unwrap_or_else(|| "nenurodytas".to_owned())),
        ("Galioja", format!("nuo {}{until}", mandate.valid_from)),
    ])
}

/// An account with the name of its owner.
pub(super) fn who(names: &BTreeMap<i64, String>, id: i64) -> String {
    names.get(&id).map_or_else(|| format!("paskyra {id}"), |name| format!("{name} (paskyra {id})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proposed_is_read_back_as_it_was_said() {
        let subject = Subject { source: "jar".into(), table: "raw_x".into(), extract: "0a".into() };
        assert_eq!(Subject::of(&subject.text()).unwrap(), subject);
        assert!(Subject::of("jar 0a").is_err() && Subject::of("").is_err());
        let mandate = NewMandate {
            person: "p".into(),
            role: crate::Role::Virs,
            organisation_code: "188683671".into(),
            organisation_name: "Leidykla „Ąžuolas“".into(),
            email: None,
            valid_from: "2026-01-01".parse().unwrap(),
            valid_to: None,
        };
        assert_eq!(mandate_of(&said(&mandate).unwrap()).unwrap(), mandate);
    }
}
