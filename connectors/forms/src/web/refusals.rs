//! Refused requests that an operator may want to look into are logged: who, what, why; never what was sent. Those of somebody signed in are
//! noted in the audit log as well. Nobody can flood the logs: beyond a limit, requests are only counted.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use super::guard::{Keyed, network};
use super::{Trouble, Visit, access};
use crate::store::{self, Act, Actor, Durability, Submission};

/// Lines of one address or person in a minute.
const LINES_OF_ONE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Lines of all together in a minute.
const LINES_OF_ALL: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);

/// First words of our addresses: others stand in no log, since a visitor could write anything there.
const PAGES: &[&str] = &[
    "administravimas",
    "atsijungti",
    "budeti",
    "failai",
    "pagalba",
    "paieska",
    "pasirasyti-kartu",
    "paskyra",
    "patikrinta",
    "ataskaitos",
    "pateikimai",
    "pateiktis",
    "pradzia",
    "prisijungti",
    "teikti",
    "vaidmuo",
    "viisp",
];

/// The page that a path leads to, as logs name it.
fn page(path: &[String]) -> &'static str {
    let first = path.first().map_or("", String::as_str);
    PAGES.iter().find(|page| **page == first).copied().unwrap_or("?")
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Address(IpAddr),
    Account(i64),
}

/// How much is written about refusals.
#[derive(Debug)]
pub(super) struct Refusals {
    of_one: Keyed<Who>,
    of_all: DefaultDirectRateLimiter,
    unwritten: AtomicU64,
}

impl Refusals {
    pub(super) fn new() -> Self {
        Self {
            of_one: RateLimiter::keyed(Quota::per_minute(LINES_OF_ONE)),
            of_all: RateLimiter::direct(Quota::per_minute(LINES_OF_ALL)),
            unwritten: AtomicU64::new(0),
        }
    }

    /// Whether another line may be written about somebody; if not, it is counted.
    fn may_write(&self, who: &Who) -> bool {
        let may = self.of_one.check_key(who).is_ok() && self.of_all.check().is_ok();
        if !may {
            self.unwritten.fetch_add(1, Ordering::Relaxed);
        }
        may
    }

    /// Says how many lines were not written, and forgets those who have been quiet.
    pub(super) fn sum_up(&self) {
        let unwritten = self.unwritten.swap(0, Ordering::Relaxed);
        if unwritten > 0 {
            tracing::warn!(unwritten, "more requests were refused than lines are written about");
        }
        self.of_one.retain_recent();
    }

    /// A request that was refused before anybody knew whose it is.
    pub(super) fn note_unread(&self, address: IpAddr, path: &[String], trouble: &Trouble) {
        let Some(reason) = reason(trouble) else { return };
        if self.may_write(&Who::Address(network(address))) {
            tracing::warn!(reason, page = page(path), %address, "a request was refused");
        }
    }

    /// A request that was refused.
    pub(super) fn note(&self, visit: &Visit<'_>, trouble: &Trouble) {
        let reason = reason(trouble);
        if reason.is_none() && !matches!(trouble, Trouble::NotFound) {
            return;
        }
        let submission = submission(visit);
        let of_others = || submission.as_ref().is_some_and(|submission| is_of_others(visit, submission)).then_some("of others");
        let Some(reason) = reason.or_else(of_others) else { return };
        let account = visit.session.as_ref().map(|session| session.account);
        if !self.may_write(&account.map_or(Who::Address(network(visit.address)), Who::Account)) {
            return;
        }
        let page = page(&visit.path);
        let submission = submission.map(|submission| submission.id);
        tracing::warn!(reason, account, page, submission, address = %visit.address, "a request was refused");
        let Some(account) = account else { return };
        let object = submission.map_or_else(|| page.to_owned(), |id| format!("submission {id}"));
        let act = Act { actor: Actor::Account(account), action: "refused", object, detail: reason.to_owned() };
        let noted = visit.app.store.write(Durability::Usual, |transaction| store::note(transaction, act, visit.now));
        if let Err(error) = noted {
            tracing::error!(%error, "a refusal could not be noted");
        }
    }
}

/// Why something was refused, as logs say it; `None` for what happens to everybody.
fn reason(trouble: &Trouble) -> Option<&'static str> {
    match trouble {
        Trouble::Kept(why, _) => reason(why),
        Trouble::Forbidden => Some("forbidden"),
        Trouble::Foreign => Some("from another site"),
        Trouble::Forged => Some("without the token"),
        Trouble::Outdated => Some("old page"),
        Trouble::TooMany => Some("too many"),
        Trouble::TooManyDrafts => Some("too many drafts"),
        _ => None,
    }
}

/// The submission that an address names, if there is one: a number that names none may be anything that somebody typed.
fn submission(visit: &Visit<'_>) -> Option<Submission> {
    let [first, id, ..] = visit.path.as_slice() else { return None };
    let id = id.parse().ok().filter(|_| first == "pateiktis" && visit.session.is_some())?;
    visit.app.store.read(|connection| store::find(connection, id)).ok()?
}

fn is_of_others(visit: &Visit<'_>, submission: &Submission) -> bool {
    let acting = visit.session.as_ref().and_then(|session| session.acting.as_ref());
    acting.is_some_and(|acting| !access::may_read(acting, submission))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_a_word_for_the_log_and_nothing_that_was_typed_has() {
        let router = include_str!("router.rs");
        let firsts = router.split("(Method::").skip(1).filter_map(|rest| rest.split("[\"").nth(1)?.split('"').next());
        let firsts: Vec<&str> = firsts.collect();
        assert!(firsts.len() > 20, "{firsts:?}");
        for first in firsts {
            assert_eq!(page(&[first.to_owned()]), first);
        }
        for typed in ["38501010001", "vardenis", ""] {
            assert_eq!(page(&[typed.to_owned()]), "?");
        }
    }

    #[test]
    fn nobody_floods_the_log_and_what_is_not_written_is_counted() {
        let refusals = Refusals::new();
        let of = |who: Who| (0..1_000).filter(|_| refusals.may_write(&who)).count();
        let (one, other) = (of(Who::Account(1)), of(Who::Address([192, 0, 2, 1].into())));
        // What was used up comes back little by little.
        assert!((30..60).contains(&one) && (30..60).contains(&other), "{one}, {other}");
        let all: usize = (2..1_000).map(|account| of(Who::Account(account)).min(1)).sum();
        assert!(all < 700, "{all}");
        let unwritten = refusals.unwritten.load(Ordering::Relaxed);
        assert!(unwritten > 900_000, "{unwritten}");
        refusals.sum_up();
        assert_eq!(refusals.unwritten.load(Ordering::Relaxed), 0);
    }
}
