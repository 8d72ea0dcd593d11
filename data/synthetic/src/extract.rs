//! One file being written: rows go out as they come, bad rows at random places among them, and are counted.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::bad_rows::Fault;
use crate::draws::Draws;
use crate::format::{Layout, encode, push_line};
use crate::truth::TableTruth;

/// Bytes held back before they are written.
const BUFFER_BYTES: usize = 1 << 18;

/// A file that takes rows of `N` fields.
pub(crate) struct Extract<const N: usize> {
    layout: &'static Layout<N>,
    path: PathBuf,
    out: BufWriter<File>,
    /// Faults still to come with the number of the good row that each follows; the next one is last.
    pending: Vec<(usize, Fault)>,
    /// The first good row, the pattern for faults that are left when the file ends early.
    first: Option<Vec<String>>,
    good: usize,
    bad: BTreeMap<String, usize>,
    text: String,
    bytes: Vec<u8>,
}

impl<const N: usize> Extract<N> {
    /// Begins the file in `folder`; its bad rows will stand among the first `expected` good ones.
    ///
    /// # Errors
    /// [`Error::Write`] when it cannot be created.
    pub(crate) fn create(folder: &Path, layout: &'static Layout<N>, expected: usize, seed: u64) -> Result<Self, Error> {
        let path = folder.join(layout.file);
        let file = File::create(&path).map_err(|source| Error::Write { path: path.clone(), source })?;
        let mut draws = Draws::of_bad_rows(seed, subject(layout.table));
        let mut pending: Vec<_> = layout.faults.iter().map(|&fault| (draws.below(expected), fault)).collect();
        pending.sort_by_key(|&(place, _)| std::cmp::Reverse(place));
        let mut extract = Self {
            layout,
            path,
            out: BufWriter::with_capacity(BUFFER_BYTES, file),
            pending,
            first: None,
            good: 0,
            bad: BTreeMap::new(),
            text: layout.opening(),
            bytes: Vec::new(),
        };
        extract.write_text()?;
        Ok(extract)
    }

    /// Writes one good row, and any bad rows that are to follow it.
    ///
    /// # Errors
    /// [`Error::Write`] when the disk refuses; [`Error::Column`] when a fault names no column of this file.
    pub(crate) fn row(&mut self, fields: [&dyn Display; N]) -> Result<(), Error> {
        push_line(&mut self.text, fields.into_iter(), self.layout.line_end);
        self.write_text()?;
        while let Some((_, fault)) = self.pending.pop_if(|&mut (place, _)| place <= self.good) {
            self.bad_row(fault, fields.iter().map(ToString::to_string).collect())?;
        }
        if self.good == 0 {
            self.first = Some(fields.iter().map(ToString::to_string).collect());
        }
        self.good += 1;
        Ok(())
    }

    /// Good rows so far.
    pub(crate) fn good_rows(&self) -> usize {
        self.good
    }

    /// Ends the file; says which table it fills and what it holds.
    ///
    /// # Errors
    /// As [`Extract::row`].
    pub(crate) fn finish(mut self) -> Result<(String, TableTruth), Error> {
        if let Some(first) = self.first.take() {
            while let Some((_, fault)) = self.pending.pop() {
                self.bad_row(fault, first.clone())?;
            }
        }
        self.out.flush().map_err(|source| Error::Write { path: self.path.clone(), source })?;
        let rows = self.good + self.bad.values().sum::<usize>();
        Ok((self.layout.table.to_owned(), TableTruth { file: self.layout.file.to_owned(), rows, bad: self.bad }))
    }

    fn bad_row(&mut self, fault: Fault, mut fields: Vec<String>) -> Result<(), Error> {
        fault.apply(self.layout.file, &self.layout.columns, &mut fields)?;
        push_line(&mut self.text, fields.iter().map(|field| field as &dyn Display), self.layout.line_end);
        *self.bad.entry(fault.rule().to_owned()).or_default() += 1;
        self.write_text()
    }

    fn write_text(&mut self) -> Result<(), Error> {
        self.bytes.clear();
        encode(&self.text, self.layout.encoding, &mut self.bytes);
        self.text.clear();
        self.out.write_all(&self.bytes).map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

/// The name that a table's file draws by.
pub(crate) fn subject(table: &'static str) -> &'static str {
    table.strip_prefix("raw_").unwrap_or(table)
}
