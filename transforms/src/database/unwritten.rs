//! Places of a DuckDB file that DuckDB leaves as they were in memory. What lay there before can be anything this process has read,
//! a person's code among it, so nothing is published before they hold zeros.
//!
//! Two places are known in storage version v1.0.0 without the packings named in [`super::NOT_USED`], both in columns of text
//! (`UncompressedStringStorage::FinalizeAppend`, `WriteOverflowStringsToDisk::Flush` in the source of DuckDB): the gap between the offsets and the
//! texts of a segment that is nearly full, and the number of the next block behind the last long text of a segment.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

use duckdb::Connection;

/// Three headers of 4 KiB precede the blocks.
const HEADERS: u64 = 3 * 4096;
/// A block with its checksum, which stands first.
const BLOCK: usize = 256 * 1024;
const CHECKSUM: usize = 8;
/// Size and end of a segment's texts, before the offsets of 4 bytes each.
const SEGMENT_HEAD: usize = 8;
const OFFSET: usize = 4;
/// Number of the next block, at the end of a block of long texts.
const NEXT_BLOCK: usize = 8;

/// A place to be made zero, and in which block.
#[derive(Debug)]
pub(super) struct Unwritten {
    block: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Between offsets and texts of the segment of so many rows that begins here.
    Gap {
        segment: usize,
        rows: usize,
    },
    NextBlock,
    /// A segment that is packed in a way that nothing is known of.
    Packed,
}

/// Where a table of the attached and checkpointed database has them.
pub(super) fn unwritten(connection: &Connection, table: &str) -> duckdb::Result<Vec<Unwritten>> {
    let sql = "SELECT block_id, block_offset, count, coalesce(list_last(additional_block_ids), -1), compression = 'Uncompressed' \
               FROM pragma_storage_info(?) WHERE segment_type = 'VARCHAR' AND block_id >= 0 ORDER BY block_id, block_offset";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([table])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let place = match row.get(4)? {
            true => Place::Gap { segment: row.get::<_, u32>(1)? as usize, rows: row.get::<_, u32>(2)? as usize },
            false => Place::Packed,
        };
        found.push(Unwritten { block: row.get(0)?, place });
        if let Ok(block) = u64::try_from(row.get::<_, i64>(3)?) {
            found.push(Unwritten { block, place: Place::NextBlock });
        }
    }
    Ok(found)
}

/// Makes them zero, and the checksums of their blocks right again.
pub(super) fn wipe(path: &Path, places: &[Unwritten]) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut of_block: BTreeMap<u64, Vec<&Place>> = BTreeMap::new();
    for Unwritten { block, place } in places {
        of_block.entry(*block).or_default().push(place);
    }
    let mut block = vec![0; BLOCK];
    for (number, places) in of_block {
        let at = HEADERS + number * BLOCK as u64;
        file.read_exact_at(&mut block, at)?;
        if checksum(&block[CHECKSUM..]) != word(&block, 0) {
            return Err(not_as_known("a block's checksum is not its content's"));
        }
        let empty = places.iter().map(|place| place.bytes(&block[CHECKSUM..])).collect::<io::Result<Vec<_>>>()?;
        if empty.iter().all(Range::is_empty) {
            continue;
        }
        empty.into_iter().for_each(|place| block[CHECKSUM..][place].fill(0));
        let sum = checksum(&block[CHECKSUM..]);
        block[..CHECKSUM].copy_from_slice(&sum.to_le_bytes());
        file.write_all_at(&block, at)?;
    }
    file.sync_all()
}

impl Place {
    /// Which bytes of the block's content.
    fn bytes(&self, content: &[u8]) -> io::Result<Range<usize>> {
        let length = content.len();
        let (begin, end) = match *self {
            Self::NextBlock => (length - NEXT_BLOCK, Some(length)),
            Self::Gap { segment, rows } => {
                let head = content
                    .get(segment..segment + SEGMENT_HEAD)
                    .ok_or_else(|| not_as_known("a segment of texts begins outside its block"))?;
                let head = word(head, 0);
                let (size, end) = (head & u64::from(u32::MAX), head >> 32);
                let texts = end.checked_sub(size).and_then(|texts| segment.checked_add(usize::try_from(texts).ok()?));
                (segment + SEGMENT_HEAD + rows * OFFSET, texts)
            }
            Self::Packed => return Err(not_as_known("a column of texts is packed")),
        };
        let end = end.filter(|end| begin <= *end && *end <= length);
        end.map(|end| begin..end).ok_or_else(|| not_as_known("a segment of texts ends outside its block"))
    }
}

fn word(bytes: &[u8], at: usize) -> u64 {
    bytes[at..at + 8].iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// DuckDB's own (`common/checksum.cpp`), of whole words.
fn checksum(bytes: &[u8]) -> u64 {
    let words = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
    words.fold(5381, |sum, word| sum ^ word.wrapping_mul(0xbf58_476d_1ce4_e5b9))
}

fn not_as_known(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what}; this version of DuckDB writes files otherwise, nothing is published of it"))
}
