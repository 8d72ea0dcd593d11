//! The form endpoint: seven manual feeds for people who have no system of their own, signed and audited (specification, section 5).
//!
//! A submitter signs in, chooses the organisation to act for, finds the VIRS, fills in a form, has it checked, reviews and signs the document
//! that is formed, and gets a receipt. Forms are declared in `data/forms`; [`state`] has the states of a submission; everything is kept in
//! one SQLite file, [`store`]. The nightly run reads the submissions through [`HandedIn`].

mod administration;
mod app;
mod belonging;
mod built;
pub mod check;
mod compared;
mod conditions;
mod days;
mod entities;
pub mod entry;
mod error;
pub mod feed;
mod feed_file;
mod folding;
mod handed_in;
mod held;
mod letters;
mod look_up;
mod mandate_line;
mod news;
mod notices;
mod outgoing;
pub mod paper;
mod personal;
pub mod problem;
mod publishable;
mod random;
mod register;
mod reports;
mod role;
mod rules;
mod seal;
mod secrets;
mod set_aside;
mod settings;
mod signing_module;
pub mod state;
pub mod store;
#[cfg(test)]
mod testing;
mod training;
mod undelivered;
mod verdict;
mod web;

pub use administration::{
    AcceptedExtract, Administration, ClassifierChange, DefinitionChanges, FormChange, LogState, Night, NightResult, NotAccepted,
    SourceResult, SourceState, SystemState,
};
pub use app::{App, Parts, RegisterSource};
pub use built::{BuiltColumn, BuiltTable, Choice, Comparison, Criterion};
pub use days::today;
pub use entities::{Entities, EntityRow, EntityWriter};
pub use error::Error;
pub use feed::Feed;
pub use handed_in::{HandedIn, Origin, Row};
pub use look_up::{Entity, LookUp, Unavailable};
pub use mail::Settings as MailSettings;
pub use mandate_line::{MandateFlaw, MandateLine};
pub use news::{NewData, OvernightChanges};
pub use notices::{Circulation, HalfYear, Reported, night, reminders};
pub use outgoing::deliver_due;
pub use publishable::{DOCUMENTS, NOT_FOUND, Refusal, WITHDRAWN, document_text, publishable};
pub use register::{Outlet, Participant, Published, Register, Virs};
pub use reports::{MadeReport, NoReport, ReportFile, ReportFormat, ReportParameter, ReportTitle, Reports};
pub use role::Role;
pub use rules::{Fault, Rules};
pub use seal::Seal;
pub use secrets::{LONGEST_PASSWORD, PersonHash, SHORTEST_PASSWORD, hash_password, new_password, new_totp};
pub use set_aside::set_aside;
pub use settings::{ModuleSettings, Settings};
pub use signing_module::{HandedOver, SigningModule};
pub use store::Store;
pub use training::{TRAINING_AUTHORITY, TRAINING_NOTICE};
pub use web::{Limits, serve};
