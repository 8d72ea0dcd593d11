//! The logical structure of the document: what screen readers read, in their order (ISO 32000-1, 14.7).

use pdf_writer::types::{StructRole, TableHeaderScope};
use pdf_writer::{Chunk, Finish, Name, Ref};

/// Class of attributes of a table's label: it is the heading of its row.
const ROW_HEADING: Name = Name(b"h");

/// Number of an element of the structure; they follow each other in the order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tag(u32);

impl Tag {
    /// For what is on the page but not of the document: rules, page numbers. Comes after everything else.
    pub(crate) const ARTIFACT: Self = Self(u32::MAX);
}

struct Element {
    role: StructRole,
    parent: Option<Tag>,
    children: Vec<Tag>,
    /// Where its text is: page and number of the marked content there.
    places: Vec<(usize, i32)>,
}

/// All elements; the first one is the document.
pub(crate) struct Structure {
    elements: Vec<Element>,
    /// For each page the element of each marked content.
    marked: Vec<Vec<Tag>>,
}

impl Structure {
    /// A document without anything in it.
    pub(crate) fn new() -> Self {
        Self {
            elements: vec![Element { role: StructRole::Document, parent: None, children: Vec::new(), places: Vec::new() }],
            marked: Vec::new(),
        }
    }

    /// The document itself.
    pub(crate) fn document(&self) -> Tag {
        Tag(0)
    }

    /// A new element, the last one inside `parent`.
    pub(crate) fn element(&mut self, role: StructRole, parent: Tag) -> Tag {
        let tag = Tag(self.elements.len() as u32);
        self.elements.push(Element { role, parent: Some(parent), children: Vec::new(), places: Vec::new() });
        self.elements[parent.0 as usize].children.push(tag);
        tag
    }

    /// What the element is.
    pub(crate) fn role(&self, tag: Tag) -> StructRole {
        self.elements[tag.0 as usize].role
    }

    /// Takes note that text of the element is on the page; gives the number of the marked content.
    pub(crate) fn mark(&mut self, tag: Tag, page: usize) -> i32 {
        self.marked.resize_with(self.marked.len().max(page + 1), Vec::new);
        let number = self.marked[page].len() as i32;
        self.marked[page].push(tag);
        self.elements[tag.0 as usize].places.push((page, number));
        number
    }

    /// Writes the tree: the root as `root`, all else from `first` on. Gives the first object that is free then.
    pub(crate) fn write(&self, chunk: &mut Chunk, root: Ref, first: i32, page: impl Fn(usize) -> Ref) -> i32 {
        let after = first + self.elements.len() as i32;
        let reference = |tag: Tag| Ref::new(first + tag.0 as i32);
        let parents = |page: usize| Ref::new(after + page as i32);

        let mut tree = chunk.indirect(root).start::<pdf_writer::writers::StructTreeRoot>();
        tree.child(reference(self.document()));
        let mut numbers = tree.parent_tree();
        let mut entries = numbers.nums();
        for page in 0..self.marked.len() {
            entries.insert(page as i32, parents(page));
        }
        entries.finish();
        numbers.finish();
        tree.parent_tree_next_key(self.marked.len() as i32);
        tree.class_map().single(ROW_HEADING).table().scope(TableHeaderScope::Row);
        tree.finish();

        for (index, tags) in self.marked.iter().enumerate() {
            chunk.indirect(parents(index)).array().items(tags.iter().map(|tag| reference(*tag)));
        }
        for (index, element) in self.elements.iter().enumerate() {
            let mut written = chunk.struct_element(Ref::new(first + index as i32));
            written.kind(element.role).parent(element.parent.map_or(root, reference));
            if element.role == StructRole::TH {
                written.attribute_class().item(ROW_HEADING);
            }
            let own = element.places.first().map(|(page, _)| *page);
            if let Some(own) = own {
                written.page(page(own));
            }
            let mut children = written.children();
            for child in &element.children {
                children.struct_element(reference(*child));
            }
            for (place, number) in &element.places {
                if Some(*place) == own {
                    children.marked_content_id(*number);
                } else {
                    children.marked_content_ref().page(page(*place)).marked_content_id(*number);
                }
            }
        }
        after + self.marked.len() as i32
    }
}
