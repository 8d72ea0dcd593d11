//! End to end: the real binary over small generated countries.

mod architecture;
mod commands;
mod country;
mod counts;
mod formats;
mod kill;
mod ownership;
mod privacy;
mod refusals;
mod releases;
