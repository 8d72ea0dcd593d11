//! How much one document may cost: whoever hands one in does not decide how long others wait.

use std::cell::Cell;

use flate2::{Decompress, FlushDecompress, Status};

use crate::Refusal;
use crate::object::is_space;

/// Largest document that is looked at.
pub(crate) const BYTES: usize = 10 << 20;
/// Bytes unpacked of one document.
const UNPACKED: usize = 32 << 20;
/// Objects.
pub(crate) const OBJECTS: usize = 200_000;
/// Pages.
pub(crate) const PAGES: usize = 500;
/// Operators that pages are painted with, those of repeated parts counted each time.
const OPERATORS: usize = 4_000_000;
/// Letters, each text counted as some more.
const LETTERS: usize = 2_000_000;

const OF_TEXT: usize = 8;

/// What is left.
#[derive(Debug)]
pub(crate) struct Budget {
    unpacked: Cell<usize>,
    operators: Cell<usize>,
    letters: Cell<usize>,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self { unpacked: Cell::new(UNPACKED), operators: Cell::new(OPERATORS), letters: Cell::new(LETTERS) }
    }

    /// Work as much as so many operators are.
    pub(crate) fn work(&self, operators: usize) -> Result<(), Refusal> {
        spend(&self.operators, operators)
    }

    pub(crate) fn text(&self, text: &str) -> Result<(), Refusal> {
        spend(&self.letters, text.len() + OF_TEXT)
    }

    /// A stream that is not packed.
    pub(crate) fn copy(&self, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
        spend(&self.unpacked, bytes.len())?;
        Ok(bytes.to_vec())
    }

    /// Unpacks a stream to its end, behind which nothing may follow.
    pub(crate) fn inflate(&self, packed: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut inflate = Decompress::new(true);
        let (mut out, mut buffer) = (Vec::new(), vec![0; 32 * 1024]);
        loop {
            let (read, written) = (inflate.total_in(), inflate.total_out());
            let rest = usize::try_from(read).ok().and_then(|read| packed.get(read..)).ok_or(Refusal::Unclear)?;
            let status = inflate.decompress(rest, &mut buffer, FlushDecompress::None).map_err(|_| Refusal::Unclear)?;
            let new = usize::try_from(inflate.total_out() - written).map_err(|_| Refusal::TooLarge)?;
            spend(&self.unpacked, new)?;
            out.extend_from_slice(buffer.get(..new).ok_or(Refusal::Unclear)?);
            match status {
                Status::StreamEnd => {
                    let end = usize::try_from(inflate.total_in()).map_err(|_| Refusal::TooLarge)?;
                    let behind = packed.get(end..).ok_or(Refusal::Unclear)?;
                    return if behind.iter().copied().all(is_space) { Ok(out) } else { Err(Refusal::Unclear) };
                }
                _ if new == 0 && inflate.total_in() == read => return Err(Refusal::Unclear),
                _ => {}
            }
        }
    }
}

fn spend(left: &Cell<usize>, count: usize) -> Result<(), Refusal> {
    left.set(left.get().checked_sub(count).ok_or(Refusal::TooLarge)?);
    Ok(())
}
