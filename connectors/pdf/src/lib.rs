//! Whether a PDF may be published, and what stands in it.
//!
//! A file of pages may hold a personal code in many places where nobody sees it: under another colour, in what a program notes of its author,
//! in a comment, in a file within the file, in what a page was before. So it is not searched for what is bad: it is read wholly, from its first
//! byte to its last, and refused unless everything in it is known to be harmless. What can be read in two ways counts as damaged, what nobody
//! can read (a scanned page, letters without names) as unreadable. All texts go to the one detector of personal values.
//!
//! Anybody may submit such a file. Nothing here recurses further than a few dozen calls, unpacks or paints without a bound, or panics;
//! a panic would be caught all the same.
//!
//! What no machine can tell: letters drawn as lines, small pictures, fonts that lie about the names of their letters in good order. Whoever
//! marks a document as public looks at it, too.

mod budget;
mod content;
mod file;
mod fonts;
mod glyphs;
mod lines;
mod object;
mod refusal;
mod structure;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use content::{Painted, Painter};
use file::File;
use object::{Dict, Object, Reader, is_space};
use structure::{Role, text_of};

pub use refusal::Refusal;

/// What every PDF begins with.
const BEGIN: &[u8] = b"%PDF-";
/// Above a page, those from which it has what it does not say itself.
const MOST_PARENTS: usize = 32;
/// Bytes of what is told about a document; usually some thousands.
const LONGEST_METADATA: usize = 1 << 20;
/// Fewest letters of a text that may be a code.
const SHORTEST: usize = 11;

/// Looks through a document that is to be published, and gives its text.
///
/// # Errors
/// Why it may not be published.
pub fn look_through(bytes: &[u8]) -> Result<String, Refusal> {
    guarded(|| {
        let all = All::read(bytes)?;
        if all.is_personal() { Err(Refusal::Personal) } else { Ok(all.text()) }
    })
}

/// Everything that stands in a document, if it can be read at all.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    guarded(|| All::read(bytes).map(|all| all.text())).ok()
}

fn guarded<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refusal::Unclear))
}

/// All texts of a document.
struct All {
    pages: Vec<Painted>,
    /// Those that stand for themselves.
    beside: Vec<String>,
}

impl All {
    fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if !bytes.starts_with(BEGIN) {
            return Err(Refusal::NotPdf);
        }
        if bytes.len() > budget::BYTES {
            return Err(Refusal::TooLarge);
        }
        // A file that is encrypted has strings and streams that cannot be read; better said first.
        if bytes.windows(9).any(|window| window == b"/Encrypt ") {
            return Err(Refusal::Encrypted);
        }
        let file = File::read(bytes)?;
        let mut found = structure::look(&file)?;
        let mut painter = Painter::new(&file);
        let mut all = Self { pages: pages(&file, &mut painter)?, beside: std::mem::take(&mut found.texts) };
        let on_pages: BTreeSet<u32> =
            file.objects.values().filter_map(|entry| entry.object.dict()).flat_map(|page| contents(&file, page)).collect();
        for number in file.objects.iter().filter(|(_, entry)| entry.stream.is_some()).map(|(number, _)| *number) {
            let is_painted = on_pages.contains(&number) || painter.shown.contains(&number);
            all.read_stream(&file, &mut painter, &found, number, is_painted)?;
        }
        for page in &mut all.pages {
            all.beside.append(&mut page.beside);
        }
        Ok(all)
    }

    /// Reads a stream as what it is; `is_painted` says that a page has brought its texts already.
    fn read_stream(
        &mut self,
        file: &File<'_>,
        painter: &mut Painter<'_, '_>,
        found: &structure::Found,
        number: u32,
        is_painted: bool,
    ) -> Result<(), Refusal> {
        let beside = &mut self.beside;
        match found.roles.get(&number) {
            Some(Role::Objects) => {}
            Some(Role::Content) if is_painted => {}
            Some(role @ (Role::Content | Role::Pattern)) => {
                let (dict, content) = file.stream(number)?;
                let none = Dict::new();
                let resources = file.value(dict, "Resources").and_then(Object::dict).unwrap_or(&none);
                let part = painter.page(&content, resources, 1.0)?;
                // However small a picture is, it is repeated.
                if *role == Role::Pattern && part.picture > 0.0 {
                    return Err(Refusal::Unreadable);
                }
                self.pages.push(part);
            }
            Some(Role::Image) => beside.extend(printable(file.packed(number).unwrap_or_default(), |_| true)),
            Some(Role::Letters) => {
                let (_, bytes) = file.stream(number)?;
                let mut reader = Reader::new(&bytes);
                while let Some(object) = reader.next()? {
                    content::gather(file, &object, beside)?;
                }
                beside.extend(reader.aside);
            }
            Some(Role::Numbers) => beside.extend(printable(&file.stream(number)?.1, |byte| byte.is_ascii_alphanumeric())),
            None if found.named.contains(&number) => return Err(Refusal::Unclear),
            // Nothing leads to one without a role, so nobody is shown it: it still stands in the file.
            Some(Role::Metadata) | None => beside.extend(metadata(file, number)?),
        }
        Ok(())
    }

    fn pieces(&self) -> Vec<&[content::Piece]> {
        self.pages.iter().map(|page| page.pieces.as_slice()).collect()
    }

    fn is_personal(&self) -> bool {
        self.beside.iter().any(|text| lines::is_personal(text)) || lines::are_personal(&self.pieces())
    }

    fn text(&self) -> String {
        let beside = self.beside.iter().filter(|text| text.chars().count() > 1).map(String::as_str);
        let pages = lines::text(&self.pieces());
        [pages.as_str()].into_iter().chain(beside).collect::<Vec<_>>().join("\n")
    }
}

/// All pages as they are painted; of each of them there is text, or nothing.
fn pages(file: &File<'_>, painter: &mut Painter<'_, '_>) -> Result<Vec<Painted>, Refusal> {
    let mut pages = Vec::new();
    for entry in file.objects.values() {
        let Object::Dict(page) = &entry.object else { continue };
        if file.value(page, "Type").and_then(Object::name) == Some("Page") {
            if pages.len() >= budget::PAGES {
                return Err(Refusal::TooLarge);
            }
            pages.push(paint(file, painter, page)?);
        }
    }
    let letters = pages.iter().flat_map(|page| &page.pieces).any(|piece| piece.text.chars().any(char::is_alphanumeric));
    if !letters || pages.iter().any(Painted::is_unreadable) { Err(Refusal::Unreadable) } else { Ok(pages) }
}

/// The streams that a page is painted with.
fn contents(file: &File<'_>, page: &Dict) -> Vec<u32> {
    let number = |object: &Object| if let Object::Ref(number) = object { Some(*number) } else { None };
    let Some(content) = page.get("Contents") else { return Vec::new() };
    match file.resolve(content) {
        Object::Array(parts) => parts.iter().filter_map(number).collect(),
        _ => number(content).into_iter().collect(),
    }
}

fn paint(file: &File<'_>, painter: &mut Painter<'_, '_>, page: &Dict) -> Result<Painted, Refusal> {
    let mut content = Vec::new();
    for number in contents(file, page) {
        content.extend_from_slice(&file.stream(number)?.1);
        content.push(b'\n');
    }
    let none = Dict::new();
    let resources = inherited(file, page, "Resources").and_then(Object::dict).unwrap_or(&none);
    let sides: Option<Vec<f64>> = inherited(file, page, "MediaBox")
        .and_then(Object::array)
        .and_then(|sides| sides.iter().map(|side| file.resolve(side).number()).collect());
    let area = match sides.as_deref() {
        Some([left, bottom, right, top]) => ((right - left) * (top - bottom)).abs(),
        _ => return Err(Refusal::Unclear),
    };
    if !(1.0..=1e9).contains(&area) {
        return Err(Refusal::Unclear);
    }
    painter.page(&content, resources, area)
}

/// What a page says, or the one above it.
fn inherited<'f>(file: &'f File<'_>, page: &'f Dict, key: &str) -> Option<&'f Object> {
    let mut page = page;
    for _ in 0..MOST_PARENTS {
        if let Some(found) = file.value(page, key) {
            return Some(found);
        }
        page = file.value(page, "Parent")?.dict()?;
    }
    None
}

/// Texts that stand among other bytes, made of such letters.
fn printable(bytes: &[u8], letter: impl Fn(u8) -> bool) -> Vec<String> {
    let plain: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let runs = plain.split(|byte| !(0x20..0x7f).contains(byte) || !letter(*byte));
    runs.filter(|run| run.len() >= SHORTEST).map(object::latin).filter(|run| lines::is_personal(run)).collect()
}

/// Texts of an XML file: what its elements and attributes hold.
fn metadata(file: &File<'_>, number: u32) -> Result<Vec<String>, Refusal> {
    let (_, bytes) = file.stream(number)?;
    if bytes.len() > LONGEST_METADATA {
        return Err(Refusal::TooLarge);
    }
    let text = decoded(&text_of(&bytes));
    let mut parts = Vec::new();
    for part in text.split(['<', '>', '"', '\'']).filter(|part| !part.bytes().all(is_space)) {
        file.budget.text(part)?;
        parts.push(part.to_owned());
    }
    Ok(parts)
}

/// Letters that are written by their numbers.
fn decoded(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let letter = part.split_once(';').and_then(|(number, rest)| {
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            Some((char::from_u32(number)?, rest))
        });
        match letter {
            Some((letter, rest)) => {
                out.push(letter);
                out.push_str(rest);
            }
            None => out.push_str(part),
        }
    }
    out
}
