//! Reads an extract in one thread while another cleans the previous batch: in most runs few extracts are new, and cores are idle.

use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::Result;
use connectors::{Batch, Memory, Rows};

/// Batches buffered between the two: enough to bridge short delays, few enough not to matter in memory.
const AHEAD: usize = 2;

/// Passes every batch to `clean`, in order; returns what to remember of the extract. The first error on either side ends both.
pub(crate) fn read_ahead(mut rows: Box<dyn Rows>, mut clean: impl FnMut(Batch) -> Result<()>) -> Result<Memory> {
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        let reading = scope.spawn(move || {
            // Sending fails only if the cleaning side has failed.
            let _ = rows.try_for_each(|batch| sender.send(batch));
            rows
        });
        // Moved in, so that it is dropped when cleaning fails, and the reading thread does not wait forever.
        let cleaned = receiver.into_iter().try_for_each(|batch| clean(batch?));
        let rows = reading.join().unwrap_or_else(|panic| resume_unwind(panic));
        cleaned?;
        Ok(rows.finish()?)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::RecordBatch;
    use arrow::datatypes::Schema;
    use connectors::Error;

    use super::*;

    /// As many batches as it says, then an error if there is one; it remembers how many were asked for.
    struct Few(u64, Option<Error>, u64);

    impl Iterator for Few {
        type Item = Result<Batch, Error>;

        fn next(&mut self) -> Option<Self::Item> {
            if self.2 == self.0 {
                return self.1.take().map(Err);
            }
            self.2 += 1;
            Some(Ok(Batch { rows: RecordBatch::new_empty(Arc::new(Schema::empty())), row_numbers: vec![self.2], rejected: Vec::new() }))
        }
    }

    impl Rows for Few {
        fn finish(self: Box<Self>) -> Result<Memory, Error> {
            Ok(Memory([("batches".to_owned(), self.2.to_string())].into()))
        }
    }

    #[test]
    fn batches_come_in_order_and_the_extract_is_finished() {
        let mut seen = Vec::new();
        let memory = read_ahead(Box::new(Few(9, None, 0)), |batch| {
            seen.extend(batch.row_numbers);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (1..=9).collect::<Vec<_>>());
        assert_eq!(memory.get("batches"), Some("9"));
    }

    #[test]
    fn an_error_of_either_side_ends_both() {
        let broken = Error::Missing { source_name: "jar", path: "x".into() };
        let rule = broken.rule();
        let mut seen = 0;
        let error = read_ahead(Box::new(Few(3, Some(broken), 0)), |_| {
            seen += 1;
            Ok(())
        })
        .unwrap_err();
        assert_eq!((error.downcast::<Error>().unwrap().rule(), seen), (rule, 3));
        // Many more batches than lie between the two.
        let error = read_ahead(Box::new(Few(1000, None, 0)), |_| anyhow::bail!("cannot clean")).unwrap_err();
        assert_eq!(error.to_string(), "cannot clean");
    }
}
