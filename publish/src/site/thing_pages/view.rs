//! The page of one thing: a few sentences, its facts or holdings, and the rows that name it.

use std::fmt::Write;

use catalog::{ENTITY, PageKind, Tier};

use super::entries::{Lines, UP, VIRS, push_money};
use super::holdings::{Holdings, push_greatest};
use super::section::{AMOUNTS, Amount, Paid, ThingSection};
use crate::error::Error;
use crate::language::{heavier, in_both, in_each, push_both, said, say};
use crate::paths::entity_page;
use crate::site::chart::period::year_title;
use crate::site::entities::{Indexed, NAME};
use crate::site::owners::{Owners, is_owners};
use crate::site::text::{LONGEST_NAME, counted, push_escaped, push_linked, shortened};
use crate::site::things::directory::Thing;
use crate::site::things::key::{text, texts};
use crate::site::tier_site::TierSite;
use crate::weight::PAGE_BUDGET;

/// Bytes of what a page shows in one language; head and navigation have the rest of its budget.
const BODY_BUDGET: usize = PAGE_BUDGET - 8_000;
/// The day on which an outlet ended.
const ENDED: &str = "isregistravimo_data";

/// What a page shows beside what all pages have.
#[derive(Default)]
pub(super) struct PageText {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) lead: String,
    /// Of a page of a list: its heading.
    pub(super) heading: Option<String>,
    /// Safe HTML.
    pub(super) body: String,
    /// Whether it names natural persons.
    pub(super) has_persons: bool,
}

/// All that the pages of a kind are made of.
pub(super) struct KindView<'a, 'b> {
    site: &'a TierSite<'b>,
    kind: &'a PageKind,
    own: Option<ThingSection<'a>>,
    sections: Vec<ThingSection<'a>>,
    holdings: Option<Holdings<'a>>,
    /// Who owns the VIRS that run things of this kind.
    owners: Option<(&'a Indexed<'a>, Owners<'a>)>,
    pub(super) lines: Lines<'a>,
}

/// Rows of owners and of chains by VIRS, as far as pages of a kind need them.
#[derive(Default)]
pub(super) struct ByVirs<'a> {
    pub(super) owners: Option<Indexed<'a>>,
    pub(super) chains: Option<Indexed<'a>>,
}

/// The table of owners of a tier, by VIRS.
pub(super) fn owners_of<'a>(site: &'a TierSite<'_>) -> Result<Option<Indexed<'a>>, Error> {
    let found = site.about_entities().find(|(_, table)| is_owners(&table.table));
    found.map(|(dataset, table)| Ok(Indexed::new(dataset, table.whole()?))).transpose()
}

impl<'a, 'b> KindView<'a, 'b> {
    pub(super) fn new(site: &'a TierSite<'b>, kind: &'a PageKind, lines: Lines<'a>, by_virs: &'a ByVirs<'a>) -> Result<Self, Error> {
        let own = ThingSection::own(site, kind)?;
        let shown = kind.sections.iter().filter(|section| !section.names_only);
        let sections = shown.filter_map(|section| ThingSection::of(site, kind, section).transpose()).collect::<Result<_, _>>()?;
        let holdings = match own.as_ref().filter(|own| is_owners(own.table.table())) {
            Some(own) => Holdings::of(site, own.table, by_virs.chains.as_ref())?,
            None => None,
        };
        let things = site.things()?;
        let owners = by_virs.owners.as_ref().and_then(|index| Some((index, Owners::new(index, &site.titles, things)?)));
        Ok(Self { site, kind, own, sections, holdings, owners, lines })
    }

    /// What the page of a thing shows: as much as fits.
    pub(super) fn page(&self, thing: &Thing<'_>) -> PageText {
        let mut page = PageText::default();
        for amount in AMOUNTS {
            page = self.page_with(thing, amount);
            // With both languages in it, it only weighs more.
            if page.body.len() <= BODY_BUDGET || heavier(&page.body) <= BODY_BUDGET {
                break;
            }
        }
        page
    }

    fn page_with(&self, thing: &Thing<'_>, amount: Amount) -> PageText {
        let (mut summary, mut contents, mut body) = (String::new(), String::new(), String::with_capacity(8 * 1024));
        let own = self.own.as_ref();
        let own_virs =
            own.filter(|_| self.holdings.is_none()).and_then(|own| text(texts(own.table, ENTITY)?, *thing.rows.first()? as usize));
        if let Some(own) = own {
            let rows = own.rows(thing);
            push_entry(own, rows.len(), &mut contents);
            own.push_heading(&mut body);
            match &self.holdings {
                Some(holdings) => {
                    holdings.push_summary(thing, &mut summary);
                    let listed = holdings.push(self.site.tier, thing, amount.holdings, &mut body);
                    own.push_end(rows.len(), &rows[..listed], &mut body);
                }
                None => {
                    self.push_publisher(own, rows.first().copied(), own_virs, &mut summary);
                    own.push_facts(&rows, &mut body);
                }
            }
            body.push_str("</section>\n");
        }
        for section in &self.sections {
            let rows = section.rows(thing);
            if rows.is_empty() {
                continue;
            }
            push_paid(section, &rows, &mut summary);
            push_entry(section, rows.len(), &mut contents);
            section.push_heading(&mut body);
            section.push(&rows, amount, own_virs, &mut body);
            body.push_str("</section>\n");
        }
        let summary = if summary.is_empty() { summary } else { format!("<p class=\"summary\">{}</p>\n", summary.trim()) };
        let title = say!("Puslapio turinys");
        let contents = format!("<nav class=\"contents\" aria-label=\"{title}\">\n<ul>\n{contents}</ul>\n</nav>\n");
        PageText {
            path: thing.address.clone(),
            title: thing.name.clone(),
            lead: self.lead(thing),
            heading: None,
            body: summary + &contents + &body,
            has_persons: thing.is_person(),
        }
    }

    /// „Savininkas – fizinis asmuo“, „Institucija, kodas 300000001“.
    fn lead(&self, thing: &Thing<'_>) -> String {
        let kind = self.own.as_ref().and_then(|own| own.table.table().search.as_ref()).map(|search| &search.kind);
        let kind = kind.map_or_else(String::new, |kind| in_each(&in_both(kind), capitalised).into_owned());
        let mut codes = String::new();
        self.lines.push_codes(thing, &mut codes);
        match (thing.is_person(), codes.is_empty()) {
            (true, _) => said!("{0} – fizinis asmuo", kind),
            (false, true) => kind,
            (false, false) => said!("{0}, kodas {1}", kind, codes),
        }
    }

    /// „Leidžia UAB A; jos didžiausias savininkas – Ona Onaitė (60 %).“
    fn push_publisher(&self, own: &ThingSection<'_>, row: Option<usize>, virs: Option<&str>, out: &mut String) {
        let (Some(row), Some(code)) = (row, virs) else { return };
        let has_ended = own.table.rows().column_by_name(ENDED).is_some_and(|days| days.is_valid(row));
        out.push_str(if has_ended { say!("Leido") } else { say!("Leidžia") });
        out.push_str(" <strong>");
        let name = texts(own.table, NAME).and_then(|names| text(names, row)).unwrap_or(code);
        let page = self.site.entities().ok().and_then(|all| entity_page(all.find(code)?.code)).map(|page| format!("{UP}{page}"));
        push_linked(name, page.as_deref(), out);
        out.push_str("</strong>");
        let owners = self.owners.as_ref().and_then(|(index, owners)| owners.summary(index.rows(code)));
        if let Some(owners) = owners.filter(|owners| owners.known > 0 && owners.greatest_share > 0) {
            push_greatest(&owners.greatest, owners.greatest_page.as_deref(), owners.greatest_share, out);
        }
        out.push_str(". ");
    }

    /// On what legal basis natural persons may be among things of this kind.
    pub(super) fn basis(&self) -> Option<String> {
        self.kind.persons.as_ref().filter(|_| self.site.tier != Tier::Open).map(in_both)
    }
}

/// A word as it begins a sentence.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// „2025 m. skyrė 12 VIRS iš viso 1 234,50 Eur; daugiausia – UAB A (300,00 Eur).“
fn push_paid(section: &ThingSection<'_>, rows: &[usize], out: &mut String) {
    let Some(newest) = section.payments.as_ref().and_then(|payments| payments.newest_year(&payments.years(rows))) else { return };
    let year = year_title(newest.year);
    let year = if newest.goes_on { said!("{0} (metai dar nesibaigė)", year) } else { year };
    let mut sum = "<strong>".to_owned();
    push_money(newest.cents, &mut sum);
    sum.push_str("</strong>");
    out.push_str(&match section.paid {
        Paid::ByIt => said!("{0} skyrė {1} iš viso {2}", year, counted(newest.others, VIRS), sum),
        Paid::ToIt => said!("{0} gauta {1}", year, sum),
        Paid::ByItsOwn => said!("{0} čia įsikūrusios institucijos VIRS skyrė {1}", year, sum),
    });
    out.push_str(if newest.others > 1 { say!("; daugiausia") } else { "" });
    out.push_str("\u{a0}– ");
    push_escaped(&shortened(&newest.largest.0, LONGEST_NAME), out);
    if newest.others > 1 {
        out.push_str(" (");
        push_money(newest.largest.1, out);
        out.push(')');
    }
    out.push_str(". ");
}

fn push_entry(section: &ThingSection<'_>, count: usize, out: &mut String) {
    let _ = write!(out, "<li><a href=\"#{}\">", section.table.table().subject());
    push_both(section.title, out);
    out.push_str("</a>");
    if count > 1 {
        let _ = write!(out, " <span class=\"minor\">{count}</span>");
    }
    out.push_str("</li>\n");
}
