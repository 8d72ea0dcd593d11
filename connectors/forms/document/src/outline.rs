//! The headings beside the pages, by which readers go to a part (ISO 32000-1, 12.3.3).

use pdf_writer::{Finish, Pdf, Ref, TextStr};

use crate::compose::Composed;
use crate::flow::Flow;
use crate::style::{PAGE_HEIGHT, TOP};

/// Where a heading has come to stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) page: Ref,
    /// From the bottom of the page.
    pub(crate) top: f32,
}

/// White above a heading that is gone to.
const ABOVE: f32 = 8.0;

impl Place {
    /// Where the heading with this number is; the beginning, if it has no text.
    pub(crate) fn of(flow: &Flow, number: usize, page_at: impl Fn(usize) -> Ref) -> Self {
        let found = flow.pages.iter().enumerate().find_map(|(index, page)| {
            let placed = page.iter().find(|placed| placed.row.heading == Some(number))?;
            Some(Self { page: page_at(index), top: (PAGE_HEIGHT - TOP - placed.top + ABOVE).round() })
        });
        found.unwrap_or(Self { page: page_at(0), top: PAGE_HEIGHT.round() })
    }
}

/// Writes all headings from the object `first` on; gives that of the whole.
pub(crate) fn write(pdf: &mut Pdf, first: i32, composed: &Composed, places: &[Place]) -> Ref {
    let root = Ref::new(first);
    let depths: Vec<u8> = composed.headings.iter().map(|heading| heading.depth).collect();
    let reference = |number: usize| Ref::new(first + 1 + number as i32);
    let top: Vec<usize> = children(&depths, None);
    let mut outline = pdf.outline(root);
    if let [begin, .., end] | [begin @ end] = top.as_slice() {
        outline.first(reference(*begin)).last(reference(*end)).count(depths.len() as i32);
    }
    outline.finish();
    for (number, heading) in composed.headings.iter().enumerate() {
        let parent = (0..number).rev().find(|other| depths[*other] < heading.depth);
        let siblings = children(&depths, parent);
        let own = children(&depths, Some(number));
        let mut item = pdf.outline_item(reference(number));
        item.title(TextStr(&composed.flow.text[heading.text.clone()])).parent(parent.map_or(root, reference));
        if let Some(at) = siblings.iter().position(|one| *one == number) {
            if let Some(before) = at.checked_sub(1) {
                item.prev(reference(siblings[before]));
            }
            if let Some(after) = siblings.get(at + 1) {
                item.next(reference(*after));
            }
        }
        if let [begin, .., end] | [begin @ end] = own.as_slice() {
            item.first(reference(*begin)).last(reference(*end)).count(below(&depths, number) as i32);
        }
        let place = places[number];
        item.dest().page(place.page).xyz(0.0, place.top, None);
    }
    root
}

/// Headings right below one, or those below none.
fn children(depths: &[u8], of: Option<usize>) -> Vec<usize> {
    let parent = |number: usize| (0..number).rev().find(|other| depths[*other] < depths[number]);
    (0..depths.len()).filter(|number| parent(*number) == of).collect()
}

/// How many headings are below one, at any depth.
fn below(depths: &[u8], number: usize) -> usize {
    depths[number + 1..].iter().take_while(|depth| **depth > depths[number]).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_below_the_last_one_that_is_less_deep() {
        let depths = [0, 1, 2, 2, 1, 3];
        assert_eq!(children(&depths, None), [0]);
        assert_eq!(children(&depths, Some(0)), [1, 4]);
        assert_eq!(children(&depths, Some(1)), [2, 3]);
        assert_eq!(children(&depths, Some(4)), [5]);
        assert_eq!([0, 1, 4, 5].map(|number| below(&depths, number)), [5, 2, 1, 0]);
    }
}
