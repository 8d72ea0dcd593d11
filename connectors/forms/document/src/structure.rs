//! The logical structure of the document: what screen readers read, in their order (ISO 32000-1, 14.7).

use pdf_writer::types::{ListNumbering, Placement, StructRole, TableHeaderScope};
use pdf_writer::{Chunk, Finish, Name, Rect, Ref, TextStr};

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
    /// What it shows, for those who do not see it.
    alternative: Option<String>,
    /// Where on its page a picture is.
    bounds: Option<Rect>,
    /// How items of a list are marked.
    numbering: Option<ListNumbering>,
    /// Pages and objects of the annotations that make it a link.
    annotations: Vec<(usize, Ref)>,
}

impl Element {
    fn new(role: StructRole, parent: Option<Tag>) -> Self {
        let (children, places, annotations) = (Vec::new(), Vec::new(), Vec::new());
        Self { role, parent, children, places, alternative: None, bounds: None, numbering: None, annotations }
    }
}

/// All elements; the first one is the document.
pub(crate) struct Structure {
    elements: Vec<Element>,
    /// For each page the element of each marked content.
    marked: Vec<Vec<Tag>>,
    /// The element of each annotation.
    annotated: Vec<Tag>,
}

impl Structure {
    /// A document without anything in it.
    pub(crate) fn new() -> Self {
        Self { elements: vec![Element::new(StructRole::Document, None)], marked: Vec::new(), annotated: Vec::new() }
    }

    /// The document itself.
    pub(crate) fn document(&self) -> Tag {
        Tag(0)
    }

    /// A new element, the last one inside `parent`.
    pub(crate) fn element(&mut self, role: StructRole, parent: Tag) -> Tag {
        let tag = Tag(self.elements.len() as u32);
        self.elements.push(Element::new(role, Some(parent)));
        self.elements[parent.0 as usize].children.push(tag);
        tag
    }

    /// Says of a picture what it shows.
    pub(crate) fn set_alternative(&mut self, tag: Tag, text: String) {
        self.elements[tag.0 as usize].alternative = Some(text);
    }

    /// Says of a picture where it is.
    pub(crate) fn set_bounds(&mut self, tag: Tag, bounds: Rect) {
        self.elements[tag.0 as usize].bounds = Some(bounds);
    }

    /// Says of a list how its items are marked.
    pub(crate) fn set_numbering(&mut self, tag: Tag, numbering: ListNumbering) {
        self.elements[tag.0 as usize].numbering = Some(numbering);
    }

    /// Says of a link which annotation of which page it is; gives the key by which the annotation names it.
    pub(crate) fn annotate(&mut self, tag: Tag, page: usize, annotation: Ref) -> i32 {
        self.elements[tag.0 as usize].annotations.push((page, annotation));
        self.annotated.push(tag);
        (self.marked.len() + self.annotated.len() - 1) as i32
    }

    /// How many objects it is written as.
    pub(crate) fn objects(&self) -> i32 {
        (self.elements.len() + self.marked.len()) as i32
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

    /// Writes the tree: the root as `root`, all else from `first` on.
    pub(crate) fn write(&self, chunk: &mut Chunk, root: Ref, first: i32, page: impl Fn(usize) -> Ref) {
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
        for (key, tag) in (self.marked.len()..).zip(&self.annotated) {
            entries.insert(key as i32, reference(*tag));
        }
        entries.finish();
        numbers.finish();
        tree.parent_tree_next_key((self.marked.len() + self.annotated.len()) as i32);
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
            if let Some(alternative) = &element.alternative {
                written.alt(TextStr(alternative));
            }
            if let Some(bounds) = element.bounds {
                written.attributes().push().layout().placement(Placement::Block).bbox(bounds);
            }
            if let Some(numbering) = element.numbering {
                written.attributes().push().list().list_numbering(numbering);
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
            for (place, annotation) in &element.annotations {
                children.object_ref().page(page(*place)).object(*annotation);
            }
        }
    }
}
