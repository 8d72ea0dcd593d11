//! One column of a table that lies in files: values as Arrow lays them out.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayData, ArrayRef, AsArray, BooleanArray, BooleanBufferBuilder, StringArray, make_array};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use memmap2::Mmap;

/// Bytes written at a time.
const WRITTEN_AT_ONCE: usize = 64 * 1024;

/// One column: which cells are filled, and the values as Arrow lays them out.
#[derive(Debug)]
pub(crate) struct Column {
    filled: BooleanBufferBuilder,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// A bit each, so they stay in memory.
    Bits(BooleanBufferBuilder),
    /// Values of so many bytes.
    Fixed(usize, SpoolFile),
    Text {
        /// Where each text ends.
        ends: SpoolFile,
        letters: SpoolFile,
        length: i32,
    },
}

impl Column {
    pub(crate) fn create(folder: &Path, kind: &DataType) -> io::Result<Self> {
        let values = match kind {
            DataType::Boolean => Values::Bits(BooleanBufferBuilder::new(0)),
            DataType::Utf8 => {
                let mut ends = SpoolFile::create(folder)?;
                ends.write(&0_i32.to_ne_bytes())?;
                Values::Text { ends, letters: SpoolFile::create(folder)?, length: 0 }
            }
            kind => match kind.primitive_width() {
                Some(width) => Values::Fixed(width, SpoolFile::create(folder)?),
                None => return Err(io::Error::other(format!("columns of type {kind} cannot be put there"))),
            },
        };
        Ok(Self { filled: BooleanBufferBuilder::new(0), values })
    }

    pub(crate) fn push(&mut self, array: &ArrayRef) -> io::Result<()> {
        match array.nulls() {
            Some(nulls) => self.filled.append_buffer(nulls.inner()),
            None => self.filled.append_n(array.len(), true),
        }
        match &mut self.values {
            Values::Bits(bits) => bits.append_buffer(array.as_boolean().values()),
            Values::Fixed(width, file) => {
                let data = array.to_data();
                let (begin, length) = (data.offset() * *width, data.len() * *width);
                file.write(&data.buffers()[0][begin..begin + length])?;
            }
            Values::Text { ends, letters, length } => {
                let texts = array.as_string::<i32>();
                let (begin, end) = (texts.value_offsets()[0], texts.value_offsets()[texts.len()]);
                length.checked_add(end - begin).ok_or_else(|| io::Error::other("a column of text ends at 2 GiB"))?;
                for place in &texts.value_offsets()[1..] {
                    ends.write(&(*length + (place - begin)).to_ne_bytes())?;
                }
                letters.write(&texts.value_data()[begin as usize..end as usize])?;
                *length += end - begin;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self, kind: &DataType) -> io::Result<ArrayRef> {
        let rows = self.filled.len();
        let filled = Some(NullBuffer::new(self.filled.finish())).filter(|filled| filled.null_count() > 0);
        let wrong = |error: ArrowError| io::Error::other(error.to_string());
        Ok(match self.values {
            Values::Bits(mut bits) => Arc::new(BooleanArray::new(bits.finish(), filled)),
            Values::Fixed(_, file) => {
                let data = ArrayData::builder(kind.clone()).len(rows).nulls(filled).add_buffer(file.map()?);
                make_array(data.build().map_err(wrong)?)
            }
            Values::Text { ends, letters, .. } => {
                let ends = OffsetBuffer::new(ScalarBuffer::new(ends.map()?, 0, rows + 1));
                Arc::new(StringArray::try_new(ends, letters.map()?, filled).map_err(wrong)?)
            }
        })
    }
}

/// A file without a name.
#[derive(Debug)]
struct SpoolFile(BufWriter<File>);

impl SpoolFile {
    fn create(folder: &Path) -> io::Result<Self> {
        Ok(Self(BufWriter::with_capacity(WRITTEN_AT_ONCE, tempfile::tempfile_in(folder)?)))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// What was written, as memory.
    #[expect(unsafe_code, reason = "a memory map is only sound while nobody changes the file, which no type can say")]
    fn map(self) -> io::Result<Buffer> {
        let file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        // SAFETY: the file has no name (any more), so that no other program can come upon it, and this one writes no more: its only handle is dropped
        // here. Who may look into this process through /proc, may change its memory as well.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Buffer::from(bytes::Bytes::from_owner(map)))
    }
}
