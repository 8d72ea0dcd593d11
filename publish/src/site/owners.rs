//! Who owns a VIRS, as bars with percentages, and what else the same owner has.

use std::collections::HashMap;
use std::fmt::Write;

use arrow::array::{Array, AsArray};
use catalog::{ENTITY, Kind, Table, Tier};

use super::chains::is_chains;
use super::entities::{Indexed, VirsEntry, VirsList};
use super::shown::{Shown, Titles, shown_columns};
use super::text::{LONGEST_TEXT, beginning, percent, push_escaped};
use super::things::directory::Directories;
use super::things::links::NameLinks;
use crate::language::{said, say};
use crate::paths::entity_file;

/// A table with these two columns, and one row per owner, tells who owns a VIRS.
const KIND: &str = "savininko_rusis";
pub(super) const SHARE: &str = "dalis";
/// Columns an owner's name may stand in; the first that has one counts.
pub(super) const NAMES: [&str; 4] = ["savininkas", "vardas_pavarde", "dal_pavadinimas", "dal_kodas"];
/// Says that an owner controls the VIRS.
pub(super) const CONTROLS: &str = "kontroliuoja";
/// Key of a natural person.
pub(super) const PERSON: &str = "asmens_id";
/// What tells an owner that is a legal entity from others: a code means nothing outside its state, and a name counts where there is no code.
pub(super) const COMPANY: [&str; 3] = ["valstybe", "dal_kodas", "dal_pavadinimas"];
/// Other VIRS of one owner that are named; an owner with more is rare.
const OTHERS: usize = 12;

/// Whether a table tells who owns a VIRS.
pub(super) fn is_owners(table: &Table) -> bool {
    let column = |name| table.column(name);
    let has_share = column(SHARE).is_some_and(|column| column.column.kind == Kind::Share);
    has_share && column(KIND).is_some() && column(ENTITY).is_some() && table.key != [ENTITY] && !is_chains(table)
}

/// Code of the kind of owner that nobody knows.
const UNKNOWN: &str = "nezinomas";

/// What is said first of the owners of a VIRS.
pub(super) struct OwnersSummary {
    /// How many are known.
    pub(super) known: u64,
    /// What nobody knows the owner of, in units of a share.
    pub(super) unknown: i128,
    pub(super) greatest: String,
    /// Its page, from a folder of the tier.
    pub(super) greatest_page: Option<String>,
    pub(super) greatest_share: i128,
    pub(super) controlling: Option<String>,
}

/// The owners of all VIRS of a tier.
pub(super) struct Owners<'a> {
    share: Shown<'a>,
    kind: Option<Shown<'a>>,
    controls: Option<Shown<'a>>,
    names: Vec<Shown<'a>>,
    links: NameLinks<'a>,
    ids: Vec<Option<String>>,
    /// Codes of the VIRS of each owner who has several.
    holdings: HashMap<String, Vec<&'a str>>,
}

impl<'a> Owners<'a> {
    pub(super) fn new(index: &'a Indexed<'a>, titles: &'a Titles<'a>, things: &'a Directories<'a>) -> Option<Self> {
        let mut columns = shown_columns(index.table, titles);
        let mut take = |name: &str| columns.iter().position(|shown| shown.column.name == name).map(|at| columns.swap_remove(at));
        let (share, kind, controls) = (take(SHARE)?, take(KIND), take(CONTROLS));
        let names = NAMES.iter().filter_map(|name| take(name)).collect();
        let rows = index.table.rows();
        let text = |name: &str| rows.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        let at = |name: &str, row: usize| text(name).filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row));
        let company = |row| {
            let [state, code, name] = COMPANY.map(|column| at(column, row));
            let told_by = code.map_or_else(|| name.map(|name| format!("name {name}")), |code| Some(format!("code {code}")))?;
            Some(format!("{}\u{1f}{}\u{1f}{told_by}", at(KIND, row).unwrap_or_default(), state.unwrap_or_default()))
        };
        let ids: Vec<_> = (0..rows.num_rows()).map(|row| at(PERSON, row).map(str::to_owned).or_else(|| company(row))).collect();
        let mut holdings: HashMap<String, Vec<&str>> = HashMap::new();
        for (row, id) in ids.iter().enumerate() {
            if let (Some(id), Some(code)) = (id, at(ENTITY, row)) {
                let codes = holdings.entry(id.clone()).or_default();
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
        holdings.retain(|_, codes| codes.len() > 1);
        Some(Self { share, kind, controls, names, links: NameLinks::of(things, index.table), ids, holdings })
    }

    /// What these rows, those of one VIRS, tell all in all; none where a share is not shown.
    pub(super) fn summary(&self, rows: &[usize]) -> Option<OwnersSummary> {
        let kind = self.kind.as_ref()?;
        let name = |row: usize| beginning(self.names.iter().find_map(|shown| shown.text(row)).unwrap_or_default(), LONGEST_TEXT);
        let shares = rows.iter().map(|&row| Some((row, self.share.share(row)?))).collect::<Option<Vec<_>>>()?;
        let (unknown, known): (Vec<_>, Vec<_>) = shares.into_iter().partition(|(row, _)| kind.text(*row) == Some(UNKNOWN));
        let greatest = known.iter().copied().reduce(|one, other| if other.1 > one.1 { other } else { one });
        let controls = |row: usize| self.controls.as_ref().is_some_and(|shown| shown.is_true(row));
        Some(OwnersSummary {
            known: known.len() as u64,
            unknown: unknown.iter().map(|(_, share)| share).sum(),
            greatest: greatest.map(|(row, _)| name(row).to_owned()).unwrap_or_default(),
            greatest_page: greatest.and_then(|(row, _)| self.page(row)),
            greatest_share: greatest.map_or(0, |(_, share)| share),
            controlling: known.iter().find(|(row, _)| controls(*row)).map(|(row, _)| name(*row).to_owned()),
        })
    }

    /// Name and share of each owner in these rows, the largest first; what is unknown is called so.
    pub(super) fn named(&self, rows: &[usize]) -> Vec<String> {
        let mut sorted = rows.to_vec();
        sorted.sort_by_key(|&row| std::cmp::Reverse(self.share.share(row)));
        let name = |row: usize| match self.kind.as_ref().and_then(|kind| kind.text(row)) {
            Some(UNKNOWN) => say!("nežinoma"),
            _ => self.names.iter().find_map(|shown| shown.text(row)).unwrap_or(say!("nenurodytas")),
        };
        let line =
            |row: usize| self.share.share(row).map_or_else(|| name(row).to_owned(), |share| format!("{} {}", name(row), percent(share)));
        sorted.into_iter().map(line).collect()
    }

    /// What else the owners of the VIRS with this code have, as its page says it.
    pub(super) fn others(&self, entities: &VirsList<'_>, code: &str, rows: &[usize]) -> String {
        let mut all = String::new();
        for &row in rows {
            let mut others = String::new();
            self.push_others(entities, code, row, &mut others);
            all.push_str(&others);
            all.push('\n');
        }
        all
    }

    /// Appends the owners in `shown_rows` of the VIRS with this code; `rows` are all its rows.
    pub(super) fn push(&self, page: (Tier, &VirsList<'_>), code: &str, rows: &[usize], shown_rows: &[usize], out: &mut String) {
        let (tier, entities) = page;
        out.push_str("<ul class=\"owners\">\n");
        for &row in shown_rows {
            let mut who = String::new();
            match self.names.iter().find(|shown| !shown.is_empty_at(row)).or(self.kind.as_ref()) {
                Some(shown) => shown.push(row, &mut who),
                None => who.push_str(say!("Savininkas nenurodytas")),
            }
            if let Some(page) = self.page(row) {
                who = format!("<a href=\"{page}\">{who}</a>");
            }
            let mut what = String::new();
            if let Some(kind) = &self.kind {
                kind.push(row, &mut what);
            }
            let mut others = String::new();
            self.push_others(entities, code, row, &mut others);
            let controls = self.controls.as_ref().is_some_and(|shown| shown.is_true(row));
            let share = self.share.share(row).ok_or(if tier == Tier::Open { say!("dalis nerodoma") } else { say!("dalis nežinoma") });
            push_owner(&who, if what == who { "" } else { &what }, controls, share, &others, out);
        }
        out.push_str("</ul>\n");
        // Said of every such VIRS alike, whether its other owners are persons or nobody knows them.
        if tier == Tier::Open && rows.iter().any(|&row| self.share.share(row).is_none()) {
            let why = say!(
                "Dalį šiame VIRS turi ar turėjo fizinis ar nežinomas asmuo, todėl atvirų duomenų dalyje tokie savininkai ir visos dalys nerodomi."
            );
            let _ = writeln!(out, "<p class=\"note\">{why}</p>");
        }
    }

    /// The page of the owner in a row, from a folder of the tier.
    fn page(&self, row: usize) -> Option<String> {
        let filled = self.names.iter().find(|shown| !shown.is_empty_at(row))?;
        self.links.page(&filled.column.name, row).map(|page| format!("../{page}"))
    }

    fn push_others(&self, entities: &VirsList<'_>, code: &str, row: usize, out: &mut String) {
        let Some(codes) = self.ids[row].as_ref().and_then(|id| self.holdings.get(id)) else { return };
        let others = codes.iter().filter(|&&other| other != code).filter_map(|other| entities.find(other));
        let link = |entity: &VirsEntry<'_>| {
            let mut link = String::new();
            if let Some(file) = entity_file(entity.code) {
                let _ = write!(link, "<a href=\"{file}\">");
                push_escaped(entity.name, &mut link);
                link.push_str("</a>");
            }
            link
        };
        let links: Vec<String> = others.take(OTHERS).map(link).collect();
        if links.is_empty() {
            return;
        }
        let all = links.join(", ");
        let said =
            if codes.len() > OTHERS + 1 { said!("Turi dalį ir čia: {0} ir kt.", all) } else { said!("Turi dalį ir čia: {0}", all) };
        let _ = write!(out, "<span class=\"others\">{said}</span>");
    }
}

/// Appends who has which share. `who`, `what` and `others` are safe HTML; where there is no share, words say why. The bar is an SVG so that no page needs a style of its own.
pub(super) fn push_owner(who: &str, what: &str, controls: bool, share: Result<i128, &str>, others: &str, out: &mut String) {
    let _ = write!(out, "<li><span class=\"who\">{who}</span>");
    if !what.is_empty() {
        let _ = write!(out, " <span class=\"what\">{what}</span>");
    }
    if controls {
        let _ = write!(out, " <span class=\"tag\">{}</span>", say!("kontroliuoja"));
    }
    out.push_str(" <span class=\"share\">");
    match share {
        Ok(share) => push_escaped(&percent(share), out),
        Err(why_not) => out.push_str(why_not),
    }
    out.push_str("</span> ");
    out.push_str(others);
    // Hundredths of a per cent are finer than any screen.
    let width = (share.unwrap_or_default() / 100_000_000).clamp(0, 10_000);
    let _ = writeln!(
        out,
        "<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 10000 10\" preserveAspectRatio=\"none\"><rect width=\"{width}\" height=\"10\"/></svg></li>"
    );
}
