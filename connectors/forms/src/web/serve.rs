//! The network side: reads requests within bounds, hands them to the router, sends what comes back.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE};
use axum::http::{HeaderMap, Method as HttpMethod, Response};
use chrono::{TimeDelta, Utc};
use intake::{Encoding, Refused, Sent, Upload, pairs};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connections::{self, Patience};
use super::refusals::Refusals;
use super::visit::{HANDOVER_COOKIE, SESSION_COOKIE};
use super::{Limits, Method, Reply, Trouble, Visit, guard, router::answer};
use crate::app::App;
use crate::{Error, outgoing, store};

/// Largest body of somebody who is not signed in, in bytes: a name, a password and a code, or a ticket.
const LARGEST_UNKNOWN: u64 = 64 << 10;
/// So many larger bodies are in memory at a time; others wait.
const LARGE_AT_A_TIME: usize = 8;
/// So many pages about submissions are made at a time; others wait. While one is made, all of a submission is in memory several times over, and more
/// at once would not be made sooner.
const MADE_AT_A_TIME: usize = 4;
/// Largest body of a form without files, in bytes: a thousand participants.
const LARGEST_FORM: usize = 4 << 20;
/// Largest body with files.
const LARGEST_UPLOAD: usize = 13 << 20;
/// A body must be there after so long.
const READ_WITHIN: Duration = Duration::from_secs(30);
/// How often what has ended is cleared away.
const TIDY_EVERY: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct Shared {
    app: Arc<App>,
    limits: Arc<Limits>,
    refusals: Arc<Refusals>,
    large: Arc<Semaphore>,
    making: Arc<Semaphore>,
}

/// Serves until `ended`, delivers mail and clears away beside it.
pub async fn serve(app: Arc<App>, listener: tokio::net::TcpListener, ended: impl Future<Output = ()>) {
    let limits = Arc::new(Limits::new(&app.settings));
    let places = |count| Arc::new(Semaphore::new(count));
    let refusals = Arc::new(Refusals::new());
    let shared = Shared { app, limits, refusals, large: places(LARGE_AT_A_TIME), making: places(MADE_AT_A_TIME) };
    let tidying = tokio::spawn(tidy(shared.clone()));
    let delivering = tokio::spawn(outgoing::deliver(shared.app.clone()));
    connections::serve(listener, Patience::USUAL, move |peer, request| handle(shared.clone(), peer, request), ended).await;
    tidying.abort();
    delivering.abort();
}

async fn tidy(Shared { app, limits, refusals, .. }: Shared) {
    let mut clock = tokio::time::interval(TIDY_EVERY);
    loop {
        clock.tick().await;
        limits.forget();
        refusals.sum_up();
        let app = app.clone();
        let tidied = tokio::task::spawn_blocking(move || {
            app.refresh_register();
            let now = Utc::now();
            let abandoned = now - TimeDelta::days(app.settings.draft_days.into());
            app.store.write::<_, Error>(store::Durability::Usual, |transaction| {
                store::end_stale(transaction, now)?;
                store::discard_abandoned(transaction, abandoned, now)
            })
        });
        match tidied.await {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(drafts)) => tracing::info!(drafts, "abandoned drafts were discarded"),
            Ok(Err(error)) => tracing::warn!(%error, "expired sessions and abandoned drafts could not be removed"),
        }
    }
}

async fn handle(shared: Shared, peer: IpAddr, request: Request) -> Response<Body> {
    let address = visitor(&shared.app, peer, request.headers());
    let path: Vec<String> = request.uri().path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let token = cookie(request.headers(), SESSION_COOKIE);
    let read = read(&shared, address, &path, request).await;
    let _place = if is_made_here(&path) { shared.making.clone().acquire_owned().await.ok() } else { None };
    let answering = shared.clone();
    let answered = tokio::task::spawn_blocking(move || match read {
        Ok(read) => respond(&answering, path, read),
        Err(trouble) => {
            answering.refusals.note_unread(address, &path, &trouble);
            unread(&answering.app, token.as_deref(), trouble)
        }
    });
    let mut reply =
        answered.await.unwrap_or_else(|_| Trouble::Broken(Error::Content("a defect ended the request")).page(&shared.app, None));
    let form_action = reply.form_action.take();
    let mut response = reply.into_response();
    guard::set_headers(&mut response, form_action.as_deref());
    response
}

/// Whether a page about submissions is made without asking anybody else: who waits for a register or a signing module keeps no place.
fn is_made_here(path: &[String]) -> bool {
    path.first().is_some_and(|first| first == "pateiktis" || first == "pasirasyti-kartu") && !path.iter().any(|part| part == "rc")
}

/// A request as it was read; [`Visit`] adds what the store knows.
struct Read {
    method: Method,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    uploads: Vec<Upload>,
    address: IpAddr,
    token: Option<String>,
    handover: Option<String>,
    /// Held until the request is answered, since the body is in memory as long.
    large: Option<OwnedSemaphorePermit>,
}

fn respond(shared: &Shared, path: Vec<String>, read: Read) -> Reply {
    let Shared { app, limits, refusals, .. } = shared;
    let now = Utc::now();
    let mut known = None;
    let held = read.token.clone();
    let answered = (|| {
        let session = match &read.token {
            Some(token) => app.store.read(|connection| store::find_session(connection, token, now))?,
            None => None,
        };
        known.clone_from(&session);
        let Read { method, query, form, uploads, address, token, handover, large: _large } = read;
        let visit = Visit { app, now, method, path, query, form, uploads, address, token, handover, session };
        counted(&visit, limits).and_then(|()| answer(&visit, limits)).inspect_err(|trouble| refusals.note(&visit, trouble))
    })();
    answered.unwrap_or_else(|trouble| {
        // Whoever was signed in a while ago should know why they are not any more.
        let ended = matches!(trouble, Trouble::SignIn) && held.is_some_and(|token| has_ended(app, &token));
        if ended { Reply::to("/prisijungti?baigesi=1") } else { trouble.page(app, known.as_ref()) }
    })
}

/// Whether the session of a token ended by itself not long ago.
fn has_ended(app: &App, token: &str) -> bool {
    app.store.read(|connection| store::ended_session(connection, token, Utc::now())).is_ok_and(|ended| ended.is_some())
}

/// What somebody is told whose request was not even read. Who asks too often is not looked up: refusing them must cost little.
fn unread(app: &App, token: Option<&str>, trouble: Trouble) -> Reply {
    let find = |token: &str| app.store.read(|connection| store::find_session(connection, token, Utc::now())).ok()?;
    let session = if matches!(trouble, Trouble::TooMany) { None } else { token.and_then(find) };
    trouble.page(app, session.as_ref())
}

/// Counts a request for whoever is signed in, and notes that the session was used.
fn counted(visit: &Visit<'_>, limits: &Limits) -> Result<(), Trouble> {
    let (Some(session), Some(token)) = (&visit.session, &visit.token) else { return Ok(()) };
    limits.person(session.account)?;
    if session.stale {
        visit.app.store.write::<_, Error>(store::Durability::Usual, |transaction| store::touch_session(transaction, token, visit.now))?;
    }
    Ok(())
}

async fn read(shared: &Shared, address: IpAddr, path: &[String], request: Request) -> Result<Read, Trouble> {
    let method = match *request.method() {
        HttpMethod::GET | HttpMethod::HEAD => Method::Get,
        HttpMethod::POST => Method::Post,
        _ => return Err(Trouble::NotFound),
    };
    // Style sheets and scripts come with every page; they cost nothing.
    if path.first().is_none_or(|first| first != "failai") {
        shared.limits.address(address)?;
    }
    guard::check_origin(method, path, request.headers(), &shared.app.settings.origin)?;
    let query = pairs(request.uri().query().unwrap_or_default().as_bytes());
    let (token, handover) = (cookie(request.headers(), SESSION_COOKIE), cookie(request.headers(), HANDOVER_COOKIE));
    let (mut sent, mut large) = (Sent::default(), None);
    if method == Method::Post {
        let reading = async {
            let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
            let place = if length.is_some_and(|length| length <= LARGEST_UNKNOWN) {
                None
            } else {
                Some(large_body(shared, token.as_deref()).await?)
            };
            Ok::<_, Trouble>((read_body(request).await?, place))
        };
        (sent, large) = tokio::time::timeout(READ_WITHIN, reading).await.map_err(|_| Trouble::Slow)??;
    }
    let Sent { form, uploads } = sent;
    Ok(Read { method, query, form, uploads, address, token, handover, large })
}

/// A place for a large body, for somebody who is signed in, or was until a while ago and may have typed much: others have nothing so large to
/// say, and could fill the memory with it.
async fn large_body(shared: &Shared, token: Option<&str>) -> Result<OwnedSemaphorePermit, Trouble> {
    let token = token.ok_or(Trouble::TooLarge)?.to_owned();
    let app = shared.app.clone();
    let find = move || {
        app.store.read(|connection| {
            let now = Utc::now();
            Ok(store::find_session(connection, &token, now)?.is_some() || store::ended_session(connection, &token, now)?.is_some())
        })
    };
    let known = tokio::task::spawn_blocking(find).await.map_err(|_| Error::Content("a defect ended the request"))??;
    if !known {
        return Err(Trouble::SignIn);
    }
    shared.large.clone().acquire_owned().await.map_err(|_| Trouble::TooMany)
}

async fn read_body(request: Request) -> Result<Sent, Trouble> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let most = match Encoding::of(&kind).ok_or(Trouble::Malformed)? {
        Encoding::Parts => LARGEST_UPLOAD,
        Encoding::Pairs => LARGEST_FORM,
    };
    let body = to_bytes(request.into_body(), most).await.map_err(|_| Trouble::TooLarge)?;
    intake::read(&kind, body).await.map_err(|refused| match refused {
        Refused::TooMany => Trouble::TooLarge,
        Refused::Malformed => Trouble::Malformed,
    })
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    cookies.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Whose request it is: the peer, or what our own web server in front says. That server may write a header of its own behind one that the
/// visitor made up, so the last one counts.
fn visitor(app: &App, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok();
    if app.settings.behind_proxy == Some(true) { forwarded().unwrap_or(peer) } else { peer }
}
