//! The pages: every request becomes a [`Visit`], one function answers it with a [`Reply`].
//!
//! Answering is synchronous and runs on a thread of its own; only reading the request and writing the answer is not.

mod access;
mod account;
mod administration;
mod answers;
mod built;
mod connections;
mod edit;
mod fields;
mod files;
mod finish;
mod forming;
mod frame;
mod guard;
mod idle;
mod intent;
mod looking;
mod lookups;
mod mistaken;
mod module;
mod open;
mod overview;
mod pages;
mod proof;
mod reading;
mod refusals;
mod registers;
mod reply;
mod reports;
mod router;
mod save;
mod search;
mod serve;
mod signin;
mod signing;
mod start;
mod templates;
mod text;
mod together;
mod trouble;
mod typed;
mod visit;

pub use guard::Limits;
pub(crate) use reply::Reply;
pub use serve::serve;
pub(crate) use templates::Templates;
pub(crate) use trouble::Trouble;
pub(crate) use visit::{Method, Visit};
