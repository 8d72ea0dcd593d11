//! What registers say of a VIRS, beside its own form: read-only, as the last release has it, with its participants down to natural persons, and
//! a mark where somebody must still be entered (specification, table 15, step 8).

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::app::App;
use crate::register::{Participant, Register};

/// So many participants are shown; more are on the portal's page of the VIRS.
const SHOWN: usize = 200;

/// Facts and participants; nothing of a VIRS that no release knows yet.
pub(super) fn shown(app: &App, virs: &str) -> Value {
    let register = app.register();
    let Some(published) = register.published(virs) else { return Value::from(()) };
    let facts: Vec<Value> = published.facts.iter().map(|(title, value)| context! { title, value }).collect();
    let mut tree = Tree { register: &register, seen: BTreeSet::from([virs]), left: SHOWN, needed: 0 };
    let participants: Vec<Value> = published.participants.iter().filter_map(|one| tree.node(one)).collect();
    context! { facts, needs_participants => participants.is_empty(), participants, needed => tree.needed, full => tree.left == 0 }
}

struct Tree<'r> {
    register: &'r Register,
    /// Whose participants were shown: owners may own each other in a circle.
    seen: BTreeSet<&'r str>,
    left: usize,
    needed: usize,
}

impl<'r> Tree<'r> {
    fn node(&mut self, one: &'r Participant) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        let code = one.code.as_deref().filter(|_| one.goes_on);
        let known = code.and_then(|code| self.register.published(code)).map_or(&[][..], |published| published.participants.as_slice());
        let needed = code.is_some() && known.is_empty();
        self.needed += usize::from(needed);
        let first_time = code.is_some_and(|code| self.seen.insert(code));
        let below: Vec<Value> = if first_time { known.iter().filter_map(|other| self.node(other)).collect() } else { Vec::new() };
        Some(context! { name => &one.name, about => &one.about, needed, below })
    }
}
