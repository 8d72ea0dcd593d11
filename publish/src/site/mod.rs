//! The static portal: pages for people, one site for each tier from the same templates. Nothing from elsewhere, and no
//! script but those of the search and of the pages of SQL.
//!
//! Only the start page carries the release's date, so that a page about something that did not change stays the same file from
//! release to release. All pages say when a source is not fresh: whoever reads of one VIRS must know that its owners may be old.

mod alphabet;
mod badge;
mod boundary_map;
mod calendar;
mod chains;
mod changes;
mod chart;
pub(crate) mod context;
mod dataset;
mod entities;
mod entity;
mod entity_list;
mod graph;
mod guide_papers;
mod guides;
mod home;
mod letters;
pub(crate) mod lists;
mod matching;
mod method;
mod mirror;
mod missing;
pub(crate) mod news;
mod notes;
mod owners;
pub(crate) mod pages;
mod past_owners;
mod payments;
mod prose;
mod protection;
pub(crate) mod root;
mod rows;
mod rows_behind;
pub(crate) mod search;
mod shown;
pub(crate) mod sitemap;
pub(crate) mod sql;
pub(crate) mod statistic_figures;
mod summary;
pub(crate) mod templates;
pub(crate) mod text;
pub(crate) mod thing_pages;
mod things;
pub(crate) mod tier_site;
mod tile_map;
mod twin;
mod workbook;

#[cfg(test)]
mod tests;
