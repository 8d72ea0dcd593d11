//! Requests to one model: addresses, the token, the spelling.

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use super::Uapi;
use super::bookmark::{Bookmark, LAST};
use super::fields::{Fields, Object};
use super::page::{Format, Page, Row, objects};
use crate::Error;
use crate::http::{Call, Problem, Whole};

/// Objects by their `_id`.
pub(super) type Snapshot = BTreeMap<String, Row>;

/// How often a model that changes while it is read is read.
const READINGS: usize = 2;

/// One model on the server.
pub(super) struct Source<'a> {
    pub(super) uapi: &'a Uapi,
    pub(super) name: &'static str,
    pub(super) collection: String,
    pub(super) deadline: Instant,
}

impl Source<'_> {
    /// Every object, and as many as the server counts before and after.
    pub(super) fn read_all(&self, fields: &Fields) -> Result<Snapshot, Error> {
        for _ in 0..READINGS {
            let before = self.count()?;
            let snapshot = self.read_pages(fields)?;
            if snapshot.len() as u64 == before && self.count()? == before {
                return Ok(snapshot);
            }
            tracing::warn!(source = self.name, model = self.collection, "the number of objects changed while they were read");
        }
        Err(self.failed(Problem::Changed { found: "it counts another number of objects than it gives" }))
    }

    fn read_pages(&self, fields: &Fields) -> Result<Snapshot, Error> {
        let (mut snapshot, mut seen, mut next) = (Snapshot::new(), HashSet::new(), None);
        let revision = self.uapi.settings.dialect.revision().to_owned();
        let asked: Vec<_> =
            ["_id".to_owned(), revision].into_iter().chain(fields.properties.iter().cloned()).chain(["_page".to_owned()]).collect();
        loop {
            let address = self.uapi.settings.dialect.page(&self.collection, &asked, self.uapi.settings.page_rows, next.as_deref());
            let Page { rows, next: following } = self.get(&address, self.uapi.settings.format, |answer| {
                self.uapi.settings.format.parse(self.uapi.settings.dialect, fields, &answer.bytes)
            })?;
            // The last page too says what the next one begins with; that one is empty.
            let is_last = rows.is_empty();
            for (id, row) in rows {
                if snapshot.insert(id, row).is_some() {
                    return Err(self.failed(Problem::DuplicatePage { found: "an object came before" }));
                }
            }
            match following {
                Some(following) if !is_last => {
                    if !seen.insert(following.clone()) {
                        return Err(self.failed(Problem::DuplicatePage { found: "its key came before" }));
                    }
                    next = Some(following);
                }
                _ => return Ok(snapshot),
            }
        }
    }

    /// How many objects there are.
    pub(super) fn count(&self) -> Result<u64, Error> {
        let dialect = self.uapi.settings.dialect;
        self.get(&dialect.count(&self.collection), Format::Jsonl, |answer| {
            let object = objects(&answer.bytes)?.next().ok_or(Problem::Cut { found: "no number of objects" })??;
            object.get(dialect.count_name()).and_then(serde_json::Value::as_u64).ok_or(Problem::Protocol { found: "no number of objects" })
        })
    }

    /// Whether the server's entity tag is still this one.
    pub(super) fn is_unchanged(&self, etag: &str) -> Result<bool, Error> {
        let address = self.uapi.settings.dialect.changes(&self.collection, LAST, 1);
        self.ask(&address, Format::Jsonl, Some(etag), |answer| Ok(answer.status == 304))
    }

    /// The last change, if the log is not empty, and the entity tag.
    pub(super) fn last_change(&self) -> Result<(Option<Bookmark>, Option<String>), Error> {
        let address = self.uapi.settings.dialect.changes(&self.collection, LAST, 1);
        let revision = self.uapi.settings.dialect.revision();
        self.get(&address, Format::Jsonl, |answer| {
            let last = objects(&answer.bytes)?.last().transpose()?;
            let bookmark = last.map(|mut change| Bookmark::take(&mut change, revision)).transpose()?;
            Ok((bookmark, answer.header("etag").map(str::to_owned)))
        })
    }

    /// Some changes, from a number on.
    pub(super) fn changes(&self, from: i64) -> Result<Vec<Object>, Error> {
        let address = self.uapi.settings.dialect.changes(&self.collection, from, self.uapi.settings.page_rows);
        // Only JSON tells an emptied property from an unchanged one.
        self.get(&address, Format::Jsonl, |answer| objects(&answer.bytes)?.collect())
    }

    pub(super) fn failed(&self, problem: Problem) -> Error {
        Error::Network { source_name: self.name, address: self.collection.clone(), problem }
    }

    fn get<T>(&self, address: &str, format: Format, read: impl Fn(&Whole) -> Result<T, Problem>) -> Result<T, Error> {
        self.ask(address, format, None, read)
    }

    fn ask<T>(&self, address: &str, format: Format, etag: Option<&str>, read: impl Fn(&Whole) -> Result<T, Problem>) -> Result<T, Error> {
        let uapi = self.uapi;
        let mut call = Call::get(self.name, address, self.deadline).header("accept", format.media_type());
        if let Some(etag) = etag {
            call = call.header("if-none-match", etag).accept(&[304]);
        }
        let Some(tokens) = &uapi.tokens else { return uapi.http.fetch_with(&call, |answer| read(&answer)) };
        let token = tokens.get(&uapi.http, self.name, self.deadline)?;
        let bearer = |token: &str| call.clone().header("authorization", format!("Bearer {token}"));
        let first = uapi.http.fetch_with(&bearer(&token).accept(&[304, 401]), |answer| match answer.status {
            401 => Ok(None),
            _ => read(&answer).map(Some),
        })?;
        if let Some(first) = first {
            return Ok(first);
        }
        // A server may stop taking a token before its time: a new key, a changed client. Once more, with a new one.
        tokens.forget(&token);
        let token = tokens.get(&uapi.http, self.name, self.deadline)?;
        uapi.http.fetch_with(&bearer(&token), |answer| read(&answer))
    }
}
