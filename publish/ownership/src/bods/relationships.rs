//! What is said of relationships: holdings between parties, and what an ultimate owner has of the VIRS in all.

use std::collections::BTreeSet;

use super::network::{CLOSED_CYCLE, Holder, Holding, Network, Owner};
use super::routes::{Between, Edge};
use super::schema::{Interest, Share};
use crate::index::Index;
use crate::party::Party;
use crate::share::{day_text, percentage};

/// More than this is a majority, in percent.
const HALF: u8 = 50;
const WHOLE: u8 = 100;

const THROUGH_OTHERS: &str = "Per tarpinius dalyvius: visų kelių iki savininko dalių sandaugų suma";
const MAJORITY: &str = "Balsų dauguma";
const MAJORITIES: &str = "Balsų dauguma kiekviename grandinės žingsnyje";
const AUTHORISED: &str = "Įgaliotas atstovauti bendraturčiams";
const IN_CIRCLE: &str = "Įmonės priklauso tik viena kitai: jų savininko nėra ar jis nežinomas";

/// Interests of a holding.
pub(super) fn of_holding(index: &Index<'_>, holding: &Holding, (held, holder): Edge<'_>) -> Vec<Interest> {
    let start = holding.rows.iter().filter_map(|row| index.participants.from.at(*row)).min();
    let share = share(holding, matches!(holder, Holder::Known(_)));
    let direct = |code, share, details| Interest { code, direct_or_indirect: "direct", details, share, ..Interest::default() };
    let mut interests = vec![Interest { start_date: start.map(day_text), ..direct("shareholding", share, None) }];
    let why = if matches!(held, Party::Joint { .. }) { AUTHORISED } else { MAJORITY };
    interests.extend(holding.votes.map(|votes| direct("votingRights", Some(exact(votes)), Some(why))));
    interests
}

/// How much it is. What is on record is something; what is not may be nothing.
fn share(holding: &Holding, is_on_record: bool) -> Option<Share> {
    let most = holding.at_most.filter(|most| *most > 0);
    let range = |most| match is_on_record {
        true => Share { exclusive_minimum: Some(0.into()), maximum: Some(percentage(most)), ..Share::default() },
        false => at_most(most),
    };
    holding.share.map(exact).or_else(|| most.map(range))
}

/// Interests of an ultimate owner in the VIRS.
pub(super) fn of_owner<'a>(
    index: &Index<'a>,
    network: &Network<'a>,
    party: Party<'a>,
    owner: Owner,
    between: &Between<'a>,
) -> Vec<Interest> {
    let holder = Holder::Known(party);
    let direct = network.holdings.get(&(network.virs, holder)).filter(|_| network.end(holder).is_some());
    let mut interests = direct.map(|holding| of_holding(index, holding, (network.virs, holder))).unwrap_or_default();
    if !between.edges.is_empty() || direct.is_none() {
        let own = direct.and_then(|holding| holding.share).unwrap_or_default();
        let rest = owner.share.map(|share| share - own).filter(|rest| *rest > 0);
        let all_known = between.edges.iter().all(|edge| network.holdings.get(edge).is_some_and(|holding| holding.share.is_some()));
        // What comes through a part that nobody knows the size of is not in the sum.
        let share = |rest| if all_known { exact(rest) } else { Share { minimum: Some(percentage(rest)), ..Share::default() } };
        // No row tells how an owner who is named alone has it.
        let (directness, details) = if between.edges.is_empty() { ("unknown", None) } else { ("indirect", Some(THROUGH_OTHERS)) };
        interests.push(Interest {
            code: "shareholding",
            direct_or_indirect: directness,
            details,
            share: rest.map(share),
            ..Interest::default()
        });
    }
    let has_votes = interests.iter().any(|interest| interest.code == "votingRights");
    interests.extend((owner.controls && !has_votes).then(|| control(network)));
    interests
}

/// A chain of majorities: of one step, so many votes; of several, somewhere between a half and all.
fn control(network: &Network<'_>) -> Interest {
    let share = match network.control.as_slice() {
        [(_, Some(votes))] => exact(*votes),
        _ => Share { exclusive_minimum: Some(HALF.into()), maximum: Some(WHOLE.into()), ..Share::default() },
    };
    Interest { code: "votingRights", direct_or_indirect: "indirect", details: Some(MAJORITIES), share: Some(share), ..Interest::default() }
}

/// Interests of whoever nobody knows, for one reason, in the VIRS. `others` says whether other reasons tell of parts of what is not known, too.
pub(super) fn of_unknown<'a>(network: &Network<'a>, reason: &'a str, between: &Between<'a>, others: bool) -> Vec<Interest> {
    let unknown = |held| network.holdings.get(&(held, Holder::Unknown(reason)));
    let mut interests = Vec::new();
    let direct = unknown(network.virs);
    if let Some(holding) = direct.filter(|_| reason != CLOSED_CYCLE) {
        let share = share(holding, false);
        interests.push(Interest { code: "shareholding", direct_or_indirect: "direct", share, ..Interest::default() });
    }
    if interests.is_empty() || !between.edges.is_empty() {
        let counted = |((held, holder), holding): (&Edge<'a>, &Holding)| match holder {
            Holder::Unknown(_) if *held == network.virs => holding.share.or(holding.at_most),
            _ => None,
        };
        let own: i128 = network.holdings.iter().filter_map(counted).sum();
        let rest = network.unknown.map(|share| share - own).filter(|rest| *rest > 0);
        let share = |rest| if others { at_most(rest) } else { exact(rest) };
        let (directness, details) = if reason == CLOSED_CYCLE { ("unknown", IN_CIRCLE) } else { ("indirect", THROUGH_OTHERS) };
        interests.push(Interest {
            code: "shareholding",
            direct_or_indirect: directness,
            details: Some(details),
            share: rest.map(share),
            ..Interest::default()
        });
    }
    interests
}

/// Sources that tell of holdings.
pub(super) fn sources<'a, 'h>(index: &Index<'a>, holdings: impl Iterator<Item = &'h Holding>) -> BTreeSet<&'a str> {
    holdings.flat_map(|holding| &holding.rows).filter_map(|row| index.participants.source.at(*row)).collect()
}

fn at_most(share: i128) -> Share {
    Share { minimum: Some(0.into()), maximum: Some(percentage(share)), ..Share::default() }
}

fn exact(share: i128) -> Share {
    Share { exact: Some(percentage(share)), ..Share::default() }
}
