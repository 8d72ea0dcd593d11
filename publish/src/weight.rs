//! How heavy a page may be. A page with its style and scripts stays below 100 kB; staging refuses one that does not, and pages whose content
//! has no bound show as much of it as fits.

use crate::error::Error;
use crate::language::heavier;
use crate::paths::{REPORT_PAGE, SQL_PAGE};

/// Bytes of a page's own HTML; style and scripts have the other 30 000.
pub(crate) const PAGE_BUDGET: usize = 70_000;

/// Bytes of a page that asks the tables in a browser: it lists them all, and its engine weighs far more.
const ENGINE_PAGE_BUDGET: usize = 300_000;

/// What the page at a path of a release may weigh.
pub(crate) fn budget_of(path: &str) -> usize {
    let is_engine_page = [SQL_PAGE, REPORT_PAGE].iter().any(|page| path.ends_with(&format!("/{page}")));
    if is_engine_page { ENGINE_PAGE_BUDGET } else { PAGE_BUDGET }
}

/// The page with as much as fits: `render` is asked for pages that show ever less, by `limits`, the most first. The last is given even if
/// it does not fit: staging then refuses it by name.
pub(crate) fn fitting<L: Copy>(limits: &[L], render: impl Fn(L) -> Result<String, Error>) -> Result<String, Error> {
    let mut page = String::new();
    for limit in limits {
        page = render(*limit)?;
        if !is_too_heavy(&page) {
            break;
        }
    }
    Ok(page)
}

/// Whether a page, or what there is of it, has more bytes than a page may have.
pub(crate) fn is_too_heavy(page: &str) -> bool {
    page.len() > PAGE_BUDGET && heavier(page) > PAGE_BUDGET
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_with_an_engine_may_weigh_more() {
        let budgets =
            ["public/sql/index.html", "open/ataskaita/index.html", "public/virs/index.html", "public/mysql/index.html"].map(budget_of);
        assert_eq!(budgets, [ENGINE_PAGE_BUDGET, ENGINE_PAGE_BUDGET, PAGE_BUDGET, PAGE_BUDGET]);
    }

    #[test]
    fn as_much_is_shown_as_fits_and_no_less() {
        let of = |each: usize| fitting(&[100, 10, 1], |limit| Ok("a".repeat(each * limit))).unwrap().len() / each;
        assert_eq!((of(PAGE_BUDGET / 100), of(PAGE_BUDGET / 99), of(PAGE_BUDGET / 10), of(PAGE_BUDGET)), (100, 10, 10, 1));
        assert_eq!(of(PAGE_BUDGET + 1), 1, "the last, which staging refuses");
    }
}
