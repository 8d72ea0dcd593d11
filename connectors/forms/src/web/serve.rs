//! The network side: reads requests within bounds, hands them to the router, sends what comes back.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE};
use axum::http::{HeaderMap, Method as HttpMethod, Response};
use chrono::Utc;
use intake::{Encoding, Refused, Sent, Upload, pairs};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::visit::{HANDOVER_COOKIE, SESSION_COOKIE};
use super::{Limits, Method, Reply, Trouble, Visit, guard, router::answer};
use crate::app::App;
use crate::{Error, outgoing, store};

/// Largest body of somebody who is not signed in, in bytes: a name, a password and a code, or a ticket.
const LARGEST_UNKNOWN: u64 = 64 << 10;
/// So many larger bodies are in memory at a time; others wait.
const LARGE_AT_A_TIME: usize = 8;
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
    large: Arc<Semaphore>,
}

/// Serves until `ended`, delivers mail and clears away beside it.
///
/// # Errors
/// The listener broke.
pub async fn serve(
    app: Arc<App>,
    listener: tokio::net::TcpListener,
    ended: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let limits = Arc::new(Limits::new(&app.settings));
    let tidying = tokio::spawn(tidy(app.clone(), limits.clone()));
    let delivering = tokio::spawn(outgoing::deliver(app.clone()));
    let shared = Shared { app, limits, large: Arc::new(Semaphore::new(LARGE_AT_A_TIME)) };
    // Bodies are bounded here, by what they are; axum's own bound is 2 MB for everything.
    let pages = Router::new().fallback(handle).layer(DefaultBodyLimit::disable()).with_state(shared);
    let service = pages.into_make_service_with_connect_info::<SocketAddr>();
    let result = axum::serve(listener, service).with_graceful_shutdown(ended).await;
    tidying.abort();
    delivering.abort();
    result.map_err(Error::Serve)
}

async fn tidy(app: Arc<App>, limits: Arc<Limits>) {
    let mut clock = tokio::time::interval(TIDY_EVERY);
    loop {
        clock.tick().await;
        limits.forget();
        let app = app.clone();
        let tidied = tokio::task::spawn_blocking(move || {
            app.refresh_register();
            app.store.write::<_, Error>(store::Durability::Usual, |transaction| store::end_stale(transaction, Utc::now()))
        });
        if let Ok(Err(error)) = tidied.await {
            tracing::warn!(%error, "what has ended could not be cleared away");
        }
    }
}

async fn handle(State(shared): State<Shared>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response<Body> {
    let address = visitor(&shared.app, peer.ip(), request.headers());
    let token = cookie(request.headers(), SESSION_COOKIE);
    let read = read(&shared, address, request).await;
    let Shared { app, limits, .. } = shared.clone();
    let answered = tokio::task::spawn_blocking(move || match read {
        Ok(read) => respond(&app, &limits, read),
        Err(trouble) => unread(&app, token.as_deref(), trouble),
    });
    let mut reply =
        answered.await.unwrap_or_else(|_| Trouble::Broken(Error::Content("a defect ended the request")).page(&shared.app, None));
    let form_action = reply.form_action.take();
    let mut response = reply.into_response();
    guard::set_headers(&mut response, form_action.as_deref());
    response
}

/// A request as it was read; [`Visit`] adds what the store knows.
struct Read {
    method: Method,
    path: Vec<String>,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    uploads: Vec<Upload>,
    address: IpAddr,
    token: Option<String>,
    handover: Option<String>,
    /// Held until the request is answered, since the body is in memory as long.
    large: Option<OwnedSemaphorePermit>,
}

fn respond(app: &App, limits: &Limits, read: Read) -> Reply {
    let now = Utc::now();
    let mut known = None;
    let answered = (|| {
        let session = match &read.token {
            Some(token) => app.store.read(|connection| store::find_session(connection, token, now))?,
            None => None,
        };
        known.clone_from(&session);
        if let (Some(session), Some(token)) = (&session, &read.token) {
            limits.person(session.account)?;
            if session.stale {
                app.store.write::<_, Error>(store::Durability::Usual, |transaction| store::touch_session(transaction, token, now))?;
            }
        }
        let Read { method, path, query, form, uploads, address, token, handover, large: _large } = read;
        let visit = Visit { app, now, method, path, query, form, uploads, address, token, handover, session };
        answer(&visit, limits).inspect_err(|trouble| note_refusal(&visit, trouble))
    })();
    answered.unwrap_or_else(|trouble| trouble.page(app, known.as_ref()))
}

/// What somebody is told whose request was not even read. Who asks too often is not looked up: refusing them must cost little.
fn unread(app: &App, token: Option<&str>, trouble: Trouble) -> Reply {
    let find = |token: &str| app.store.read(|connection| store::find_session(connection, token, Utc::now())).ok()?;
    let session = if matches!(trouble, Trouble::TooMany) { None } else { token.and_then(find) };
    trouble.page(app, session.as_ref())
}

/// Leaves a trace of what was refused for a reason that somebody may want to look into; never what was sent.
fn note_refusal(visit: &Visit<'_>, trouble: &Trouble) {
    let reason = match trouble {
        Trouble::Forbidden => "forbidden",
        Trouble::Forged => "forged",
        Trouble::TooMany => "too many",
        _ => return,
    };
    let account = visit.session.as_ref().map(|session| session.account);
    let page = visit.path.first().map(String::as_str).filter(|page| page.bytes().all(|byte| byte.is_ascii_lowercase())).unwrap_or("?");
    tracing::warn!(reason, account, page, address = %visit.address, "a request was refused");
    let Some(account) = account.filter(|_| !matches!(trouble, Trouble::TooMany)) else { return };
    let act = store::Act { actor: store::Actor::Account(account), action: "refused", object: page.to_owned(), detail: reason.to_owned() };
    if let Err(error) = visit.app.store.write::<_, Error>(store::Durability::Usual, |transaction| store::note(transaction, act, visit.now))
    {
        tracing::error!(%error, "a refusal could not be noted");
    }
}

async fn read(shared: &Shared, address: IpAddr, request: Request) -> Result<Read, Trouble> {
    let method = match *request.method() {
        HttpMethod::GET | HttpMethod::HEAD => Method::Get,
        HttpMethod::POST => Method::Post,
        _ => return Err(Trouble::NotFound),
    };
    let path: Vec<String> = request.uri().path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    // Style sheets and scripts come with every page; they cost nothing.
    if path.first().is_none_or(|first| first != "failai") {
        shared.limits.address(address)?;
    }
    guard::check_origin(method, &path, request.headers(), &shared.app.settings.origin)?;
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
    Ok(Read { method, path, query, form, uploads, address, token, handover, large })
}

/// A place for a large body, for somebody who is signed in: others have nothing so large to say, and could fill the memory with it.
async fn large_body(shared: &Shared, token: Option<&str>) -> Result<OwnedSemaphorePermit, Trouble> {
    let token = token.ok_or(Trouble::TooLarge)?.to_owned();
    let app = shared.app.clone();
    let find = move || app.store.read(|connection| store::find_session(connection, &token, Utc::now()));
    let session = tokio::task::spawn_blocking(find).await.map_err(|_| Error::Content("a defect ended the request"))??;
    session.ok_or(Trouble::SignIn)?;
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
    if app.settings.behind_proxy { forwarded().unwrap_or(peer) } else { peer }
}
