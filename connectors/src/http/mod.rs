//! The one HTTP client of all transports: patient with what passes, strict with everything else.
//!
//! Asks again, with growing pauses, after broken connections, silences and the statuses that mean "later"; gives up on a source
//! that failed several times in a row. Follows no redirect to another origin, uses no proxy, bounds every body.
//! Blocking: not to be used on a thread that drives asynchronous tasks.

mod answer;
mod clock;
mod problem;
mod settings;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::blocking::{Client, Response};
use reqwest::header::{HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Certificate, Identity, Method, Url, redirect};

use crate::Error;
use answer::Limits;
use clock::Machine;

pub(crate) use answer::is_page;
pub use answer::{Answer, Body, Whole};
pub(crate) use clock::Clock;
pub use problem::Problem;
pub(crate) use settings::read_secret;
pub use settings::{HttpSettings, terms_of};

/// How sources see us.
const USER_AGENT: &str = concat!("virsis-open/", env!("CARGO_PKG_VERSION"));
/// A source that sends round and round within its own origin is refused.
const MOST_REDIRECTS: usize = 5;

/// One client; make one for each source, as it counts that source's failures.
#[derive(Debug)]
pub struct Http {
    client: Client,
    settings: HttpSettings,
    /// Failed requests since the last good one.
    failures: AtomicU32,
    clock: Arc<dyn Clock>,
}

/// One request. Not to be printed: its body and headers may hold codes and secrets.
#[derive(Clone)]
pub struct Call<'a> {
    source: &'static str,
    method: Method,
    address: &'a str,
    shown: &'a str,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
    accepted: &'static [u16],
    deadline: Instant,
}

impl<'a> Call<'a> {
    /// Asks for what is at an address. Errors show the address up to its `?`: what follows may hold values.
    #[must_use]
    pub fn get(source: &'static str, address: &'a str, deadline: Instant) -> Self {
        let shown = address.split('?').next().unwrap_or_default();
        Self { source, method: Method::GET, address, shown, headers: Vec::new(), body: None, accepted: &[], deadline }
    }

    /// Sends a body. It may be sent again if the answer fails: only for questions.
    #[must_use]
    pub fn post(source: &'static str, address: &'a str, deadline: Instant, body: Vec<u8>) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::get(source, address, deadline) }
    }

    /// With this header. Values are never shown.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Statuses that are an answer too, besides 200 to 299: 304, or 500 with a SOAP fault.
    #[must_use]
    pub fn accept(mut self, statuses: &'static [u16]) -> Self {
        self.accepted = statuses;
        self
    }

    /// How errors call the address.
    #[must_use]
    pub fn shown_as(mut self, shown: &'a str) -> Self {
        self.shown = shown;
        self
    }

    /// The error for a problem with this request.
    #[must_use]
    pub fn failed(&self, problem: Problem) -> Error {
        Error::Network { source_name: self.source, address: self.shown.to_owned(), problem }
    }
}

impl Http {
    /// Prepares a client; connects to nothing.
    ///
    /// # Errors
    /// A certificate or key file of the settings cannot be used.
    pub fn new(settings: &HttpSettings) -> Result<Self, Error> {
        Self::with_clock(settings, Arc::new(Machine))
    }

    pub(crate) fn with_clock(settings: &HttpSettings, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        // Fails only if a provider is installed already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The blocking client takes its "timeout" for each wait, not for the whole: that is a bound on silence.
        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(settings.connect)
            .timeout(settings.stall);
        if let Some(path) = &settings.authorities_file {
            let unusable = |reason: String| Error::Unusable { path: path.clone(), reason };
            let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
            let authorities = Certificate::from_pem_bundle(&pem).map_err(|_| unusable("it is no PEM file".to_owned()))?;
            if authorities.is_empty() {
                return Err(unusable("it holds no certificate".to_owned()));
            }
            client = client.tls_certs_only(authorities);
        }
        if let Some(path) = &settings.identity_file {
            let unusable = |reason: &str| Error::Unusable { path: path.clone(), reason: reason.to_owned() };
            let identity = Identity::from_pem(&read_secret(path)?)
                .map_err(|_| unusable("it must hold a certificate and its private key, both in PEM"))?;
            client = client.identity(identity);
        }
        let client = client.build().map_err(|error| Error::Tls { reason: problem::innermost(&error) })?;
        Ok(Self { client, settings: settings.clone(), failures: AtomicU32::new(0), clock })
    }

    /// The settings it was made with.
    #[must_use]
    pub fn settings(&self) -> &HttpSettings {
        &self.settings
    }

    /// Asks until an answer begins; its body is still to come, and nobody asks again if that breaks.
    ///
    /// # Errors
    /// No acceptable answer began; see [`Problem`].
    pub fn open(&self, call: &Call<'_>) -> Result<Answer, Error> {
        self.patiently(call, || self.ask(call))
    }

    /// Asks until an answer has come in full.
    ///
    /// # Errors
    /// No acceptable answer came; see [`Problem`].
    pub fn fetch(&self, call: &Call<'_>) -> Result<Whole, Error> {
        self.fetch_with(call, Ok)
    }

    /// Asks until an answer has come in full and could be read; what cannot be read for a passing reason is asked for again.
    ///
    /// # Errors
    /// No acceptable answer came, or `read` refused it.
    pub fn fetch_with<T>(&self, call: &Call<'_>, read: impl Fn(Whole) -> Result<T, Problem>) -> Result<T, Error> {
        self.patiently(call, || read(self.ask(call)?.read()?))
    }

    /// The pauses between attempts; as many as settings allow.
    pub(crate) fn pauses(&self) -> impl Iterator<Item = Duration> + Send + use<> {
        ExponentialBuilder::new()
            .with_min_delay(self.settings.pause)
            .with_max_delay(self.settings.longest_pause)
            .with_max_times(self.settings.attempts.saturating_sub(1))
            .with_jitter()
            .build()
    }

    /// Waits before the next attempt, unless the night would be over by then.
    pub(crate) fn pause(&self, call: &Call<'_>, pause: Duration, problem: &Problem) -> Result<(), Error> {
        let pause = problem.retry_after().unwrap_or(pause).min(self.settings.longest_pause);
        if self.clock.now() + pause >= call.deadline {
            return Err(call.failed(Problem::DeadlinePassed));
        }
        tracing::warn!(source = call.source, address = call.shown, %problem, seconds = pause.as_secs_f64(), "asking again after a pause");
        self.clock.sleep(pause);
        Ok(())
    }

    fn patiently<T>(&self, call: &Call<'_>, ask: impl Fn() -> Result<T, Problem>) -> Result<T, Error> {
        let failures = self.failures.load(Ordering::Relaxed);
        if failures >= self.settings.give_up_after {
            return Err(call.failed(Problem::GivenUp { failures }));
        }
        let mut pauses = self.pauses();
        loop {
            match ask() {
                Ok(answer) => {
                    self.failures.store(0, Ordering::Relaxed);
                    return Ok(answer);
                }
                // A refusal is an answer: the source is there.
                Err(problem) if !problem.is_passing() => return Err(call.failed(problem)),
                Err(problem) => {
                    let waited = match pauses.next() {
                        Some(pause) => self.pause(call, pause, &problem),
                        None => Err(call.failed(problem)),
                    };
                    if let Err(error) = waited {
                        self.failures.fetch_add(1, Ordering::Relaxed);
                        return Err(error);
                    }
                }
            }
        }
    }

    /// One attempt, with redirects within the origin followed.
    fn ask(&self, call: &Call<'_>) -> Result<Answer, Problem> {
        let began = self.clock.now();
        if began >= call.deadline {
            return Err(Problem::DeadlinePassed);
        }
        let mut url = self.checked(call.address)?;
        for _ in 0..MOST_REDIRECTS {
            let response = self.send(call, url.clone())?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                let (most_bytes, stall, total) = (self.settings.most_bytes, self.settings.stall, self.settings.total);
                let (address, clock) = (call.shown.to_owned(), self.clock.clone());
                let limits = Limits { source: call.source, address, most_bytes, stall, total, began, deadline: call.deadline, clock };
                return judge(Answer::new(response, limits), call.accepted);
            }
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| url.join(to).ok());
            let to = to.ok_or(Problem::Status { status, retry_after: None })?;
            // A body is for the address it was made for.
            if to.origin() != url.origin() || call.body.is_some() {
                return Err(Problem::Redirected { to: to.origin().ascii_serialization() });
            }
            url = to;
        }
        Err(Problem::Redirected { to: "itself, again and again".to_owned() })
    }

    fn send(&self, call: &Call<'_>, url: Url) -> Result<Response, Problem> {
        let mut request = self.client.request(call.method.clone(), url);
        for (name, value) in &call.headers {
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                let reason = format!("header {name} would hold characters that no header may hold");
                Problem::Request { reason }
            })?;
            value.set_sensitive(true);
            request = request.header(HeaderName::from_static(name), value);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        request.send().map_err(|error| Problem::of(error, self.settings.stall))
    }

    fn checked(&self, address: &str) -> Result<Url, Problem> {
        let unusable = |reason: &str| Problem::Request { reason: reason.to_owned() };
        let url = Url::parse(address).map_err(|_| unusable("this is no address"))?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.settings.allow_plain || is_this_machine(&url) => Ok(url),
            "http" => Err(unusable("`http://` would show everything to the network; use `https://`, or set `allow_plain = true`")),
            _ => Err(unusable("its address must begin with `https://`")),
        }
    }
}

fn judge(answer: Answer, accepted: &[u16]) -> Result<Answer, Problem> {
    let status = answer.status();
    let good = (200..300).contains(&status);
    if good && answer.is_page() {
        return Err(Problem::NotData { found: "a web page" });
    }
    // A page that says 5xx comes from something that stands before the source. (Spinta itself says 401 with a page.)
    if good || (accepted.contains(&status) && (status < 500 || !answer.is_page())) {
        return Ok(answer);
    }
    Err(Problem::Status { status, retry_after: answer.header(RETRY_AFTER.as_str()).and_then(retry_after) })
}

/// `Retry-After`: seconds, or a date.
fn retry_after(value: &str) -> Option<Duration> {
    match value.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // A date that has passed asks for no pause.
        Err(_) => Some(httpdate::parse_http_date(value).ok()?.duration_since(SystemTime::now()).unwrap_or_default()),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests;
