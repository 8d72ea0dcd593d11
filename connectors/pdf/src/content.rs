//! What pages are painted with: every text, where it stands, whatever its colour and whether it is shown or not.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::Refusal;
use crate::file::File;
use crate::fonts::Font;
use crate::object::{Dict, Object, Reader, is_worth_looking};
use crate::structure::text_of;

/// Parts within parts of a page.
const DEEPEST: usize = 8;
/// Operands of one operator, and states kept of one page.
const MOST: usize = 4096;
/// Values of one operator, those inside of others counted, too.
const ONE_OPERATOR: usize = 100_000;
/// So much of a page may be pictures: a coat of arms, a stamp. Nobody reads what stands in them.
const MOST_PICTURE: f64 = 0.1;
/// So wide a gap inside a text, in thousandths of a letter's height, is a move to another place.
const MOVE: f64 = 1500.0;

type Matrix = [f64; 6];
const NONE: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(first: Matrix, second: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [g, h, i, j, k, l] = second;
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

/// A piece of text and where it begins, from the left and from the bottom.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// How far it reaches at most, so that what begins there belongs to it.
    pub(crate) reach: f64,
}

/// One page, in the order in which it is painted.
#[derive(Debug, Default)]
pub(crate) struct Painted {
    pub(crate) pieces: Vec<Piece>,
    /// Texts that are told beside the painted ones.
    pub(crate) beside: Vec<String>,
    /// What part of the page is pictures.
    pub(crate) picture: f64,
    /// Whether anything else than text is on it.
    drawn: bool,
}

impl Painted {
    /// Whether there is something on the page, and no text that could be read.
    pub(crate) fn is_unreadable(&self) -> bool {
        let has_text = self.pieces.iter().any(|piece| piece.text.chars().any(char::is_alphanumeric));
        self.picture > MOST_PICTURE || (self.drawn || self.picture > 0.0) && !has_text
    }
}

#[derive(Debug, Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    leading: f64,
}

/// A page, or a part of one that is painted like a page.
struct Part<'p> {
    resources: &'p Dict,
    /// Size of the whole page.
    area: f64,
    /// How many parts it is inside of.
    depth: usize,
}

/// Where painting has come to.
struct Pen {
    state: State,
    saved: Vec<State>,
    /// Where the line of text begins.
    line: Matrix,
    /// Where the next text begins.
    text: Matrix,
}

impl Pen {
    fn new(matrix: Matrix) -> Self {
        Self { state: State { matrix, font: None, size: 1.0, leading: 0.0 }, saved: Vec::new(), line: NONE, text: NONE }
    }

    fn begin_at(&mut self, place: Matrix) {
        (self.line, self.text) = (place, place);
    }

    fn move_by(&mut self, x: f64, y: f64) {
        self.begin_at(times([1.0, 0.0, 0.0, 1.0, x, y], self.line));
    }
}

/// Reads what is painted.
#[derive(Debug)]
pub(crate) struct Painter<'f, 'b> {
    file: &'f File<'b>,
    fonts: BTreeMap<u32, Rc<Font>>,
    /// Parts that some page shows.
    pub(crate) shown: BTreeSet<u32>,
}

impl<'f, 'b> Painter<'f, 'b> {
    pub(crate) fn new(file: &'f File<'b>) -> Self {
        Self { file, fonts: BTreeMap::new(), shown: BTreeSet::new() }
    }

    /// A page; `area` is its size.
    pub(crate) fn page(&mut self, content: &[u8], resources: &Dict, area: f64) -> Result<Painted, Refusal> {
        let mut painted = Painted::default();
        self.paint(content, NONE, &Part { resources, area, depth: 0 }, &mut painted)?;
        Ok(painted)
    }

    fn paint(&mut self, content: &[u8], matrix: Matrix, part: &Part<'_>, out: &mut Painted) -> Result<(), Refusal> {
        if part.depth > DEEPEST {
            return Err(Refusal::TooLarge);
        }
        let mut reader = Reader::new(content);
        reader.left = ONE_OPERATOR;
        let mut operands: Vec<Object> = Vec::new();
        let mut pen = Pen::new(matrix);
        while let Some(object) = reader.next()? {
            let Object::Word(operator) = object else {
                operands.push(object);
                if operands.len() > MOST { return Err(Refusal::TooLarge) } else { continue }
            };
            self.file.budget.work(1)?;
            reader.left = ONE_OPERATOR;
            self.operate(&operator, &operands, &mut pen, part, out)?;
            if matches!(operator.as_str(), "Tj" | "TJ" | "'" | "\"") {
                self.show(operands.last().ok_or(Refusal::Unclear)?, &pen.state, &mut pen.text, out)?;
            }
            operands.clear();
        }
        out.beside.extend(reader.aside);
        Ok(())
    }

    /// Does what an operator says (ISO 32000-1, annex A), but for the texts it shows.
    fn operate(&mut self, operator: &str, operands: &[Object], pen: &mut Pen, part: &Part<'_>, out: &mut Painted) -> Result<(), Refusal> {
        let numbers: Vec<f64> = operands.iter().filter_map(Object::number).collect();
        let number = |place: usize| numbers.get(place).copied().ok_or(Refusal::Unclear);
        let name = || operands.iter().find_map(Object::name).ok_or(Refusal::Unclear);
        let state = &mut pen.state;
        match operator {
            "q" if pen.saved.len() < MOST => pen.saved.push(state.clone()),
            "q" => return Err(Refusal::TooLarge),
            "Q" => *state = pen.saved.pop().unwrap_or_else(|| state.clone()),
            "cm" => state.matrix = times(six(&numbers)?, state.matrix),
            "BT" => pen.begin_at(NONE),
            "Tf" => {
                state.font = Some(self.font(part.resources, name()?)?);
                state.size = number(0)?;
            }
            "TL" => state.leading = number(0)?,
            "Td" | "TD" => {
                let (x, y) = (number(0)?, number(1)?);
                if operator == "TD" {
                    state.leading = -y;
                }
                pen.move_by(x, y);
            }
            "Tm" => pen.begin_at(six(&numbers)?),
            "T*" | "'" | "\"" => pen.move_by(0.0, -pen.state.leading),
            "gs" => {
                let how = self.resource(part.resources, "ExtGState", name()?)?.and_then(|how| self.file.resolve(how).dict());
                if how.is_some_and(|how| how.contains_key("Font")) {
                    return Err(Refusal::Unclear);
                }
            }
            "Do" => self.part(name()?, state.matrix, part, out)?,
            // A picture in the midst of operators: where it ends, readers may not agree.
            "BI" | "ID" | "EI" => return Err(Refusal::Unreadable),
            "f" | "F" | "f*" | "S" | "s" | "B" | "B*" | "b" | "b*" | "sh" => out.drawn = true,
            "BDC" | "DP" => operands.iter().try_for_each(|operand| gather(self.file, operand, &mut out.beside))?,
            _ => {}
        }
        Ok(())
    }

    /// A text, perhaps with letters moved.
    fn show(&self, shown: &Object, state: &State, text: &mut Matrix, out: &mut Painted) -> Result<(), Refusal> {
        let font = state.font.as_ref().ok_or(Refusal::Unreadable)?;
        let parts = match shown {
            Object::Array(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut piece = String::new();
        let mut flush = |piece: &mut String, text: &mut Matrix, moved: f64| -> Result<(), Refusal> {
            let [.., x, y] = times(*text, state.matrix);
            // How wide letters are does not matter: half of their height is near enough to say what comes after what.
            let letters = piece.chars().count() as f64;
            let width = letters * 0.5 * state.size;
            let [ahead, _, _, _, _, _] = times(*text, state.matrix);
            let reach = x + ((letters * 0.75 + 0.25) * state.size * ahead).abs();
            *text = times([1.0, 0.0, 0.0, 1.0, width - moved / 1000.0 * state.size, 0.0], *text);
            if !piece.is_empty() {
                self.file.budget.text(piece)?;
                out.pieces.push(Piece { text: std::mem::take(piece), x, y, reach });
            }
            Ok(())
        };
        for part in parts {
            match part {
                Object::Text(bytes) => piece.push_str(&font.text(bytes)?),
                Object::Number(moved) if moved.abs() > MOVE => flush(&mut piece, text, *moved)?,
                // A gap as wide as a space, and no more than that.
                Object::Number(moved) if *moved < -200.0 => piece.push(' '),
                Object::Number(_) => {}
                _ => return Err(Refusal::Unclear),
            }
        }
        flush(&mut piece, text, 0.0)
    }

    fn resource<'o>(&'o self, resources: &'o Dict, kind: &str, name: &str) -> Result<Option<&'o Object>, Refusal> {
        match self.file.value(resources, kind) {
            Some(Object::Dict(all)) => Ok(all.get(name)),
            None => Ok(None),
            Some(_) => Err(Refusal::Unclear),
        }
    }

    fn font(&mut self, resources: &Dict, name: &str) -> Result<Rc<Font>, Refusal> {
        let found = self.resource(resources, "Font", name)?.ok_or(Refusal::Unreadable)?.clone();
        if let Object::Ref(number) = found
            && let Some(font) = self.fonts.get(&number)
        {
            return Ok(font.clone());
        }
        let font = Rc::new(Font::read(self.file, self.file.resolve(&found).dict().ok_or(Refusal::Unreadable)?)?);
        if let Object::Ref(number) = found {
            self.fonts.insert(number, font.clone());
        }
        Ok(font)
    }

    /// A picture, or a part that is painted like a page.
    fn part(&mut self, name: &str, matrix: Matrix, whole: &Part<'_>, out: &mut Painted) -> Result<(), Refusal> {
        let Some(Object::Ref(number)) = self.resource(whole.resources, "XObject", name)? else { return Err(Refusal::Unclear) };
        let number = *number;
        let dict = self.file.get(number).and_then(Object::dict).ok_or(Refusal::Unclear)?;
        match self.file.value(dict, "Subtype").and_then(Object::name) {
            Some("Image") => {
                let [a, b, c, d, ..] = matrix;
                out.picture += (a * d - b * c).abs() / whole.area;
                Ok(())
            }
            Some("Form") => {
                self.shown.insert(number);
                let (own, content) = self.file.stream(number)?;
                let own_matrix = self.file.value(own, "Matrix").and_then(Object::array);
                let own_matrix: Option<Vec<f64>> =
                    own_matrix.map(|all| all.iter().map(Object::number).collect::<Option<_>>().ok_or(Refusal::Unclear)).transpose()?;
                let matrix = own_matrix.map_or(Ok(matrix), |own| Ok(times(six(&own)?, matrix)))?;
                let resources = self.file.value(own, "Resources").and_then(Object::dict).unwrap_or(whole.resources);
                self.paint(&content, matrix, &Part { resources, area: whole.area, depth: whole.depth + 1 }, out)
            }
            _ => Err(Refusal::Unclear),
        }
    }
}

fn six(numbers: &[f64]) -> Result<Matrix, Refusal> {
    numbers.try_into().map_err(|_| Refusal::Unclear)
}

/// Texts among the properties of marked content, and in whatever else is written in this language.
pub(crate) fn gather(file: &File<'_>, object: &Object, out: &mut Vec<String>) -> Result<(), Refusal> {
    match object {
        Object::Text(bytes) => {
            let text = text_of(bytes);
            if is_worth_looking(&text) || text.len() > 2 {
                file.budget.text(&text)?;
                out.push(text);
            }
        }
        Object::Name(name) => out.extend(Some(name).filter(|name| is_worth_looking(name)).cloned()),
        Object::Array(all) => all.iter().try_for_each(|one| gather(file, one, out))?,
        Object::Dict(all) => {
            for (key, one) in all {
                out.extend(Some(key).filter(|key| is_worth_looking(key)).cloned());
                gather(file, one, out)?;
            }
        }
        _ => {}
    }
    Ok(())
}
