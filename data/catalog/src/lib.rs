//! What the data *is*: columns, tables, datasets, classifiers and dated law, read from `data/`.
//!
//! Every other crate asks this one for names, types, titles, checks and personal-data classes;
//! no second list of columns exists anywhere. It also holds the one gate in front of publication:
//! a publisher takes only a [`Released`] table, and [`Released::admit`] is its only constructor.

mod block;
mod catalog;
mod cell;
mod check;
mod classifier;
mod classifier_problems;
mod column;
mod content;
mod database_table;
mod dataset;
mod definitions;
mod error;
mod guard;
mod guide;
mod history;
mod k_anonymity;
mod law;
mod names;
pub mod numbers;
mod page_kind;
mod payments;
mod personal_class;
mod picture;
mod prose;
mod published;
mod released;
mod remembered;
mod role;
mod rounding;
mod row_hash;
mod search;
mod secret_code;
mod shared;
mod shown_problems;
mod sources;
mod statistic;
mod table;
mod tidy;
mod tier;
mod well_known;

pub use block::{Block, Inline};
pub use catalog::Catalog;
pub use cell::{Cells, print_cell, print_money, unscaled};
pub use check::Check;
pub use classifier::{Area, Classifier, CodeGroup, Term};
pub use column::{Column, Kind, MONEY_SCALE, NUMBER_SCALE, SHARE_SCALE, Text};
pub use content::{Audience, Content, News, Page};
pub use database_table::DatabaseTable;
pub use dataset::{Chart, Dataset, Group};
pub use error::Error;
pub use guard::{Finding, Guard};
pub use guide::{Guide, Guides};
pub use history::{CHANGE, CHANGED_COLUMNS, FIRST_RELEASE, History, LAST_RELEASE, SHOWN_SINCE, SHOWN_UNTIL, VALID_FROM, VALID_UNTIL};
pub use k_anonymity::KAnonymity;
pub use law::{BsiPolicy, Law};
pub use names::{compared_code, compared_name};
pub use page_kind::{Layout, PageKind, PageSection, TileMap};
pub use payments::Payments;
/// The detector of personal values, and control digits of codes.
pub use personal::{self, codes};
pub use personal_class::{PSEUDONYM_LETTERS, Personal, is_pseudonym};
pub use prose::Prose;
pub use published::{published_cell, published_files, published_path};
pub use released::{Evidence, Released};
pub use role::Role;
pub use rounding::{Round, rounded};
pub use row_hash::{for_each_row_hash, keyed_hasher, text_hash};
pub use search::Search;
pub use secret_code::SecretCode;
pub use shared::Shared;
pub use statistic::{Dimension, DisclosureRules, Merge, Protect, Statistic};
pub use table::{Bounds, Layer, Table, TableColumn};
pub use tidy::tidy;
pub use tier::Tier;
pub use well_known::{
    APIE_ASMENI, ASMENVARDIS, CONFIDENTIAL_MARK, ENTITY, EXTRACT_DATE, MARKS, PUBLISHED_FILE, SAVA_IMONE, SEQUENCE, SU_ASMENIMIS, SUBMITTER,
};
