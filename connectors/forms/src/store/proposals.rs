//! Proposals of administrators: what one proposes, another one confirms or declines. Each is decided once.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::{stamp, unstamp};
use crate::Error;

/// A proposal that nobody decides for so many days counts no more.
pub const PROPOSAL_DAYS: i64 = 7;
/// So many are open at a time, whoever proposed them.
const MOST_OPEN: i64 = 50;
/// And so many of one account.
const MOST_OF_ONE: i64 = 10;

/// What is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalKind {
    /// To let a refused extract through.
    Accept,
    /// To add a mandate.
    AddMandate,
    /// To end a mandate.
    EndMandate,
}

impl ProposalKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Accept, Self::AddMandate, Self::EndMandate];

    /// As store and audit log name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept extract",
            Self::AddMandate => "add mandate",
            Self::EndMandate => "end mandate",
        }
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Another administrator agreed, and it was done.
    Confirmed,
    /// Another administrator did not agree.
    Declined,
    /// Whoever proposed it took it back.
    Withdrawn,
    /// What it was about is no more as it was.
    Lapsed,
}

impl Decision {
    const ALL: [Self; 4] = [Self::Confirmed, Self::Declined, Self::Withdrawn, Self::Lapsed];

    /// As store and audit log name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.code() == code)
    }
}

/// A proposal.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its number.
    pub id: i64,
    /// What kind of thing is proposed.
    pub kind: ProposalKind,
    /// What exactly.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub proposed_by: i64,
    /// When.
    pub proposed: DateTime<Utc>,
    /// What became of it, who decided so, and when.
    pub decided: Option<(Decision, i64, DateTime<Utc>)>,
}

impl Proposal {
    /// Whether it waits for a decision; too old a one does not.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.decided.is_none() && now - self.proposed < TimeDelta::days(PROPOSAL_DAYS)
    }
}

const COLUMNS: &str = "id, kind, subject, reason, proposed_by, proposed, outcome, decided_by, decided";

fn read(row: &Row<'_>) -> rusqlite::Result<Option<Proposal>> {
    let (kind, outcome): (String, Option<String>) = (row.get(1)?, row.get(6)?);
    let decided = match outcome {
        None => None,
        Some(outcome) => {
            let Some(decision) = Decision::of(&outcome) else { return Ok(None) };
            Some((decision, row.get(7)?, unstamp(&row.get::<_, String>(8)?)?))
        }
    };
    let Some(kind) = ProposalKind::of(&kind) else { return Ok(None) };
    let proposed = unstamp(&row.get::<_, String>(5)?)?;
    let (id, subject, reason, proposed_by) = (row.get(0)?, row.get(2)?, row.get(3)?, row.get(4)?);
    Ok(Some(Proposal { id, kind, subject, reason, proposed_by, proposed, decided }))
}

fn understood(read: Option<Proposal>) -> Result<Proposal, Error> {
    read.ok_or(Error::Content("a proposal"))
}

/// What became of an attempt to propose something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposed {
    /// It is proposed now, under this number.
    New(i64),
    /// The same has been proposed already, and waits.
    Already(i64),
    /// Too many proposals wait.
    TooMany,
}

/// Proposes something, unless the same waits already.
///
/// # Errors
/// The store's.
pub fn propose(
    transaction: &Transaction<'_>,
    kind: ProposalKind,
    subject: &str,
    reason: &str,
    account: i64,
    now: DateTime<Utc>,
) -> Result<Proposed, Error> {
    // Those that nobody decided in time stand in nobody's way.
    transaction.execute(
        "UPDATE proposal SET outcome = ?1, decided_by = proposed_by, decided = ?2 WHERE outcome IS NULL AND proposed <= ?3",
        (Decision::Lapsed.code(), stamp(now), stamp(now - TimeDelta::days(PROPOSAL_DAYS))),
    )?;
    let there: Option<i64> = transaction
        .prepare_cached("SELECT id FROM proposal WHERE kind = ?1 AND subject = ?2 AND outcome IS NULL")?
        .query_row((kind.code(), subject), |row| row.get(0))
        .optional()?;
    if let Some(id) = there {
        return Ok(Proposed::Already(id));
    }
    let (all, own): (i64, i64) = transaction.query_row(
        "SELECT count(*), count(*) FILTER (WHERE proposed_by = ?1) FROM proposal WHERE outcome IS NULL",
        [account],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if all >= MOST_OPEN || own >= MOST_OF_ONE {
        return Ok(Proposed::TooMany);
    }
    let id = transaction.query_row(
        "INSERT INTO proposal (kind, subject, reason, proposed_by, proposed) VALUES (:kind, :subject, :reason, :account, :now) RETURNING id",
        named_params! {":kind": kind.code(), ":subject": subject, ":reason": reason, ":account": account, ":now": stamp(now)},
        |row| row.get(0),
    )?;
    Ok(Proposed::New(id))
}

/// A proposal by its number.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: i64) -> Result<Option<Proposal>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM proposal WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([id], read).optional()?.map(understood).transpose()
}

/// The last proposals, the newest first.
///
/// # Errors
/// The store's.
pub fn last(connection: &Connection, most: usize) -> Result<Vec<Proposal>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM proposal ORDER BY id DESC LIMIT ?1");
    let mut select = connection.prepare_cached(&sql)?;
    let found = select.query_map([most as i64], read)?;
    found.map(|one| understood(one?)).collect()
}

/// Decides a proposal. `false` when somebody did so before.
///
/// # Errors
/// The store's.
pub fn decide(transaction: &Transaction<'_>, id: i64, decision: Decision, account: i64, now: DateTime<Utc>) -> Result<bool, Error> {
    let decided = transaction.execute(
        "UPDATE proposal SET outcome = ?2, decided_by = ?3, decided = ?4 WHERE id = ?1 AND outcome IS NULL",
        (id, decision.code(), account, stamp(now)),
    )?;
    Ok(decided == 1)
}
