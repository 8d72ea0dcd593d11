//! A request, read and bounded.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use intake::Upload;
use minijinja::Value;

use super::Trouble;
use super::frame::frame;
use crate::app::App;
use crate::days::today;
use crate::secrets;
use crate::store::{self, Account, Session};

/// Cookie of a session.
pub(crate) const SESSION_COOKIE: &str = "__Host-virsis";
/// Cookie of a sign-in through VIISP under way.
pub(crate) const HANDOVER_COOKIE: &str = "__Host-virsis-viisp";

/// What is wanted with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// To see.
    Get,
    /// To do.
    Post,
}

/// A request.
pub(crate) struct Visit<'a> {
    pub(crate) app: &'a App,
    pub(crate) now: DateTime<Utc>,
    pub(crate) method: Method,
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) form: Vec<(String, String)>,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) address: IpAddr,
    pub(crate) token: Option<String>,
    pub(crate) handover: Option<String>,
    pub(crate) session: Option<Session>,
}

/// Somebody signed in who acts in somebody's name.
pub(crate) struct Person {
    pub(crate) account: Account,
    pub(crate) session: Session,
    pub(crate) acting: store::Acting,
}

impl Person {
    /// What every page shows of them.
    pub(super) fn frame(&self) -> Value {
        frame(&self.session, &self.account)
    }
}

impl Visit<'_> {
    /// A value of the form that was sent.
    pub(crate) fn sent(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A value of the address.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Today in Lithuania.
    pub(crate) fn today(&self) -> NaiveDate {
        today(self.now)
    }

    /// Who is signed in.
    pub(crate) fn signed_in(&self) -> Result<(Session, Account), Trouble> {
        let session = self.session.clone().ok_or(Trouble::SignIn)?;
        let account = self.app.store.read(|connection| store::find_account(connection, session.account))?.ok_or(Trouble::SignIn)?;
        Ok((session, account))
    }

    /// Who is signed in, and in whose name.
    pub(crate) fn person(&self) -> Result<Person, Trouble> {
        let (session, account) = self.signed_in()?;
        let acting = session.acting.clone().ok_or(Trouble::ChooseRole)?;
        Ok(Person { account, session, acting })
    }

    /// Refuses what does not carry the session's token. Everything that changes something passes here.
    pub(crate) fn check_token(&self) -> Result<(), Trouble> {
        let session = self.session.as_ref().ok_or(Trouble::SignIn)?;
        let sent = self.sent("_csrf").ok_or(Trouble::Forged)?;
        if secrets::same(sent, &session.csrf) { Ok(()) } else { Err(Trouble::Forged) }
    }
}
