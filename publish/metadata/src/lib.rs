//! Describes what a tier of a release has in the formats of catalogues and tools: all of it follows from the definitions.

mod described;

pub use described::{DataFile, Described, DescribedDataset, DescribedTable, Description, Publisher};
