//! The one file that everything is kept in: SQLite in WAL mode, one writer, several readers.
//!
//! Drafts may be lost in the last moments before the power fails (`synchronous = NORMAL`); what gets a receipt may not
//! (`FULL`, and the receipt is shown only after the commit).

mod abandoned;
mod accounts;
mod attachments;
mod audit;
mod audit_search;
mod changes;
mod clarifications;
mod containers;
mod counts;
mod handovers;
mod history;
mod mandates;
mod outbox;
mod proposals;
mod receipts;
mod sessions;
mod set_aside;
mod signings;
mod submission_lists;
mod submissions;
mod typed;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

pub use abandoned::discard_abandoned;
pub use accounts::{Account, GIVEN_PASSWORD_DAYS, LOCKED_MINUTES, NewAccount, change_password};
pub use attachments::Attachment;
pub use audit::{Act, Actor, AuditEntry, entries, hash_of, last_entry, note, verify};
pub use audit_search::{AuditFilter, actions as audited_actions, search as search_audit};
pub use changes::{Change, looked as looked_at_change, notice as notice_change, overdue as overdue_changes, unseen as unseen_changes};
pub use clarifications::{Clarification, answer as answer_request, ask, open_for, open_of, overdue};
pub use containers::{container, in_container_of, submitted_with};
pub use counts::{SignIns, oldest_waiting, submissions_by_state};
pub use handovers::{begin as begin_handover, take as take_handover};
pub use history::{HistoryRow, about as history_about, add as add_history, is_there as has_history, rows as history_rows};
pub use mandates::{
    Holder, Mandate, NewMandate, add as add_mandate, addresses, all as all_mandates, end as end_mandate, find as find_mandate,
    in_force as mandates_in_force, of_person, organisations, replace_all, roles_of,
};
pub use outbox::{Undelivered, Waiting, delivered, due, enqueue, failed, give_up, given_up, try_again, undelivered, waiting};
pub use proposals::{
    Decision, PROPOSAL_DAYS, Proposal, ProposalKind, Proposed, decide, find as find_proposal, last as last_proposals, propose,
};
pub use receipts::new_receipt;
pub use sessions::Acting;
pub use sessions::{
    ABSOLUTE_HOURS, COOKIE_HOURS, Ended, IDLE_MINUTES, Session, SignedIn, close as close_session, close_all as close_sessions, end_stale,
    ended as ended_session, find as find_session, keep_only as keep_only_session, of_account as sessions_of, open as open_session,
    take_role, touch as touch_session,
};
pub use set_aside::{
    SetAside, SetAsideNotice, all as all_set_aside, of_organisation as set_aside_of, replace as set_aside,
    replace_joined as set_aside_joined,
};
pub use submission_lists::{Current, Filter, Summary, Which, current_of, history_of, list, of_feed, open_count, submitted_since};
pub use submissions::{NewSubmission, Signature, StepOutcome, Submission, advance, create, document, find, next_number, save};
pub use typed::{HOURS as TYPED_HOURS, find as find_typed, forget as forget_typed, keep as keep_typed, of_account as typed_of};
pub use {
    accounts::by_login, accounts::by_person, accounts::close as close_account, accounts::create as create_account,
    accounts::failed as sign_in_failed, accounts::find as find_account, accounts::names as account_names, accounts::renew as renew_account,
    accounts::succeeded as sign_in_succeeded, accounts::upsert_person,
};
pub use {
    attachments::add as add_attachment, attachments::any as any_attachment, attachments::list as attachments,
    attachments::open_bytes as attached_bytes, attachments::publish as publish_attachment, attachments::published, attachments::publishers,
    attachments::read as read_attachment, attachments::remove as remove_attachment,
};

pub use signings::{begin as begin_signing, reference as signing};

use crate::{Error, Seal};

/// So many connections read at a time.
const READERS: u32 = 4;
/// A connection waits so long for another one to end its transaction.
const BUSY: Duration = Duration::from_secs(10);
/// Statements that stay prepared in each connection.
const STATEMENTS: usize = 96;

/// Numbers that a copy leaves free: more than are given between a copy and the day on which it is needed.
const GAP: i64 = 10_000;

/// Steps of the schema, the oldest first; one is never changed after it was released, only added to.
const SCHEMA: &[M<'static>] = &[
    M::up(include_str!("schema.sql")),
    M::up(include_str!("changes.sql")),
    M::up(include_str!("schema_accounts.sql")),
    M::up(include_str!("set_aside.sql")),
    M::up(include_str!("filling.sql")),
    M::up(include_str!("changes_by_kind.sql")),
    M::up(include_str!("published.sql")),
    M::up(include_str!("set_aside_joined.sql")),
    M::up(include_str!("containers.sql")),
    M::up(include_str!("administration.sql")),
];

/// How sure a write must be when it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Whole or not at all; the last moments may be lost when the power fails.
    Usual,
    /// On the disk.
    OnDisk,
}

/// The store.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    writer: Mutex<(Connection, Durability)>,
    readers: Pool<SqliteConnectionManager>,
}

impl Store {
    /// Opens the store, makes it if there is none (mode 0600), brings its schema up to date.
    ///
    /// # Errors
    /// The file cannot be opened or made, or is of a newer program.
    pub fn open(path: &Path) -> Result<Self, Error> {
        make_private(path)?;
        let mut connection = Connection::open(path)?;
        prepare(&mut connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        let migrations = Migrations::from_slice(SCHEMA);
        if migrations.pending_migrations(&connection)? != 0 {
            migrations.to_latest(&mut connection)?;
            // A step may have moved most of what there is: its log need not lie beside the store from then on.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let manager = SqliteConnectionManager::file(path)
            .with_flags(OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .with_init(prepare);
        let readers = Pool::builder().max_size(READERS).connection_timeout(BUSY).test_on_check_out(false).build(manager)?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new((connection, Durability::Usual)), readers })
    }

    /// Reads from one consistent state.
    ///
    /// # Errors
    /// No connection is free in time, or those of `work`.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self.readers.get()?;
        let transaction = connection.transaction()?;
        work(&transaction)
    }

    /// Writes in one transaction: all of it, or nothing when `work` fails.
    ///
    /// # Errors
    /// Those of `work`, or the commit's.
    pub fn write<T, E: From<Error>>(&self, durability: Durability, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        // A panic inside a transaction rolled it back; the connection is as good as before.
        let mut guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let (connection, set) = &mut *guard;
        if *set != durability {
            let level = if durability == Durability::OnDisk { "FULL" } else { "NORMAL" };
            connection.pragma_update(None, "synchronous", level).map_err(Error::from)?;
            *set = durability;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(Error::from)?;
        Ok(done)
    }

    /// Puts on the disk whatever was written so far.
    ///
    /// # Errors
    /// The store's.
    pub fn flush(&self) -> Result<(), Error> {
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // A checkpoint flushes the log before anything is taken over from it.
        Ok(guard.0.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }

    /// Encrypts the secrets of one-time codes that an earlier program kept in clear, and leaves none of them in the file or its log.
    ///
    /// # Errors
    /// The store's.
    pub fn seal_seeds(&self, seal: &Seal) -> Result<usize, Error> {
        let sealed = self.write::<_, Error>(Durability::OnDisk, |transaction| {
            let sealed = accounts::seal_seeds(transaction, |person, seed| seal.close(person, seed))?;
            if sealed > 0 {
                let detail = format!("{sealed} seeds of one-time codes");
                note(transaction, Act { actor: Actor::System, action: "encrypt", object: "accounts".to_owned(), detail }, Utc::now())?;
            }
            Ok(sealed)
        })?;
        if sealed > 0 {
            let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            guard.0.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(sealed)
    }

    /// A consistent copy while the endpoint goes on, in a new file of mode 0600. It has no sessions, and numbers that the endpoint gives
    /// begin anew behind a gap: when it is put in the store's place, nothing that ended comes back and no number is given twice.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn back_up(&self, to: &Path) -> Result<(), Error> {
        if to.exists() {
            return Err(Error::Refused(format!("{} is there already; a backup never overwrites anything", to.display())));
        }
        make_private(to)?;
        let reader = self.readers.get()?;
        let mut copy = Connection::open(to)?;
        // In one step, of one moment: a copy made in several begins anew whenever somebody writes in between, perhaps for ever. Writers go
        // on meanwhile (WAL).
        rusqlite::backup::Backup::new(&reader, &mut copy)?.run_to_completion(std::ffi::c_int::MAX, Duration::ZERO, None)?;
        make_fit_to_be_put_back(&mut copy)?;
        // A copy is one file: whoever carries it away need not think of a log beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(())
    }

    /// Where the store lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Takes out of a copy what must not come back with it.
fn make_fit_to_be_put_back(copy: &mut Connection) -> Result<(), Error> {
    // What is deleted is overwritten.
    prepare(copy)?;
    let transaction = copy.transaction()?;
    transaction.execute_batch("DELETE FROM session; DELETE FROM handover;")?;
    transaction.execute("UPDATE number SET last = last + ?1", [GAP])?;
    let counted = transaction.execute("UPDATE sqlite_sequence SET seq = seq + ?1 WHERE name = 'submission'", [GAP])?;
    if counted == 0 {
        transaction.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('submission', ?1)", [GAP])?;
    }
    Ok(transaction.commit()?)
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What a sort or an index needs for a moment stays in memory: codes stand in submissions.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "secure_delete", true)
}

/// Makes an empty file that only its owner may read, if there is none.
pub(crate) fn make_private(path: &Path) -> Result<(), Error> {
    let write = |source| Error::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(write)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Nobody but SQLite may open a store that is there: whoever closes such a file ends all locks that this process has on it (POSIX), and
        // another process would then take the log of a store in use away.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map_err(write).map(drop),
    }
}

/// A time as the store holds it: sorts as text.
#[must_use]
pub fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A time that the store holds.
fn unstamp(text: &str) -> rusqlite::Result<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.with_timezone(&Utc))
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

#[cfg(test)]
mod tests;
