//! Signing in through VIISP, the state's sign-in service (`www.epaslaugos.lt`): two signed SOAP questions, and between them
//! the person's browser at VIISP's portal.
//!
//! 1. [`Viisp::ticket`] asks for a ticket. The browser posts it, as form field `ticket`, to [`Viisp::portal`].
//! 2. There the person signs in. VIISP lets the browser post `ticket` (and `customData`) to our `postback` address.
//! 3. [`Viisp::person`] asks who that was. VIISP answers once for each ticket.
//!
//! # What the caller must do
//!
//! A ticket tells who signed in, not in which browser, and everything the browser posts can be somebody else's. This crate checks
//! that an answer belongs to the `correlation` it is given; that this correlation belongs to *this browser* only the caller can know:
//!
//! - Before the first question make a correlation of at least 128 random bits ([`xmlsignature::fresh_id`] gives one), set a cookie
//!   with other random bits (`Secure`, `HttpOnly`, ten minutes or so), and store: hash of the cookie → correlation, ticket, time.
//! - At the postback find the entry by the cookie, never by what was posted. No cookie or no entry: nobody is signed in. The posted
//!   ticket must be the stored one; the posted `customData` is not signed and means nothing.
//! - Use an entry up before [`Viisp::person`] is called, whatever comes of it: take it out of the store in the statement that reads
//!   it. A postback with a ticket of which another browser's entry knows uses that entry up as well: it is what a victim's browser
//!   sends after somebody talked a person into signing in with a foreign ticket.
//! - After success give the session a new cookie; do not promote this one.
//!
//! The postback is a POST from another site: browsers send a `SameSite=Lax` or `Strict` cookie with it **not**. This one
//! cookie needs `SameSite=None; Secure`, or the postback must answer with a page of ours that posts the same fields once more.
//!
//! Everything blocks: call it on a thread that drives no asynchronous tasks. Nothing is asked twice on its own.

pub mod answer;
mod client;
mod code;
mod element;
mod error;
mod person;
mod post;
mod question;
mod settings;
mod ticket;

pub use client::Viisp;
pub use code::PersonCode;
pub use error::{Error, Exception};
pub use person::Person;
pub use settings::Settings;
pub use ticket::Ticket;

/// Namespace of the questions and answers.
pub const NAMESPACE: &str = "http://www.epaslaugos.lt/services/authentication";
