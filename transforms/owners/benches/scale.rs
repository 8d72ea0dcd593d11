//! How long it takes, and how much memory, to resolve the owners of many: `tests/bench/owners.sh`.
//!
//! The country is made as it is read: two holdings in each entity, of a person, a foreign entity, an entity further up or, one in a thousand, one below, so that there are
//! cycles; chains end at persons after some ten steps. Every second entity is asked for, all entities lie above some.

use std::time::Instant;

use owners::{Builder, EntityNumber, Holder, Holding, Resolver, Unit, WHOLE};
use rayon::prelude::*;

/// Holdings in each entity.
const EACH: usize = 2;
const DAY: i32 = 20_000;

fn main() {
    let asked = std::env::args().filter_map(|argument| argument.parse::<usize>().ok()).next();
    let Some(holdings) = asked else {
        println!("usage: tests/bench/owners.sh HOLDINGS");
        return;
    };
    let entities = (holdings / EACH).max(1);
    let begun = Instant::now();
    let mut builder = Builder::new(entities, vec![false; entities], DAY);
    for place in 0..entities * EACH {
        builder.add(&holding(place, entities));
    }
    let graph = builder.finish();
    tell("graph", begun);
    let virs: Vec<EntityNumber> = (0..number(entities)).step_by(EACH).collect();
    let resolver = Resolver::new(&graph, &virs);
    tell("cycles", begun);
    // What is found is counted and let go, as a run does that writes it part by part.
    let found = |&entity: &EntityNumber| {
        let resolved = resolver.owners(entity);
        assert_eq!(resolved.owners.iter().map(|owner| owner.share).sum::<i128>(), WHOLE, "the owners of entity {entity}");
        (resolved.owners.len() as u64, resolved.links.len() as u64)
    };
    let (owners, links) = virs.par_iter().map(found).reduce(|| (0, 0), |one, other| (one.0 + other.0, one.1 + other.1));
    tell("owners", begun);
    println!("{} entities asked for, {owners} owners, {links} holdings above them", virs.len());
}

/// Any number between 0 and 1, the same for the same place (SplitMix64).
fn chance(place: usize, which: u64) -> f64 {
    let mut mixed = (place as u64).wrapping_mul(3).wrapping_add(which).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn number(entity: usize) -> EntityNumber {
    EntityNumber::try_from(entity).unwrap_or(EntityNumber::MAX)
}

fn holding(place: usize, entities: usize) -> Holding {
    let entity = place / EACH;
    let other = (chance(place, 1) * entities as f64) as u32;
    let above = entity + 1 + (chance(place, 1) * 1_000.0) as usize;
    let holder = match chance(place, 0) {
        kind if kind < 0.6 => Holder::Person(other),
        kind if kind < 0.7 => Holder::Foreign(other),
        kind if kind < 0.701 => Holder::Entity(number(entity.saturating_sub(3))),
        _ if above < entities => Holder::Entity(number(above)),
        _ => Holder::Person(other),
    };
    let size = 40 + (chance(place, 2) * 20.0) as i128;
    Holding {
        entity: number(entity),
        holder,
        size,
        unit: Unit::Shares,
        whole: Some(100),
        joint: None,
        authorised: false,
        from: 0,
        until: None,
    }
}

/// Time, time of all cores and peak memory so far, the latter two as Linux tells them.
fn tell(stage: &str, begun: Instant) {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/self/{file}")).unwrap_or_default();
    let (status, stat) = (read("status"), read("stat"));
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("", str::trim);
    // The 14th and 15th field: hundredths of a second for the program and for the system on its behalf.
    let ticks: f64 =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    println!("{stage}: {:.1} s, {:.1} CPU-s, at most {peak}", begun.elapsed().as_secs_f64(), ticks / 100.0);
}
