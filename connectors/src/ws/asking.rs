//! Asking, a few questions at a time, and handing the rows on in the order of the codes.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use catalog::SecretCode;
use chrono::NaiveDate;
use xmlsignature::{Policy, PublicKey, SigningKey};

use super::answer::{self, Expected, Row};
use super::chain::Chain;
use super::question::Question;
use super::{Flaw, NAMESPACE, WsSettings};
use crate::extract::{About, AskedBy};
use crate::transport::{Batch, Memory, Request, Rows};
use crate::{Call, Error, Http};

/// `dalyvio_rusis` of a Lithuanian legal entity.
const LEGAL_ENTITY: &str = "J";

/// Posts a message and brings the answer, whether a fault or not.
pub trait Post: Send + Sync {
    /// Posts `message` to `address`.
    ///
    /// # Errors
    /// No answer came. What was posted must not be part of the error.
    fn post(&self, source: &'static str, address: &str, message: String, deadline: Instant) -> Result<Vec<u8>, Error>;
}

impl Post for Http {
    fn post(&self, source: &'static str, address: &str, message: String, deadline: Instant) -> Result<Vec<u8>, Error> {
        // SOAP 1.1 wants faults to come with status 500.
        let call = Call::post(source, address, deadline, message.into_bytes())
            .header("content-type", "text/xml; charset=utf-8")
            .header("soapaction", format!("\"{NAMESPACE}:klausti\""))
            .accept(&[500]);
        Ok(self.fetch(&call)?.bytes)
    }
}

/// One register's web service: whom to ask, with which key, how fast.
pub(super) struct Service {
    pub(super) settings: WsSettings,
    key: SigningKey,
    policy: Policy,
    as_of: NaiveDate,
    post: Box<dyn Post>,
    /// When the next question may begin.
    next: Mutex<Instant>,
}

impl fmt::Debug for Service {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Service").field("settings", &self.settings).field("as_of", &self.as_of).finish_non_exhaustive()
    }
}

impl Service {
    pub(super) fn new(settings: WsSettings, post: Box<dyn Post>, as_of: NaiveDate) -> Result<Self, Error> {
        let unusable =
            |reason: &dyn fmt::Display| Error::WebServiceSettings { address: settings.address.clone(), reason: reason.to_string() };
        settings.check().map_err(|flaw| unusable(&flaw))?;
        let key = SigningKey::from_file(&settings.key_file).map_err(|error| unusable(&error))?;
        let keys = settings.service_keys.iter().map(|path| PublicKey::from_file(path)).collect::<Result<_, _>>();
        let keys = keys.map_err(|error| unusable(&error))?;
        let policy = Policy { keys, hashes: settings.hashes.clone() };
        Ok(Self { settings, key, policy, as_of, post, next: Mutex::new(Instant::now()) })
    }

    /// Waits for this question's turn.
    fn wait(&self, deadline: Instant) -> Result<(), Flaw> {
        let turn = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*next).max(Instant::now());
            *next = turn + Duration::from_secs(1) / self.settings.requests_per_second;
            turn
        };
        if turn >= deadline {
            return Err(Flaw::DeadlinePassed);
        }
        thread::sleep(turn.saturating_duration_since(Instant::now()));
        Ok(())
    }
}

/// The extract on its way in. Not to be printed: it holds codes and cells.
pub(super) struct Asking {
    service: Arc<Service>,
    source: &'static str,
    extract: String,
    schema: SchemaRef,
    columns: Vec<String>,
    code: usize,
    /// Columns `dalyvio_rusis` and `dal_kodas`, if owners are followed.
    owner: Option<(usize, usize)>,
    deadline: Instant,
    chain: Chain,
    /// Owners that should be Lithuanian entities but have no code to ask about.
    without_code: u64,
    ready: VecDeque<Batch>,
    row_number: u64,
    failed: bool,
}

impl Asking {
    pub(super) fn new(service: Arc<Service>, asked_by: AskedBy, request: &Request<'_>, chain: Chain) -> Self {
        let columns: Vec<String> = request.table.columns.iter().map(|column| column.column.name.clone()).collect();
        let place = |name: &str| columns.iter().position(|column| column == name);
        Self {
            service,
            source: request.source,
            extract: request.table.subject().to_owned(),
            schema: request.table.raw_schema(),
            code: place(asked_by.column).unwrap_or_default(),
            owner: place("dalyvio_rusis").zip(place("dal_kodas")).filter(|_| asked_by.about == About::EntitiesAndOwners),
            columns,
            deadline: request.deadline,
            chain,
            without_code: 0,
            ready: VecDeque::new(),
            row_number: 0,
            failed: false,
        }
    }

    /// Asks as many questions as may be under way at once, and makes their answers ready. `false`: there was nobody left.
    fn ask_some(&mut self) -> Result<bool, Error> {
        let settings = &self.service.settings;
        let questions = self.chain.next_questions(settings.concurrency, settings.batch);
        let questions = questions.map_err(|flaw| self.flawed(flaw))?;
        if questions.is_empty() {
            return Ok(false);
        }
        let this = &*self;
        let answers: Vec<_> = thread::scope(|scope| {
            let asked: Vec<_> = questions.iter().map(|codes| scope.spawn(move || this.ask(codes))).collect();
            asked.into_iter().map(|answer| answer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        });
        for answer in answers {
            self.take(&answer?)?;
        }
        Ok(true)
    }

    /// One question and the rows of its answer.
    fn ask(&self, codes: &[SecretCode]) -> Result<Vec<Row>, Error> {
        let service = &*self.service;
        let unbelieved = |reason| self.flawed(Flaw::Signature { reason });
        service.wait(self.deadline).map_err(|flaw| self.flawed(flaw))?;
        let id = xmlsignature::fresh_id().map_err(unbelieved)?;
        let question = Question { id: &id, extract: &self.extract, as_of: service.as_of, codes };
        let message = question.signed(&service.key).map_err(unbelieved)?;
        let answer = service.post.post(self.source, &service.settings.address, message, self.deadline)?;
        let most = service.settings.most_answer_bytes;
        if answer.len() as u64 > most {
            return Err(self.flawed(Flaw::TooLarge { most }));
        }
        let answer = String::from_utf8(answer).map_err(|_| self.flawed(Flaw::NotText))?;
        let verified = xmlsignature::verify(&answer, NAMESPACE, "atsakymas", &service.policy).map_err(unbelieved)?;
        let expected = Expected { question: &id, extract: &self.extract, columns: &self.columns, code: self.code, codes };
        answer::read(verified.canonical(), &expected).map_err(|flaw| self.flawed(flaw))
    }

    /// Makes one answer's rows ready, and notes the owners among them.
    fn take(&mut self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            if let Some((kind, owner)) = self.owner
                && row[kind].as_deref() == Some(LEGAL_ENTITY)
                && !self.chain.found(row[owner].as_deref().unwrap_or_default())
            {
                self.without_code += 1;
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        let first = self.row_number + 1;
        self.row_number += rows.len() as u64;
        let column = |place: usize| Arc::new(rows.iter().map(|row| row[place].as_deref()).collect::<StringArray>()) as ArrayRef;
        let columns = (0..self.columns.len()).map(column).collect();
        let rows = RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| Error::Rows { reason: error.to_string() })?;
        self.ready.push_back(Batch { rows, row_numbers: (first..=self.row_number).collect(), rejected: Vec::new() });
        Ok(())
    }

    fn flawed(&self, flaw: Flaw) -> Error {
        Error::WebService { source_name: self.source, flaw }
    }
}

impl Iterator for Asking {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.failed {
                return None;
            }
            if let Some(batch) = self.ready.pop_front() {
                return Some(Ok(batch));
            }
            match self.ask_some() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl Rows for Asking {
    fn finish(self: Box<Self>) -> Result<Memory, Error> {
        if self.without_code > 0 {
            let (source, owners) = (self.source, self.without_code);
            tracing::warn!(
                source,
                owners,
                "some owners are said to be Lithuanian entities but have no such code: who owns them stays unknown"
            );
        }
        // Whoever is asked anew each night need not be remembered; a hash of few rows about persons could even be reversed.
        Ok(Memory::default())
    }
}
