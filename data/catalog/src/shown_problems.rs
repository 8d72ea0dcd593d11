//! What keeps pages from showing a table as its chart, its payments and its search say.

use crate::{Chart, Kind, Layer, Payments, Personal, Search, Table};

impl Chart {
    /// What keeps a table from being drawn so.
    pub(crate) fn problems(&self, table: &Table) -> Vec<String> {
        let dimensions = || [&self.label].into_iter().chain(&self.series).chain(&self.latest);
        let unknown = dimensions().filter(|name| table.column(name).is_none());
        let mut found: Vec<String> = unknown.map(|name| format!("its chart names {name}, which is no column of {}", table.name)).collect();
        let Some(value) = table.column(&self.value) else {
            found.push(format!("its chart draws {}, which is no column of {}", self.value, table.name));
            return found;
        };
        let is_summed = table.key.iter().any(|name| !dimensions().any(|shown| shown == name));
        let adds_up = matches!(value.column.kind, Kind::Integer | Kind::Money);
        if !value.column.kind.is_numeric() {
            found.push(format!("its chart draws {}, which is no number", self.value));
        } else if (is_summed || self.series.is_some()) && !adds_up {
            found.push(format!("its chart would add up {}; let it name every dimension, and none as a series", self.value));
        }
        found
    }
}

impl Payments {
    /// What is wrong with it.
    pub(crate) fn problems(&self, table: &Table) -> Vec<String> {
        let all = self.amounts.iter().chain([&self.year, &self.day]).chain(self.payer.iter().flatten()).chain(&self.payer_id);
        let unknown = all.filter(|name| table.column(name).is_none());
        let mut found: Vec<String> = unknown.map(|name| format!("its payments name {name}, which is no column of it")).collect();
        let wrong = |name: &str, kind: Kind| table.column(name).is_some_and(|used| used.column.kind != kind);
        let amounts = self.amounts.iter().filter(|name| wrong(name, Kind::Money));
        found.extend(amounts.map(|name| format!("{name} is an amount of its payments, so it must be money")));
        if wrong(&self.year, Kind::Integer) || wrong(&self.day, Kind::Date) {
            found.push("the year of its payments must be a whole number, and their day a date".to_owned());
        }
        found
    }
}

impl Search {
    /// What is wrong with it.
    pub(crate) fn problems(&self, table: &Table) -> Vec<String> {
        let mut found = Vec::new();
        let shown = || self.name.iter().flatten().chain(&self.found_by).chain(&self.domains);
        for name in shown().chain(&self.told_apart_by).chain(self.except.keys()) {
            match table.column(name) {
                None => found.push(format!("its search names {name}, which is no column of it")),
                Some(used) if used.column.kind != Kind::Text => found.push(format!("its search names {name}, which is no text")),
                Some(_) => {}
            }
        }
        let is_secret = |class: Personal| matches!(class, Personal::Code | Personal::BirthDate);
        let secret = shown().filter(|name| table.column(name).is_some_and(|used| is_secret(used.column.personal)));
        found.extend(secret.map(|name| format!("nothing is found by {name}: it is a personal code or a birth date")));
        if self.name.iter().all(Vec::is_empty) {
            found.push("its search must say what things are called".to_owned());
        }
        if table.layer != Layer::Out {
            found.push("only out_ tables are searched".to_owned());
        }
        found
    }
}
