//! What the file says of itself: how values stand in it, and what each table and column is, in both languages.

use catalog::{Check, Kind};
use rusqlite::{Connection, params};

use crate::layout::{LaidOut, Layout};

/// Their names begin with a line, which no table of the data does.
const TABLES: &str = "
    CREATE TABLE _pastabos (
      nr INTEGER NOT NULL PRIMARY KEY,
      pastaba TEXT NOT NULL,
      pastaba_en TEXT NOT NULL
    ) STRICT;
    CREATE TABLE _lenteles (
      lentele TEXT NOT NULL PRIMARY KEY,
      pavadinimas TEXT NOT NULL,
      pavadinimas_en TEXT NOT NULL,
      aprasymas TEXT NOT NULL,
      aprasymas_en TEXT NOT NULL,
      eiluciu INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE _stulpeliai (
      lentele TEXT NOT NULL REFERENCES _lenteles,
      eil_nr INTEGER NOT NULL,
      stulpelis TEXT NOT NULL,
      rusis TEXT NOT NULL CHECK (rusis IN ('tekstas', 'sveikasis', 'pinigai', 'dalis', 'skaicius', 'data', 'pozymis')),
      tikslus_stulpelis TEXT,
      tikslaus_daliklis INTEGER,
      vienetas TEXT,
      klasifikatorius TEXT,
      pavadinimas TEXT NOT NULL,
      pavadinimas_en TEXT NOT NULL,
      aprasymas TEXT,
      aprasymas_en TEXT,
      PRIMARY KEY (lentele, eil_nr)
    ) STRICT, WITHOUT ROWID;
";

/// How values stand in the file, each in Lithuanian and English.
const NOTES: [(&str, &str); 7] = [
    (
        "Lentelės aprašytos lentelėje _lenteles, stulpeliai – lentelėje _stulpeliai.",
        "Tables are described in the table _lenteles, columns in _stulpeliai.",
    ),
    (
        "Pinigai, dalys ir kiti dešimtainiai skaičiai saugomi tiksliai, kaip sveikieji skaičiai: stulpelyje suma_e2 – šimtosios (centai), dalis_e12 – trilijonosios dalys, _e4 – dešimttūkstantosios. Daliklis įrašytas lentelės _stulpeliai stulpelyje tikslaus_daliklis.",
        "Money, shares and other decimals are stored exactly, as whole numbers: suma_e2 has hundredths (cents), dalis_e12 has 10^-12 parts, _e4 ten-thousandths. The column tikslaus_daliklis of the table _stulpeliai has the divisor.",
    ),
    (
        "Šalia yra stulpelis be priedo (suma, dalis), apskaičiuojamas dalijant: juo patogu lyginti, rikiuoti ir sumuoti eurais. Jis yra slankiojo kablelio (REAL), todėl tikslią sumą skaičiuokite iš sveikųjų: SUM(suma_e2) – centai.",
        "Beside it is a column without the ending (suma, dalis), computed by division: it is handy to compare, to sort by and to sum up in euros. It is a floating-point number (REAL); for an exact sum take the whole numbers: SUM(suma_e2) is in cents.",
    ),
    (
        "Datos – tekstas MMMM-mm-dd (ISO 8601); jas supranta SQLite datų funkcijos.",
        "Dates are text, YYYY-MM-DD (ISO 8601), which SQLite's functions of dates understand.",
    ),
    ("Požymiai: 1 – taip, 0 – ne.", "Booleans: 1 is yes, 0 is no."),
    (
        "NULL – reikšmės nėra arba ši portalo dalis jos nerodo. Tuščias tekstas nėra NULL.",
        "NULL: there is no value, or this tier of the portal does not show it. An empty text is not NULL.",
    ),
    (
        "Kodai – tekstas: jų pradžioje gali būti nulių. Tekstas lyginamas baitais; lietuviškos abėcėlės tvarkos SQLite nežino.",
        "Codes are text: they may begin with zeros. Text is compared byte by byte; SQLite does not know the order of the Lithuanian alphabet.",
    ),
];

/// Makes the tables that describe the others.
pub(crate) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(TABLES)
}

/// Writes the notes and what the definitions say of tables and columns, in the place of what stands there.
pub(crate) fn write(connection: &Connection, layouts: &[Layout<'_>]) -> rusqlite::Result<()> {
    connection.execute_batch("DELETE FROM _stulpeliai; DELETE FROM _lenteles; DELETE FROM _pastabos;")?;
    let mut note = connection.prepare("INSERT INTO _pastabos VALUES (?, ?, ?)")?;
    for (number, (lithuanian, english)) in (1_i64..).zip(NOTES) {
        note.execute(params![number, lithuanian, english])?;
    }
    let mut of_table = connection.prepare("INSERT INTO _lenteles VALUES (?, ?, ?, ?, ?, ?)")?;
    let mut of_column = connection.prepare("INSERT INTO _stulpeliai VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for layout in layouts {
        let (title, description) = (&layout.table.title, &layout.table.description);
        of_table.execute(params![layout.name(), title.lt, title.en, description.lt, description.en, layout.rows as i64])?;
        for (number, laid_out) in (1_i64..).zip(&layout.columns) {
            let (column, exact) = (laid_out.column, laid_out.decimals());
            of_column.execute(params![
                layout.name(),
                number,
                column.name,
                kind(column.kind),
                exact.map(|_| laid_out.stored_name()),
                exact.map(|places| 10_i64.pow(places)),
                unit(laid_out),
                classifier(laid_out),
                column.title.lt,
                column.title.en,
                column.description.as_ref().map(|text| &text.lt),
                column.description.as_ref().map(|text| &text.en),
            ])?;
        }
    }
    Ok(())
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "tekstas",
        Kind::Integer => "sveikasis",
        Kind::Money => "pinigai",
        Kind::Share => "dalis",
        Kind::Number => "skaicius",
        Kind::Date => "data",
        Kind::Boolean => "pozymis",
    }
}

fn unit<'a>(laid_out: &LaidOut<'a>) -> Option<&'a str> {
    let column = laid_out.column;
    column.unit.as_deref().or_else(|| (column.kind == Kind::Money).then_some("EUR"))
}

fn classifier<'a>(laid_out: &LaidOut<'a>) -> Option<&'a str> {
    match &laid_out.column.check {
        Some(Check::Classifier(name)) => Some(name),
        _ => None,
    }
}
