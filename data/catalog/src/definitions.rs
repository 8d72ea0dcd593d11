//! The walk over all definitions: `virsis check` and a test call it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::unknown;
use crate::{
    APIE_ASMENI, CONFIDENTIAL_MARK, Catalog, Check, Column, Dataset, Error, Group, Kind, Layer, Personal, Role, Statistic, Table, Text,
    Tier,
};

impl Catalog {
    /// Every contradiction in the definitions; empty when they hold together.
    #[must_use]
    pub fn problems(&self) -> Vec<Error> {
        let mut found = Vec::new();
        let mut used = BTreeSet::new();
        for column in self.columns.values() {
            found.extend(self.column_problems(column));
        }
        for table in self.tables.values() {
            let derived = [table.history_name(), table.changes_name()];
            let all = derived.iter().filter_map(|name| self.table(name).ok()).chain([table]);
            used.extend(all.flat_map(|table| &table.columns).map(|column| column.column.name.clone()));
            found.extend(table_problems(table));
        }
        for name in self.columns.keys().filter(|name| !used.contains(*name)) {
            found.push(Error::Definition { place: format!("column {name}"), reason: "no table uses it; remove it".to_owned() });
        }
        found.extend(self.raw_problems());
        found.extend(self.source_problems());
        found.extend(self.statistics_problems());
        found.extend(self.dataset_problems());
        for kind in &self.page_kinds {
            let texts = [&kind.title, &kind.description].into_iter().chain(&kind.persons).chain(&kind.heading);
            found.extend(texts.filter_map(|text| title_problem(&format!("pages {}", kind.name), text)));
        }
        found.extend(self.classifier_problems());
        found
    }

    fn column_problems(&self, column: &Column) -> Vec<Error> {
        let place = format!("column {}", column.name);
        let mut found: Vec<_> = title_problem(&place, &column.title).into_iter().collect();
        if !column.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            found.push(Error::Definition { place: place.clone(), reason: "a name is lower-case ASCII letters, digits and _".to_owned() });
        }
        match &column.check {
            Some(Check::Classifier(name)) if !self.classifiers.contains_key(name) => found.push(unknown(&place, "classifier", name)),
            Some(Check::NotNegative) if !column.kind.is_numeric() => {
                found.push(Error::Definition { place: place.clone(), reason: "not_negative is for numbers".to_owned() });
            }
            Some(
                Check::JaKodas
                | Check::AsmensKodas
                | Check::Numeris
                | Check::EntityCode
                | Check::AsmensId
                | Check::PublishedFile
                | Check::Classifier(_),
            ) if column.kind != Kind::Text => {
                found.push(Error::Definition { place: place.clone(), reason: "codes are text".to_owned() });
            }
            _ => {}
        }
        if column.past && column.kind != Kind::Date {
            found.push(Error::Definition { place: place.clone(), reason: "past is for dates".to_owned() });
        }
        if column.personal == Personal::RecordNumber && column.kind != Kind::Text {
            found.push(Error::Definition { place: place.clone(), reason: "numbers of records are text".to_owned() });
        }
        if column.check == Some(Check::AsmensKodas) && column.personal != Personal::Code {
            found.push(Error::Definition { place, reason: "a personal code must have personal = \"code\"".to_owned() });
        }
        found
    }

    /// Roles that no raw table has, or several; core tables that are fed and are none.
    fn raw_problems(&self) -> Vec<Error> {
        let mut found = Vec::new();
        for role in Role::ALL {
            let having: Vec<&str> = self.tables(Layer::Raw).filter(|table| table.role == Some(role)).map(|table| &*table.name).collect();
            if having.len() != 1 {
                let reason = format!("must belong to exactly one raw_ table, and belongs to: {}", having.join(", "));
                found.push(Error::Definition { place: format!("role {role:?}"), reason });
            }
        }
        let is_core = |name: &str| self.tables.get(name).is_some_and(|table| table.layer == Layer::Core);
        for (core, raws) in self.fed() {
            if !is_core(core) {
                found.extend(raws.iter().map(|raw| unknown(&format!("table {}", raw.name), "core_ table", core)));
            }
            // Their rows are put under each other, column by column.
            let shape = |raw: &Table| (raw.columns.clone(), raw.key.clone(), raw.submitted);
            for raw in raws.iter().filter(|raw| shape(raw) != shape(raws[0])) {
                let reason = format!(
                    "feeds {core} as {} does, so it must have the same columns in the same order, the same key, and be submitted like it",
                    raws[0].name
                );
                found.push(Error::Definition { place: format!("table {}", raw.name), reason });
            }
        }
        found
    }

    /// Statistics whose cells could not be traced to the rows that they count.
    fn statistics_problems(&self) -> Vec<Error> {
        let mut found = Vec::new();
        for table in self.tables.values() {
            let wrong = |reason: &str| Error::Definition { place: format!("table {}", table.name), reason: reason.to_owned() };
            let Some(statistic) = &table.statistic else {
                found.extend(
                    (!table.protect.is_empty()).then(|| wrong("protected cells need a [statistic] that says which rows they count")),
                );
                continue;
            };
            let dimensions: Vec<&String> = statistic.dimensions.iter().map(|dimension| &dimension.column).collect();
            if dimensions != table.key.iter().collect::<Vec<_>>() {
                found.push(wrong("the dimensions of a statistic are its key, in the same order"));
            }
            let Some(rows) = self.tables.get(&statistic.rows).filter(|rows| rows.tiers.contains(&Tier::Internal)) else {
                found.push(unknown(&format!("table {}", table.name), "out_ table", &statistic.rows));
                continue;
            };
            let sums = table.protect.iter().flat_map(|figures| figures.sums.values());
            let of = statistic.dimensions.iter().map(|dimension| &dimension.of);
            let named = of.chain(statistic.only.keys()).chain(&statistic.persons).chain(sums).map(String::as_str).chain([APIE_ASMENI]);
            let missing = named.filter(|name| rows.column(name).is_none());
            found.extend(missing.map(|name| unknown(&format!("table {}", table.name), "column of its rows", name)));
            match self.tables.get(statistic.readable()).filter(|readable| readable.layer == Layer::Out) {
                Some(readable) => {
                    let missing = statistic.dimensions.iter().filter(|dimension| readable.column(&dimension.of).is_none());
                    found.extend(missing.map(|of| unknown(&format!("table {}, published_in", table.name), "column", &of.of)));
                }
                None => found.push(unknown(&format!("table {}, published_in", table.name), "out_ table", statistic.readable())),
            }
            found.extend(self.merge_problem(table, statistic).as_deref().map(wrong));
            for figures in &table.protect {
                let of_values = figures.sums.keys().chain(&figures.counts).chain(&figures.whole).all(|name| figures.values.contains(name));
                let open_parts = figures.open_part.iter().all(|(name, part)| figures.values.contains(name) && table.column(part).is_some());
                let of_others = figures.part_of.iter().all(|name| table.protect.iter().any(|other| other.values.contains(name)));
                if !of_values || !of_others || !open_parts || figures.sums.is_empty() && figures.counts.is_empty() {
                    found.push(wrong("[[protect]]: sums, counts, whole and open_part name some of its values, at least one sum or count; part_of one of another; open_part also a column"));
                }
            }
        }
        found
    }

    /// What is wrong with the categories that a statistic may merge.
    fn merge_problem(&self, table: &Table, statistic: &Statistic) -> Option<String> {
        let merge = statistic.merge.as_ref()?;
        let dimension = statistic.dimensions.iter().find(|dimension| dimension.column == merge.column);
        if dimension.is_none_or(|dimension| dimension.is_year) || table.column(&merge.title).is_none() {
            return Some("merge names a dimension that is no year, and the column with its titles".to_owned());
        }
        if self.classifiers.get(&merge.classifier).is_none_or(|classifier| classifier.groups.is_empty()) {
            return Some(format!("merge: classifier {} has no groups (data/classifiers/{}.toml)", merge.classifier, merge.classifier));
        }
        let makes_whole = table.protect.iter().any(|figures| !figures.whole.is_empty());
        makes_whole.then(|| "what makes a known whole is not merged".to_owned())
    }

    fn dataset_problems(&self) -> Vec<Error> {
        let mut found = Vec::new();
        let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
        for dataset in self.datasets.values() {
            let place = format!("dataset {}", dataset.name);
            found.extend(title_problem(&place, &dataset.title));
            found.extend(title_problem(&place, &dataset.description));
            if !dataset.formats.is_empty() && !dataset.formats.iter().any(|format| format == "parquet") {
                found.push(Error::Definition {
                    place: place.clone(),
                    reason: "its formats must include parquet, from which rows are read again".to_owned(),
                });
            }
            for name in &dataset.tables {
                match self.tables.get(name) {
                    Some(table) if table.layer == Layer::Out => found.extend(statistic_problem(dataset, table)),
                    _ => found.push(unknown(&place, "out_ table", name)),
                }
                if let Some(other) = homes.insert(name, &dataset.name) {
                    found.push(Error::Definition { place: place.clone(), reason: format!("table {name} is already in dataset {other}") });
                }
            }
            if let (Some(chart), Some(table)) = (&dataset.chart, dataset.tables.first().and_then(|name| self.tables.get(name))) {
                found.extend(chart.problems(table).into_iter().map(|reason| Error::Definition { place: place.clone(), reason }));
            }
        }
        for table in self.tables(Layer::Out).filter(|table| !homes.contains_key(table.name.as_str())) {
            found.push(Error::Definition { place: format!("table {}", table.name), reason: "no dataset publishes it".to_owned() });
        }
        found
    }
}

fn table_problems(table: &Table) -> Vec<Error> {
    let place = format!("table {}", table.name);
    let wrong = |reason: String| Error::Definition { place: place.clone(), reason };
    let mut found: Vec<_> =
        [title_problem(&place, &table.title), title_problem(&place, &table.description)].into_iter().flatten().collect();
    let mut seen = BTreeSet::new();
    let repeated = table.columns.iter().filter(|column| !seen.insert(&column.column.name));
    found.extend(repeated.map(|column| wrong(format!("column {} stands twice", column.column.name))));
    let counts = table.round.iter().flat_map(|rule| &rule.columns);
    let is_count = |name: &&String| table.column(name).is_none_or(|used| used.column.kind == Kind::Integer);
    let others = counts.clone().filter(|name| !is_count(name));
    found.extend(others.map(|name| wrong(format!("column {name} is rounded, so it must hold whole numbers"))));
    let rules = table.protect.iter().flat_map(|rule| rule.values.iter().chain([&rule.persons]));
    let pairs = table.order.iter().flat_map(|(first, second)| [first, second]);
    let named = table.key.iter().chain(rules).chain(counts).chain(pairs).chain(table.require_one.iter().flatten()).chain(&table.mentions);
    found.extend(named.filter(|name| table.column(name).is_none()).map(|name| unknown(&place, "column", name)));
    let of_raw = [&table.event, &table.handed_in, &table.feeds, &table.mentions].into_iter().any(Option::is_some);
    if table.layer != Layer::Raw && (table.submitted || table.role.is_some() || of_raw) {
        found.push(wrong("only raw_ tables have an event, are submitted, have a role, feed a table or mention entities".to_owned()));
    }
    if table.layer != Layer::Out
        && (!table.tiers.is_empty() || !table.protect.is_empty() || !table.round.is_empty() || table.k_anonymity.is_some())
    {
        found.push(wrong("only out_ tables have tiers, protected cells, rounded counts and k-anonymity".to_owned()));
    }
    let of_layer = match table.layer {
        Layer::Raw => raw_table_problems(table),
        Layer::Core => core_table_problems(table),
        Layer::Out => out_table_problems(table),
    };
    found.extend(of_layer.into_iter().map(wrong));
    found.extend(table.history.iter().flat_map(|history| history.problems(table)).map(wrong));
    found.extend(table.payments.iter().flat_map(|payments| payments.problems(table)).map(wrong));
    found.extend(table.search.iter().flat_map(|search| search.problems(table)).map(wrong));
    found.extend(table.search.as_ref().and_then(|search| title_problem(&place, &search.kind)));
    found
}

/// A statistic whose author forgot about the persons behind its cells.
fn statistic_problem(dataset: &Dataset, table: &Table) -> Option<Error> {
    let needs_protection = dataset.group == Group::Statistika && table.tiers.contains(&Tier::Open) && !table.without_persons;
    let reason = "an open statistic needs a [statistic] and a [[protect]] for its cells, or without_persons = true where no person can stand behind any";
    let problem = || Error::Definition { place: format!("table {}", table.name), reason: reason.to_owned() };
    (needs_protection && table.protect.is_empty()).then(problem)
}

/// What is wrong with a raw table beyond what all tables have in common; so the next two.
fn raw_table_problems(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    let is_date = |name: &str, required: bool| {
        table.column(name).is_some_and(|column| column.column.kind == Kind::Date && column.required == required)
    };
    if let Some(event) = table.event.as_ref().filter(|name| !is_date(name, true)) {
        found.push(format!("event names {event}, which must be a required date column"));
    }
    if let Some(day) = table.handed_in.as_ref().filter(|name| !table.submitted || !is_date(name, false)) {
        found.push(format!("handed_in names {day}, which must be a date column of a submitted table, and not a required one"));
    }
    if table.role.is_none() && table.feeds.is_none() {
        found.push("a raw_ table needs a role or the name of the core_ table it feeds; else nothing becomes of it".to_owned());
    }
    found
}

fn core_table_problems(table: &Table) -> Vec<String> {
    let has_codes = table.columns.iter().any(|column| column.column.check == Some(Check::AsmensKodas));
    let reason = "codes of persons end in the raw layer; only core_asmens_duomenys keeps those of signed submissions";
    (has_codes && table.name != "core_asmens_duomenys").then(|| reason.to_owned()).into_iter().collect()
}

fn out_table_problems(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    if table.tiers.is_empty() || table.key.is_empty() {
        found.push("an out_ table needs tiers and a key".to_owned());
    }
    let is_personal = |name: &&String| {
        table.column(name).is_some_and(|column| !matches!(column.column.personal, Personal::None | Personal::RecordNumber))
    };
    for name in table.key.iter().filter(is_personal) {
        found.push(format!("key column {name} is personal; the key must tell rows apart in every tier"));
    }
    let open_without_mark = table.tiers.contains(&Tier::Open) && table.column(APIE_ASMENI).is_none();
    if open_without_mark && table.has_personal() {
        found.push(format!("it is open and knows persons, so it needs the column {APIE_ASMENI}"));
    }
    if open_without_mark && table.column("ja_kodas").is_some() {
        found.push(format!("it is open and has rows of single entities, so it needs the column {APIE_ASMENI}"));
    }
    for (tier, used) in table.tiers.iter().flat_map(|tier| table.visible(*tier).map(move |used| (*tier, used))) {
        if let Some(mark) = used.column.personal.withheld_by(tier)
            && table.column(mark).is_none_or(|mark| mark.column.kind != Kind::Boolean)
        {
            found.push(format!("{tier} shows {} in some rows only, so it needs the column {mark}", used.column.name));
        }
    }
    found.extend(table.k_anonymity.iter().flat_map(|rule| rule.problems(table)));
    if !table.protect.is_empty() && table.column(CONFIDENTIAL_MARK).is_none() {
        found.push(format!("protected cells need the column {CONFIDENTIAL_MARK}"));
    }
    found
}

pub(crate) fn title_problem(place: &str, title: &Text) -> Option<Error> {
    let empty = title.lt.trim().is_empty() || title.en.trim().is_empty();
    empty.then(|| Error::Definition { place: place.to_owned(), reason: "needs a Lithuanian and an English title".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Merge, Search};
    use std::path::Path;

    #[test]
    fn every_definition_of_this_project_holds_together() {
        let catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        let problems: Vec<_> = catalog.problems().iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{problems:#?}");
        assert!(catalog.tables(Layer::Raw).count() > 20 && catalog.tables(Layer::Out).count() > 20);
    }

    /// What is wrong once a table is defined otherwise.
    fn problems_if(name: &str, change: impl Fn(&mut Table)) -> String {
        let mut catalog = Catalog::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
        let mut table = Table::clone(catalog.table(name).unwrap());
        change(&mut table);
        catalog.tables.insert(name.to_owned(), table.into());
        catalog.problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_would_go_wrong_without_a_word_is_refused() {
        let unprotected = problems_if("out_stat_etika", |table| table.protect.clear());
        assert!(unprotected.contains("out_stat_etika: an open statistic needs a [statistic]"), "{unprotected}");
        let untraced = problems_if("out_stat_etika", |table| table.statistic = None);
        assert!(untraced.contains("out_stat_etika: protected cells need a [statistic]"), "{untraced}");
        let astray = problems_if("out_stat_etika", |table| {
            if let Some(statistic) = &mut table.statistic {
                statistic.persons = vec!["nera".to_owned()];
                statistic.dimensions.pop();
            }
        });
        assert!(astray.contains("are its key") && astray.contains("nera"), "{astray}");
        let elsewhere = |table: &'static str| {
            problems_if("out_stat_lesos", |statistic| {
                statistic.statistic.iter_mut().for_each(|of| of.published_in = Some(table.to_owned()));
            })
        };
        assert!(elsewhere("out_parama").contains("out_stat_lesos, published_in") && elsewhere("out_parama").contains("institucijos_kodas"));
        assert!(elsewhere("core_lesos").contains("core_lesos"));
        assert!(elsewhere("out_lesos").is_empty());
        let merge = |change: fn(&mut Merge)| {
            problems_if("out_stat_parama", |table| {
                table.statistic.as_mut().and_then(|statistic| statistic.merge.as_mut()).into_iter().for_each(change)
            })
        };
        assert!(merge(|merge| "metai_nera".clone_into(&mut merge.column)).contains("merge names a dimension"));
        assert!(merge(|merge| "pavadinimas_nera".clone_into(&mut merge.title)).contains("merge names a dimension"));
        assert!(merge(|merge| "valstybes".clone_into(&mut merge.classifier)).contains("classifier valstybes has no groups"));
        let seen = problems_if("out_dalyvis", |table| {
            if let Some(rule) = &mut table.k_anonymity {
                (rule.mark, rule.k) = ("apie_asmeni".to_owned(), 1);
                rule.steps = vec![vec!["vardas".to_owned(), "dalyvio_nr".to_owned()]];
            }
            table.columns.retain(|used| used.column.name != CONFIDENTIAL_MARK);
        });
        for reason in
            ["names vardas", "empties dalyvio_nr", "apie_asmeni withholds nothing", "at least 2", "needs the column konfidencialu"]
        {
            assert!(seen.contains(reason), "{reason}: {seen}");
        }
        let sought = problems_if("out_asmens_duomenys", |table| {
            let kind = Text { lt: "asmuo".to_owned(), en: String::new() };
            let (name, found_by) = (vec![vec!["nera".to_owned()]], vec!["asmens_kodas".to_owned()]);
            table.search = Some(Search { kind, name, found_by, ..Search::default() });
        });
        for reason in ["its search names nera", "nothing is found by asmens_kodas", "needs a Lithuanian and an English title"] {
            assert!(sought.contains(reason), "{reason}: {sought}");
        }
        let swapped = problems_if("raw_formos__pazeidimai_zeit", |table| table.columns.swap(2, 3));
        assert!(swapped.contains("the same columns in the same order"), "{swapped}");
        // What people submit keeps its codes: under the columns of a register they would be other columns.
        let mixed = problems_if("raw_formos__pazeidimai_zeit", |table| table.submitted = false);
        assert!(mixed.contains("be submitted like it"), "{mixed}");
        let aimless = problems_if("raw_libis__numeriai", |table| table.feeds = None);
        assert!(aimless.contains("raw_libis__numeriai: a raw_ table needs a role"), "{aimless}");
        let unheard = problems_if("raw_gr__asmenys", |table| table.role = None);
        assert!(unheard.contains("role Persons: must belong to exactly one raw_ table"), "{unheard}");
        let twice = problems_if("raw_gr__asmenys", |table| table.role = Some(Role::Contacts));
        assert!(twice.contains("role Contacts: must belong to exactly one"), "{twice}");
        let nowhere = problems_if("raw_libis__numeriai", |table| table.feeds = Some("core_nera".to_owned()));
        assert!(nowhere.contains("core_nera"), "{nowhere}");
    }

    #[test]
    fn every_kind_maps_to_one_type_in_every_engine() {
        let arrow: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.arrow().to_string()).collect();
        let sql: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.sql()).collect();
        assert_eq!((arrow.len(), sql.len()), (Kind::ALL.len(), Kind::ALL.len()));
    }
}
