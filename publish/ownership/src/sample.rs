//! Invented nights for tests, and the histories that releases make of them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field};
use catalog::{Catalog, FIRST_RELEASE, LAST_RELEASE, SHOWN_SINCE, SHOWN_UNTIL, Tier};

use crate::share::WHOLE;
use crate::shown::Release;
use crate::{Publication, Tables, write_bods, write_ftm};

/// The definitions of the repository.
pub(crate) static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))).unwrap());

pub(crate) const PUBLICATION: Publication<'static> = Publication {
    publisher: "Pavyzdinė ministerija",
    url: Some("https://pavyzdys.example"),
    licence_url: "https://creativecommons.org/licenses/by/4.0/",
};

/// Days since 1970 on which the holdings of the tests begin.
pub(crate) const BEGAN: i32 = 18_000;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Text(String),
    Number(i128),
    Flag(bool),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i128> for Cell {
    fn from(number: i128) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// Cells by column; columns that are not there are empty.
pub(crate) type Row = BTreeMap<&'static str, Cell>;

/// Whoever holds a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who<'w> {
    Person(&'w str),
    Lithuanian(&'w str),
    Public(&'w str),
    /// State, code, name.
    Foreign(&'w str, Option<&'w str>, &'w str),
    /// For this reason.
    Unknown(&'w str),
}

impl Who<'_> {
    fn describe(self, row: &mut Row) {
        let set = |row: &mut Row, column, text: &str| _ = row.insert(column, text.into());
        match self {
            Self::Person(key) => {
                set(row, "asmens_id", key);
                set(row, "dalyvio_rusis", "F");
                set(row, "savininko_rusis", "fizinis");
                set(row, "savininkas", &format!("Vardenis Pavardenis-{key}"));
                set(row, "vardas", "Vardenis");
                set(row, "pavarde", &format!("Pavardenis-{key}"));
            }
            Self::Lithuanian(code) | Self::Public(code) => {
                set(row, "dal_kodas", code);
                set(row, "dalyvio_rusis", "J");
                let is_public = matches!(self, Self::Public(_));
                set(row, "savininko_rusis", if is_public { "viesasis" } else { "juridinis" });
                set(row, "savininkas", &format!("UAB „Pavyzdys {code}“"));
            }
            Self::Foreign(state, code, name) => {
                set(row, "valstybe", state);
                set(row, "dalyvio_rusis", "UJ");
                set(row, "savininko_rusis", "uzsienio_juridinis");
                code.into_iter().for_each(|code| set(row, "dal_kodas", code));
                set(row, "savininkas", name);
                set(row, "dal_pavadinimas", name);
            }
            Self::Unknown(reason) => {
                set(row, "savininko_rusis", "nezinomas");
                set(row, "savininkas", "Nežinomas");
                set(row, "nezinojimo_priezastis", reason);
            }
        }
    }
}

/// What the public tier shows in one night, by table.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Night(pub(crate) BTreeMap<&'static str, Vec<Row>>);

/// A share in percent.
pub(crate) fn percent(part: i128) -> Option<i128> {
    Some(part * WHOLE / 100)
}

impl Night {
    /// A night with one VIRS.
    pub(crate) fn with(virs: &str) -> Self {
        let mut night = Self::default();
        night.virs(virs, &[]);
        night
    }

    pub(crate) fn add(&mut self, table: &'static str, row: Row) {
        self.0.entry(table).or_default().push(row);
    }

    pub(crate) fn rows(&mut self, table: &'static str) -> &mut Vec<Row> {
        self.0.entry(table).or_default()
    }

    pub(crate) fn virs(&mut self, code: &str, cells: &[(&'static str, Cell)]) {
        let mut row = Row::from([
            ("ja_kodas", code.into()),
            ("pavadinimas", format!("UAB „Pavyzdys {code}“").as_str().into()),
            ("forma_pavadinimas", "Uždaroji akcinė bendrovė".into()),
            ("adresas", "Pavyzdžiai, Pavyzdžių g. 1".into()),
            ("reg_data", 10_000.into()),
            ("sava_imone", false.into()),
        ]);
        row.extend(cells.iter().cloned());
        self.add("out_virs__istorija", row);
    }

    /// A holding above a VIRS, with the participant's row that it is known from.
    pub(crate) fn holding(&mut self, virs: &str, held: &str, who: Who<'_>, share: Option<i128>) -> &mut Self {
        let mut row = Row::from([("ja_kodas", virs.into()), ("valdomas_kodas", held.into())]);
        row.insert("valdomas_pavadinimas", format!("UAB „Pavyzdys {held}“").as_str().into());
        share.into_iter().for_each(|share| _ = row.insert("dalis", share.into()));
        who.describe(&mut row);
        self.add("out_grandis__istorija", row);
        if !matches!(who, Who::Unknown(_)) {
            self.participant(held, who, share, &[]);
        }
        self
    }

    /// A row of participants; the one that there is about the same two is replaced.
    pub(crate) fn participant(&mut self, held: &str, who: Who<'_>, share: Option<i128>, cells: &[(&'static str, Cell)]) -> &mut Self {
        let number = format!("{held} {who:?}");
        let mut row = Row::from([
            ("saltinis", "jadis".into()),
            ("dalyvio_nr", number.as_str().into()),
            ("ja_kodas", held.into()),
            ("nuo", i128::from(BEGAN).into()),
        ]);
        share.into_iter().for_each(|share| _ = row.insert("dalis", share.into()));
        who.describe(&mut row);
        row.extend(cells.iter().cloned());
        let rows = self.rows("out_dalyvis__istorija");
        rows.retain(|other| other["dalyvio_nr"] != row["dalyvio_nr"]);
        rows.push(row);
        self
    }

    pub(crate) fn owner(&mut self, virs: &str, who: Who<'_>, share: Option<i128>, controls: bool, steps: i128) -> &mut Self {
        let mut row = Row::from([("ja_kodas", virs.into()), ("kontroliuoja", controls.into()), ("zingsniai", steps.into())]);
        share.into_iter().for_each(|share| _ = row.insert("dalis", share.into()));
        who.describe(&mut row);
        self.add("out_savininkas__istorija", row);
        self
    }

    pub(crate) fn control(&mut self, virs: &str, step: i128, who: Who<'_>, votes: Option<i128>) -> &mut Self {
        let mut row = Row::from([("ja_kodas", virs.into()), ("zingsnis", step.into())]);
        votes.into_iter().for_each(|votes| _ = row.insert("dalis", votes.into()));
        who.describe(&mut row);
        self.add("out_kontrole__istorija", row);
        self
    }
}

/// The histories that releases leave.
pub(crate) struct Histories(HashMap<&'static str, RecordBatch>);

impl Histories {
    /// Those after nights that follow one another, a release each.
    pub(crate) fn of(nights: &[Night]) -> Self {
        let release = |place: usize| Release { number: place as i64 + 1, day: 20_000 + place as i32 };
        Self::of_releases(&nights.iter().enumerate().map(|(place, night)| (release(place), night.clone())).collect::<Vec<_>>())
    }

    pub(crate) fn of_releases(nights: &[(Release, Night)]) -> Self {
        Self(Tables::NAMES.into_iter().map(|table| (table, history(table, nights))).collect())
    }

    /// The same with one table as `change` makes it.
    pub(crate) fn with(mut self, table: &'static str, change: impl Fn(&RecordBatch) -> RecordBatch) -> Self {
        let changed = change(&self.0[table]);
        self.0.insert(table, changed);
        self
    }

    pub(crate) fn tables(&self) -> Tables<'_> {
        Tables::find(|name| self.0.get(name)).unwrap()
    }

    /// The statements after the nights, one a line.
    pub(crate) fn bods(&self) -> Vec<serde_json::Value> {
        parsed(&self.bods_text(&PUBLICATION))
    }

    pub(crate) fn bods_text(&self, publication: &Publication<'_>) -> String {
        let mut out = Vec::new();
        write_bods(&self.tables(), &CATALOG, publication, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    pub(crate) fn ftm(&self) -> Vec<serde_json::Value> {
        let mut out = Vec::new();
        write_ftm(&self.tables(), &CATALOG, &PUBLICATION, &mut out).unwrap();
        parsed(&String::from_utf8(out).unwrap())
    }
}

fn parsed(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A row and when it was shown.
struct Line {
    row: Row,
    first: Release,
    gone: Option<(i64, i32)>,
}

/// As publishing makes a history: a row is what its cells are.
fn history(table: &'static str, nights: &[(Release, Night)]) -> RecordBatch {
    let mut lines: Vec<Line> = Vec::new();
    let mut previous = 0;
    for (release, night) in nights {
        let mut now: Vec<&Row> = night.0.get(table).into_iter().flatten().collect();
        for line in lines.iter_mut().filter(|line| line.gone.is_none()) {
            match now.iter().position(|row| **row == line.row) {
                Some(place) => _ = now.remove(place),
                None => line.gone = Some((previous, release.day)),
            }
        }
        lines.extend(now.into_iter().map(|row| Line { row: row.clone(), first: *release, gone: None }));
        previous = release.number;
    }
    let schema = CATALOG.table(table).unwrap().schema_for(Tier::Public);
    let columns = schema.fields().iter().map(|field| column(field, &lines)).collect();
    RecordBatch::try_new(schema.clone(), columns).unwrap()
}

fn column(field: &Field, lines: &[Line]) -> ArrayRef {
    let cell = |line: &Line| match field.name().as_str() {
        SHOWN_SINCE => Some(Cell::Number(line.first.day.into())),
        FIRST_RELEASE => Some(Cell::Number(line.first.number.into())),
        SHOWN_UNTIL => line.gone.map(|(_, day)| Cell::Number(day.into())),
        LAST_RELEASE => line.gone.map(|(release, _)| Cell::Number(release.into())),
        name => line.row.get(name).cloned(),
    };
    let number = |line| if let Some(Cell::Number(number)) = cell(line) { Some(number) } else { None };
    match field.data_type() {
        DataType::Utf8 => {
            let text = |line| if let Some(Cell::Text(text)) = cell(line) { Some(text) } else { None };
            Arc::new(lines.iter().map(text).collect::<StringArray>())
        }
        DataType::Boolean => {
            let flag = |line| if let Some(Cell::Flag(flag)) = cell(line) { Some(flag) } else { None };
            Arc::new(lines.iter().map(flag).collect::<BooleanArray>())
        }
        DataType::Int64 => Arc::new(lines.iter().map(|line| number(line).map(|number| number as i64)).collect::<Int64Array>()),
        DataType::Date32 => Arc::new(lines.iter().map(|line| number(line).map(|number| number as i32)).collect::<Date32Array>()),
        kind => Arc::new(lines.iter().map(number).collect::<Decimal128Array>().with_data_type(kind.clone())),
    }
}
