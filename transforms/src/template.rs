//! Checks that ask the same of several tables: written once, with `{table}` and the like in the places where they differ.
//!
//! Lines `-- for: …` in the header of such a file are a table: the first names its columns, `name` before all others; each line after it
//! makes one check, with its cells in the place of `{column}` everywhere in the file. Each check has a name of its own, and is from then on
//! like one that stands in a file by itself.

use std::path::Path;

use crate::{Error, Header};

/// Begins a line of the table.
const FOR: &str = "-- for:";

/// The statements that a file holds, with their names: one called like the file, or one for each line of its table.
pub(crate) fn expand(file: &Path, text: &str) -> Result<Vec<(String, String)>, Error> {
    let header = Header::parse(file, text);
    let mut table = header.all("for").map(cells);
    let Some(columns) = table.next() else {
        return Ok(vec![(file.file_stem().unwrap_or_default().to_string_lossy().into_owned(), text.to_owned())]);
    };
    if columns[0] != "name" {
        return Err(header.wrong(format!("the first column of its `{FOR} …` lines must be `name`")));
    }
    let template: String = text.lines().filter(|line| !line.starts_with(FOR)).map(|line| format!("{line}\n")).collect();
    let statements: Vec<_> = table.map(|row| fill(&header, &template, &columns, &row)).collect::<Result<_, _>>()?;
    match statements.is_empty() {
        true => Err(header.wrong(format!("its `{FOR} …` lines name columns, but no check"))),
        false => Ok(statements),
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.split(" | ").map(str::trim).collect()
}

/// The template with the cells of one line.
fn fill(header: &Header, template: &str, columns: &[&str], row: &[&str]) -> Result<(String, String), Error> {
    if row.len() != columns.len() {
        return Err(header.wrong(format!("line `{FOR} {} …` has {} cells instead of {}", row[0], row.len(), columns.len())));
    }
    let mut sql = template.to_owned();
    for (column, cell) in columns.iter().zip(row).skip(1) {
        let place = format!("{{{column}}}");
        if !template.contains(&place) {
            return Err(header.wrong(format!("its column {column} is used nowhere as {place}")));
        }
        sql = sql.replace(&place, cell);
    }
    match sql.split_once('{') {
        Some((_, rest)) => Err(header.wrong(format!("no column fills {{{}", rest.split_inclusive('}').next().unwrap_or_default()))),
        None => Ok((row[0].to_owned(), sql)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "-- needs: {table}\n-- for: name | table | column\n-- for: a_rasta | out_a | x\n-- for: b_rasta | out_b | COALESCE(y, 'a|b')\nSELECT {column} FROM {table}\n";

    fn expanded(text: &str) -> Result<Vec<(String, String)>, String> {
        expand(Path::new("sql/checks/rasta.sql"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn each_line_is_a_check_of_its_own_that_does_not_know_of_the_others() {
        let [first, second] = expanded(TEMPLATE).unwrap().try_into().unwrap();
        assert_eq!(first, ("a_rasta".to_owned(), "-- needs: out_a\nSELECT x FROM out_a\n".to_owned()));
        assert_eq!(second, ("b_rasta".to_owned(), "-- needs: out_b\nSELECT COALESCE(y, 'a|b') FROM out_b\n".to_owned()));
        let plain = "-- needs: out_a\nSELECT 1";
        assert_eq!(expanded(plain), Ok(vec![("rasta".to_owned(), plain.to_owned())]));
    }

    #[test]
    fn a_line_or_a_place_that_fits_nothing_is_named_with_its_file() {
        for (what, text) in [
            ("must be `name`", TEMPLATE.replace("name |", "check |")),
            ("a_rasta …` has 2 cells instead of 3", TEMPLATE.replace("out_a | x", "out_a")),
            ("its column column is used nowhere as {column}", TEMPLATE.replace("SELECT {column}", "SELECT 1")),
            ("no column fills {tabel}", TEMPLATE.replace("FROM {table}", "FROM {tabel}")),
            ("but no check", "-- needs: out_a\n-- for: name | table\nSELECT 1 FROM {table}".to_owned()),
        ] {
            let error = expanded(&text).unwrap_err();
            assert!(error.contains(what) && error.contains("sql/checks/rasta.sql"), "{error}");
        }
    }
}
