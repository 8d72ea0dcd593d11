//! How heavy a page may be. A page with its style and scripts stays below 100 kB; staging refuses one that does not, and pages whose content
//! has no bound show as much of it as fits.

use crate::error::Error;

/// Bytes of a page's own HTML; style and scripts have the other 30 000.
pub(crate) const PAGE_BUDGET: usize = 70_000;

/// The page with as much as fits: `render` is asked for pages that show ever less, by `limits`, the most first. The last is given even if
/// it does not fit: staging then refuses it by name.
pub(crate) fn fitting<L: Copy>(limits: &[L], render: impl Fn(L) -> Result<String, Error>) -> Result<String, Error> {
    let mut page = String::new();
    for limit in limits {
        page = render(*limit)?;
        if page.len() <= PAGE_BUDGET {
            break;
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_is_shown_as_fits_and_no_less() {
        let of = |each: usize| fitting(&[100, 10, 1], |limit| Ok("a".repeat(each * limit))).unwrap().len() / each;
        assert_eq!((of(PAGE_BUDGET / 100), of(PAGE_BUDGET / 99), of(PAGE_BUDGET / 10), of(PAGE_BUDGET)), (100, 10, 10, 1));
        assert_eq!(of(PAGE_BUDGET + 1), 1, "the last, which staging refuses");
    }
}
