//! A page of metrics in Prometheus' text format, made anew each time it is asked for.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::Result;
use chrono::{DateTime, Utc};
use prometheus::{CounterVec, GaugeVec, Opts, Registry, TextEncoder};

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It only grows, or begins anew.
    Counter,
    /// It goes up and down.
    Gauge,
}

/// A metric and what its labels are; their values are fixed words, never anything that somebody entered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) labels: &'static [&'static str],
    pub(super) help: &'static str,
}

impl Family {
    pub(super) const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Self {
        Self { name, kind: Kind::Gauge, labels, help }
    }

    pub(super) const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Self {
        Self { name, kind: Kind::Counter, labels, help }
    }
}

enum Samples {
    Counter(CounterVec),
    Gauge(GaugeVec),
}

/// The page.
#[derive(Default)]
pub(super) struct Page {
    registry: Registry,
    families: BTreeMap<&'static str, Samples>,
}

impl Page {
    /// Adds the value of a metric under these values of its labels.
    pub(super) fn say(&mut self, family: &Family, labels: &[&str], value: f64) -> Result<()> {
        match self.samples(family)? {
            Samples::Counter(counter) => counter.get_metric_with_label_values(labels)?.inc_by(value),
            Samples::Gauge(gauge) => gauge.get_metric_with_label_values(labels)?.set(value),
        }
        Ok(())
    }

    /// The same for a point in time, if there is one: seconds since 1970.
    pub(super) fn say_when(&mut self, family: &Family, labels: &[&str], when: Option<DateTime<Utc>>) -> Result<()> {
        when.map_or(Ok(()), |when| self.say(family, labels, when.timestamp() as f64))
    }

    pub(super) fn text(&self) -> Result<String> {
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }

    fn samples(&mut self, family: &Family) -> Result<&Samples> {
        let place = match self.families.entry(family.name) {
            Entry::Occupied(known) => return Ok(known.into_mut()),
            Entry::Vacant(place) => place,
        };
        let options = Opts::new(family.name, family.help);
        Ok(place.insert(match family.kind {
            Kind::Counter => {
                let counter = CounterVec::new(options, family.labels)?;
                self.registry.register(Box::new(counter.clone()))?;
                Samples::Counter(counter)
            }
            Kind::Gauge => {
                let gauge = GaugeVec::new(options, family.labels)?;
                self.registry.register(Box::new(gauge.clone()))?;
                Samples::Gauge(gauge)
            }
        }))
    }
}
