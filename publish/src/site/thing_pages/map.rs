//! The list of a kind whose things lie somewhere in the country: a map of tiles or of boundaries, and a table that says the same and what lies nowhere.

use std::collections::HashMap;
use std::fmt::Write;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int64Type;
use catalog::{PageKind, TileMap};

use super::entries::UP;
use super::view::PageText;
use crate::error::Error;
use crate::incremental::tier_table::TierRows;
use crate::language::{in_both, push_both, said, say};
use crate::paths::thing_list;
use crate::site::boundary_map;
use crate::site::notes::{push_rest, push_suppressed};
use crate::site::rows::{RowTable, SuppressionMarks};
use crate::site::shown::{Shown, shown_columns};
use crate::site::text::{push_escaped, push_linked};
use crate::site::things::directory::{Directory, Thing};
use crate::site::things::key::{Key, KeyColumns};
use crate::site::tier_site::TierSite;
use crate::site::tile_map::{self, Area, Figure, Tile, push_legend};

/// The page.
pub(super) fn page(site: &TierSite<'_>, kind: &PageKind, map: &TileMap, directory: &Directory<'_>) -> Result<PageText, Error> {
    let mut body = String::with_capacity(32 * 1024);
    if let Some((dataset, table)) = site.table(&map.statistic) {
        let table = table.whole()?;
        let rows = Figures::of(map, table);
        let tile = |thing| Some((thing, tile(map, directory.table, thing, rows.figure(&thing.key))?));
        let (things, tiles): (Vec<&Thing<'_>>, Vec<Tile>) = directory.things.iter().filter_map(tile).unzip();
        body.push_str("<section aria-labelledby=\"zemelapis\">\n<h2 id=\"zemelapis\">");
        push_both(&table.table().title, &mut body);
        body.push_str("</h2>\n");
        push_legend(&mut body);
        let _ = writeln!(body, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">", say!("Žemėlapis"));
        let lacks = tiles.iter().any(|tile| tile.area.figure.lacks);
        match site.context.boundaries {
            None => {
                tile_map::push(&tiles, say!("Savivaldybės vienodais langeliais, šiaurė viršuje"), &mut body);
                body.push_str("</div>\n");
            }
            Some(boundaries) => {
                let codes = things.iter().map(|thing| code(directory.table, thing).unwrap_or_default());
                let areas: Vec<(&str, Area)> = codes.zip(tiles.into_iter().map(|tile| tile.area)).collect();
                boundary_map::push(boundaries, &areas, say!("Savivaldybių ribos, šiaurė viršuje"), &mut body);
                body.push_str("</div>\n");
                boundary_map::push_rest(boundaries, &areas, &mut body);
            }
        }
        if lacks {
            let why = say!("„+“ – skelbiama ne viskas: tikslus skaičius neskelbiamas, kad nebūtų galima atpažinti asmens.");
            let _ = writeln!(body, "<p class=\"note\">{why}</p>");
        }
        let _ = writeln!(body, "</section>\n<section aria-labelledby=\"lentele\">\n<h2 id=\"lentele\">{}</h2>", say!("Lentelė"));
        let marks = push_table(site, directory, table, &rows, &mut body);
        if marks {
            push_suppressed(&mut body);
        }
        let all = table.rows().num_rows();
        push_rest((dataset, table), (all, all), UP, &mut body);
        body.push_str("</section>\n");
    }
    let path = thing_list(kind);
    let (title, lead) = (in_both(&kind.title), in_both(&kind.description));
    Ok(PageText { path, title, lead, body, ..PageText::default() })
}

/// The rows of the statistic, by the thing of which each tells.
struct Figures<'a> {
    rows: HashMap<Key<'a>, usize>,
    values: Option<&'a ArrayRef>,
    open: Option<&'a ArrayRef>,
    marks: SuppressionMarks<'a>,
    value: &'a str,
}

impl<'a> Figures<'a> {
    fn of(map: &'a TileMap, table: &'a TierRows) -> Self {
        let keys = KeyColumns::of(table, &table.table().key);
        let rows = (0..table.rows().num_rows()).filter_map(|row| Some((keys.at(row)?, row))).collect();
        // What rows without persons add up to is shown of suppressed values as well.
        let open = table.table().protect.iter().find_map(|rule| rule.open_part.get(&map.value));
        let column = |name: &str| table.rows().column_by_name(name);
        let open = open.and_then(|name| column(name));
        Self { rows, values: column(&map.value), open, marks: SuppressionMarks::of(table), value: &map.value }
    }

    /// What is known of a thing; one that the statistic does not have counts nothing.
    fn figure(&self, key: &Key<'_>) -> Figure {
        let Some(&row) = self.rows.get(key) else { return Figure::default() };
        let lacks = self.marks.hides(self.value, row) && self.values.is_none_or(|values| values.is_null(row));
        let known = if lacks { self.open } else { self.values }.and_then(|numbers| number(numbers, row));
        Figure { known: known.and_then(|known| u64::try_from(known).ok()).unwrap_or_default(), lacks }
    }
}

fn number(column: &ArrayRef, row: usize) -> Option<i64> {
    column.as_primitive_opt::<Int64Type>().filter(|numbers| numbers.is_valid(row)).map(|numbers| numbers.value(row))
}

fn tile(map: &TileMap, table: &TierRows, thing: &Thing<'_>, figure: Figure) -> Option<Tile> {
    let row = *thing.rows.first()? as usize;
    let place = |name: &str| number(table.rows().column_by_name(name)?, row);
    let label = table.rows().column_by_name(&map.label)?.as_string_opt::<i32>()?.value(row).to_owned();
    let (name, href) = (thing.name.clone(), thing.file().to_owned());
    Some(Tile { column: place(&map.column)?, row: place(&map.row)?, area: Area { label, name, href, figure } })
}

/// The code of a thing, by which its boundary is found.
fn code<'a>(table: &'a TierRows, thing: &Thing<'_>) -> Option<&'a str> {
    let codes = table.rows().column_by_name(table.table().key.first()?)?.as_string_opt::<i32>()?;
    Some(codes.value(*thing.rows.first()? as usize))
}

/// Appends a row for each thing, and those of the statistic that tell of none; returns whether anything is suppressed.
fn push_table(site: &TierSite<'_>, directory: &Directory<'_>, table: &TierRows, figures: &Figures<'_>, out: &mut String) -> bool {
    let definition = table.table();
    let columns = shown_columns(table, &site.titles);
    let (keys, columns): (Vec<Shown<'_>>, Vec<Shown<'_>>) =
        columns.into_iter().partition(|shown| definition.key.contains(&shown.column.name));
    let all: Vec<&Shown<'_>> = columns.iter().collect();
    let (caption, marks) = (in_both(&definition.title), &figures.marks);
    let cells = RowTable { caption: &caption, quiet: true, columns: &all, marks, up: UP, links: None, names: None, leads: None };
    out.push_str("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    push_escaped(&said!("Lentelė: {0}", caption), out);
    out.push_str("\">\n<table>\n<caption class=\"quiet\">");
    push_escaped(&caption, out);
    out.push_str("</caption>\n<thead><tr>");
    for (shown, start) in keys
        .iter()
        .map(|shown| (shown, "<th scope=\"col\">"))
        .chain(columns.iter().map(|shown| (shown, "<th scope=\"col\" class=\"number\">")))
    {
        out.push_str(start);
        shown.push_heading(out);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let push_cells = |row: Option<usize>, out: &mut String| {
        for shown in &columns {
            match row {
                Some(row) => cells.push_cell(shown, false, row, out),
                None => out.push_str("<td class=\"number\">0</td>"),
            }
        }
        out.push_str("</tr>\n");
    };
    for thing in &directory.things {
        out.push_str("<tr><th scope=\"row\">");
        push_linked(&thing.name, Some(thing.file()), out);
        out.push_str("</th>");
        push_cells(figures.rows.get(&thing.key).copied(), out);
    }
    // Nowhere: what no thing of the kind stands for.
    let mut nowhere: Vec<usize> = figures.rows.iter().filter(|(key, _)| directory.find(key).is_none()).map(|(_, row)| *row).collect();
    nowhere.sort_unstable();
    for row in nowhere {
        out.push_str("<tr><th scope=\"row\">");
        keys.iter().for_each(|shown| shown.push(row, out));
        out.push_str("</th>");
        push_cells(Some(row), out);
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    let rows: Vec<usize> = figures.rows.values().copied().collect();
    marks.any(&rows)
}
