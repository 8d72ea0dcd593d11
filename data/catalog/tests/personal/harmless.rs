//! A hundred thousand rows as registers and people write them, without anything personal: nothing may be found.

use catalog::codes::{is_personal_code, legal_entity_check_digit};
use catalog::numbers::isbn as as_isbn;
use catalog::personal::Guard;
use catalog::{Catalog, Check, Column, Kind, Layer, Personal, Table};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::CATALOG;

const ROWS: usize = 100_000;

struct Draws(ChaCha8Rng);

impl Draws {
    fn number(&mut self, from: u32, until: u32) -> u32 {
        self.0.random_range(from..=until)
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.number(0, of.len() as u32 - 1) as usize]
    }

    fn company(&mut self) -> String {
        let body = format!("{}{:07}", self.one(&["1", "3"]), self.number(0, 9_999_999));
        let digits: Vec<u32> = body.chars().filter_map(|digit| digit.to_digit(10)).collect();
        format!("{body}{}", legal_entity_check_digit(&digits.try_into().unwrap()))
    }

    fn book(&mut self) -> String {
        let body = format!("978{}{:04}{:02}", self.one(&["609", "995", "998"]), self.number(0, 9999), self.number(0, 99));
        let isbn = (0..10).map(|digit| format!("{body}{digit}")).find(|isbn| as_isbn(isbn).is_some()).unwrap();
        if self.number(0, 1) == 0 { isbn } else { format!("978-{}-{}-{}-{}", &isbn[3..6], &isbn[6..10], &isbn[10..12], &isbn[12..]) }
    }

    fn phone(&mut self) -> String {
        match self.number(0, 4) {
            0 => format!("+370 6{:02} {:05}", self.number(0, 99), self.number(0, 99_999)),
            1 => format!("+370 5 2{:02} {:04}", self.number(0, 99), self.number(0, 9999)),
            2 => format!("+3706{:07}", self.number(0, 9_999_999)),
            3 => format!("8 6{:02} {:05}", self.number(0, 99), self.number(0, 99_999)),
            _ => format!("(8 37) {:02} {:02} {:02}", self.number(0, 99), self.number(0, 99), self.number(0, 99)),
        }
    }

    fn date(&mut self) -> String {
        let (year, month, day) = (self.number(1990, 2026), self.number(1, 12), self.number(1, 28));
        match self.number(0, 3) {
            0 => format!("{year}.{month:02}.{day:02}"),
            1 => format!("{year} m. {} {day} d.", self.one(&["sausio", "kovo", "liepos", "rugsėjo", "gruodžio"])),
            _ => format!("{year}-{month:02}-{day:02}"),
        }
    }

    fn document(&mut self) -> String {
        let prefix = self.one(&["Nr. ", "ĮV-", "V-", "", "Nr. A1-", "TS-", "Nr. 3-B", "30-"]);
        let (date, number) = (self.date(), self.number(1, 99_999));
        match self.number(0, 6) {
            0 => format!("{date} Nr. {prefix}{number}"),
            1 => format!("{prefix}{number}, {date}"),
            2 => format!("{prefix}{number} ({date})"),
            3 => format!("{}-{:02}-{:02}/{}", self.number(2015, 2026), self.number(1, 12), self.number(1, 28), self.number(1, 999)),
            4 => format!("VIRSIS-{}-{:06}", self.number(2026, 2027), self.number(1, 999_999)),
            5 => format!("{}{:02}{:02}{:03}", self.number(2015, 2026), self.number(1, 12), self.number(1, 28), self.number(0, 999)),
            _ => format!("{prefix}{number}/{}", self.number(2000, 2026)),
        }
    }

    fn address(&mut self) -> String {
        let street = self.one(&[
            "Gedimino pr.",
            "Kovo 11-osios g.",
            "Sausio 13-osios g.",
            "Savanorių pr.",
            "Rasos g.",
            "S. Daukanto g.",
            "Vasario 16-osios g.",
        ]);
        let flat = if self.number(0, 1) == 0 { String::new() } else { format!("-{}", self.number(1, 199)) };
        let (house, post) = (self.number(1, 300), self.number(0, 99_999));
        match self.number(0, 2) {
            0 => format!("{street} {house}{flat}, LT-{post:05} Vilnius"),
            1 => format!("Vilnius, {street} {house}{flat}, LT-{post:05}"),
            _ => format!("Kaunas, {street} {house}{}{flat}", self.one(&["", "A", "B"])),
        }
    }

    fn name(&mut self) -> String {
        let number = self.number(1, 9999);
        match self.number(0, 8) {
            0 => "7 dienos 24 valandos".to_owned(),
            1 => format!("15min {number}"),
            2 => format!("Radijas 103,{} FM", self.number(0, 9)),
            3 => format!("UAB „Žinios {number}“"),
            4 => format!("365 dienos, {}", self.number(1990, 2026)),
            5 => format!("100% muzika 24/7 {}", self.number(1, 99)),
            6 => format!("Rytai {}–{}", self.number(1990, 2010), self.number(2011, 2026)),
            7 => format!("Knyga, ISBN {}, {}", self.book(), self.number(2000, 2026)),
            _ => "Šiaurės kronika".to_owned(),
        }
    }

    /// 32 hexadecimal digits. One of some hundred thousand such has a right personal code in it between letters: nobody can tell that from somebody's
    /// code, so it is found, and none of them is drawn here.
    fn identifier(&mut self) -> String {
        loop {
            let id: String = (0..32).map(|_| char::from_digit(self.number(0, 15), 16).unwrap()).collect();
            if !id.split(|letter: char| !letter.is_ascii_digit()).any(is_personal_code) {
                return id;
            }
        }
    }

    fn link(&mut self) -> String {
        let id = self.identifier();
        match self.number(0, 3) {
            0 => format!("https://www.e-tar.lt/portal/lt/legalAct/{id}"),
            1 => format!("https://pavyzdys.lt/dok/{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]),
            2 => {
                format!("https://pavyzdys.lt/{}/{:02}/sprendimas-{}.pdf", self.number(2015, 2026), self.number(1, 12), self.number(1, 9999))
            }
            _ => self.document(),
        }
    }

    fn foreign(&mut self) -> String {
        match self.number(0, 3) {
            0 => format!("HRB {}", self.number(1, 999_999)),
            1 => format!("{:08}", self.number(0, 99_999_999)),
            2 => format!("LV-{:06}/{}", self.number(1, 999_999), self.number(1, 99)),
            _ => self.company(),
        }
    }

    /// What such a column holds in a register.
    fn cell(&mut self, column: &Column, catalog: &Catalog) -> Option<String> {
        if matches!(column.personal, Personal::Code | Personal::BirthDate) {
            return None;
        }
        Some(match (&column.check, column.kind, column.name.as_str()) {
            (Some(Check::Classifier(name)), ..) => catalog.classifier(name).ok()?.terms.first()?.code.clone(),
            (Some(Check::JaKodas), ..) if self.number(0, 9) == 0 => format!("{:07}", self.number(1_000_000, 9_999_999)),
            (Some(Check::JaKodas), ..) => self.company(),
            (Some(Check::EntityCode), ..) => self.foreign(),
            (Some(Check::Numeris), ..) => self.book(),
            (_, Kind::Integer, _) => self.number(0, 4_000_000_000).to_string(),
            (_, Kind::Money, _) => format!("{}.{:02}", self.number(0, 99_999_999), self.number(0, 99)),
            (_, Kind::Date, _) => format!("{}-{:02}-{:02}", self.number(1990, 2026), self.number(1, 12), self.number(1, 28)),
            (_, Kind::Boolean, _) => "1".to_owned(),
            (.., "telefonas") => match self.number(0, 3) {
                0 => format!("{}, {}", self.phone(), self.phone()),
                _ => self.phone(),
            },
            (.., "el_pastas") => format!("redakcija-{}@pavyzdys.example", self.company()),
            (.., "adresas" | "teritorija") => self.address(),
            (.., "dokumento_nr") => self.document(),
            (.., "dokumentas") => self.link(),
            (.., "dalyvio_nr" | "vip_nr" | "licencijos_nr" | "reklamos_nr") => {
                format!("{}-{:06}", self.one(&["JADIS", "VIP", "LIC", "R"]), self.number(0, 999_999))
            }
            (.., "vardas" | "pavarde") => self.one(&["Ūla", "Žygimantas", "Išgalvotoji-Pavyzdė", "Jonas"]).to_owned(),
            _ => self.name(),
        })
    }
}

#[test]
fn nothing_is_found_in_a_hundred_thousand_rows_without_anything_personal() {
    let tables: Vec<(&Table, Guard)> =
        CATALOG.tables(Layer::Raw).map(|table| (&**table, Guard::over(table.columns.iter().map(|column| &*column.column)))).collect();
    // A random number in a link holds a code by chance once in some hundred thousand rows, and nobody could tell it from one: of this seed none does.
    let mut draws = Draws(ChaCha8Rng::seed_from_u64(12));
    let mut wrong = Vec::new();
    for row in 0..ROWS {
        let (table, guard) = &tables[row % tables.len()];
        let cells: Vec<Option<String>> = table.columns.iter().map(|column| draws.cell(&column.column, &CATALOG)).collect();
        for (place, _) in guard.in_row(|place| cells[place].as_deref()) {
            wrong.push(format!("{}.{}: {:?}", table.name, table.columns[place].column.name, cells[place]));
        }
    }
    assert!(wrong.is_empty(), "{} of {ROWS}: {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
}
