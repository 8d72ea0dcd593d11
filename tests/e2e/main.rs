//! End to end: the real binary over small generated countries.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod analyst;
mod anonymity;
mod architecture;
mod commands;
mod content;
mod country;
mod counts;
mod disclosure;
mod endpoint;
mod faults;
mod file_server;
mod forget;
mod formats;
mod full_disk;
mod identity;
mod inputs;
mod invariants;
mod keys;
mod kill;
mod live;
mod matching;
mod modules;
mod ownership;
mod pages;
mod planted;
mod privacy;
mod quality;
mod refusals;
mod registers;
mod releases;
mod retention;
mod said;
mod search;
mod signals;
mod singled_out;
mod small_disk;
mod spreadsheets;
mod sql_pages;
mod state_data;
mod steps;
mod subtraction;
mod thing_pages;
mod unseen;
mod withdrawal;
