//! The commands: one file and one function each.

pub(crate) mod accept;
pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod audit_log;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod fetch;
pub(crate) mod forget;
pub(crate) mod forms;
pub(crate) mod generate;
pub(crate) mod key;
pub(crate) mod mandates;
pub(crate) mod release;
mod removal;
pub(crate) mod report;
pub(crate) mod run;
mod screen;
pub(crate) mod serve;
pub(crate) mod sources;
pub(crate) mod sql;
pub(crate) mod status;
pub(crate) mod verify;
pub(crate) mod withdraw;
