//! All holdings above a VIRS as a list in which owners stand below what they hold.

use std::fmt::Write;

use super::super::entities::VirsList;
use super::super::text::{push_escaped, push_linked};
use super::columns::{Above, Holdings};
use crate::language::say;
use crate::paths::entity_file;

/// Holdings that the list has.
const LISTED: usize = 100;

/// Appends the list of what is above the VIRS with this code.
pub(super) fn push(holdings: &Holdings<'_>, entities: &VirsList<'_>, code: &str, above: &Above<'_>, out: &mut String) {
    let mut list = List { holdings, entities, above, listed: 0, shown: vec![code] };
    list.push(code, out);
    if list.listed >= LISTED {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", say!("Sąrašas sutrumpintas: visos dalys – rinkinio failuose."));
    }
}

struct List<'c, 'a> {
    holdings: &'c Holdings<'a>,
    entities: &'c VirsList<'c>,
    above: &'c Above<'a>,
    listed: usize,
    /// Entities whose owners are listed already.
    shown: Vec<&'c str>,
}

impl<'c> List<'c, '_> {
    fn push(&mut self, held: &'c str, out: &mut String) {
        let (holdings, above) = (self.holdings, self.above);
        out.push_str("<ul class=\"holdings\">\n");
        for &row in above.get(held).into_iter().flatten() {
            if self.listed >= LISTED {
                break;
            }
            self.listed += 1;
            out.push_str("<li>");
            push_escaped(&holdings.share_text(row), out);
            out.push_str(" – ");
            let company = holdings.company(row);
            let virs = company.and_then(|code| self.entities.find(code)).and_then(|entity| entity_file(entity.code));
            push_linked(holdings.holder(row), virs.or_else(|| holdings.owner_page(row)).as_deref(), out);
            if let Some(words) = holdings.because(row).or_else(|| holdings.end(row)) {
                out.push_str(" <span class=\"minor\">(");
                push_escaped(&words, out);
                out.push_str(")</span>");
            }
            if let Some(company) = company.filter(|company| above.contains_key(company)) {
                if self.shown.contains(&company) {
                    let _ = write!(out, " <span class=\"minor\">{}</span>", say!("(jos savininkai parodyti aukščiau)"));
                } else {
                    self.shown.push(company);
                    out.push('\n');
                    self.push(company, out);
                }
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
}
