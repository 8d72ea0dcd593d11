//! End to end: the real binary over small generated countries.

mod architecture;
mod commands;
mod counts;
mod country;
mod formats;
mod kill;
mod ownership;
mod privacy;
mod refusals;
mod releases;
