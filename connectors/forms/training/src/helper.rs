//! The helper over HTTP: a start page for those who practise, and the interface of the Centre of Registers' signing module (docs/forms.md).

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{get, post};
use chrono::Utc;
use subtle::ConstantTimeEq;

use crate::pages::{Pages, STYLE};
use crate::settings::Settings;
use crate::waiting::Room;
use crate::{Authority, Error, Person, exercises, files, sign};

/// Largest document, in bytes.
const LARGEST: usize = 12 << 20;
const HTML: &str = "text/html; charset=utf-8";

/// The helper.
pub struct Helper {
    people: Vec<Person>,
    authority: Authority,
    token: String,
    settings: Settings,
    pages: Pages,
    room: Room,
}

type Answer = Response<Body>;

impl Helper {
    /// Reads what [`crate::make`] made, and the exercises.
    ///
    /// # Errors
    /// A file is missing or wrong.
    pub fn load(settings: Settings) -> Result<Self, Error> {
        let (people, authority, token) = files::load(&settings.folder)?;
        let pages = Pages::new(exercises(&settings.home)?)?;
        Ok(Self { people, authority, token, settings, pages, room: Room::default() })
    }

    /// Everything it answers.
    pub fn router(self) -> Router {
        let helper = Arc::new(self);
        Router::new()
            .route("/", get(start))
            .route("/pratimai/{role}", get(exercise))
            .route("/stilius.css", get(async || answer(StatusCode::OK, "text/css; charset=utf-8", STYLE)))
            .route("/dokumentai", post(take))
            .route("/dokumentai/{number}/konteineris", get(container))
            .route("/pasirasyti/{number}", get(to_sign).post(signed))
            .route("/pasirasyti/{number}/dokumentas.pdf", get(document))
            .fallback(async |State(helper): State<Arc<Helper>>| helper.missing())
            .layer(from_fn_with_state(helper.clone(), guarded))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(helper)
    }

    /// Whether whoever asks has the token.
    fn knows(&self, headers: &HeaderMap) -> bool {
        let given = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        given.is_some_and(|given| given.as_bytes().ct_eq(self.token.as_bytes()).into())
    }

    fn page(&self, made: Result<String, Error>) -> Answer {
        match made {
            Ok(page) => answer(StatusCode::OK, HTML, page),
            Err(error) => answer(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", error.to_string()),
        }
    }

    fn missing(&self) -> Answer {
        let mut answer = self.page(self.pages.missing());
        *answer.status_mut() = StatusCode::NOT_FOUND;
        answer
    }
}

fn answer(status: StatusCode, kind: &str, body: impl Into<Body>) -> Answer {
    let made = Response::builder().status(status).header("content-type", kind).body(body.into());
    made.unwrap_or_default()
}

/// Pages of other sites learn nothing here, not even those that call this machine by a name of theirs; browsers may do what pages need.
async fn guarded(State(helper): State<Arc<Helper>>, request: Request, next: Next) -> Answer {
    let own = helper.settings.own_origin.split("//").nth(1).unwrap_or_default();
    let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    if host != own && host.strip_prefix("localhost:") != own.strip_prefix("127.0.0.1:") {
        return answer(StatusCode::FORBIDDEN, "text/plain; charset=utf-8", "this address is not mine");
    }
    let mut answer = next.run(request).await;
    let policy = format!(
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self' {}; frame-ancestors 'none'",
        helper.settings.endpoint_origin
    );
    for (name, value) in [
        ("content-security-policy", policy.as_str()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        if let Ok(value) = value.parse() {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

async fn start(State(helper): State<Arc<Helper>>) -> Answer {
    helper.page(helper.pages.start(&helper.people, &helper.settings, Utc::now()))
}

async fn exercise(State(helper): State<Arc<Helper>>, Path(role): Path<String>) -> Answer {
    match helper.pages.exercise(&role, &helper.people, &helper.settings, Utc::now()) {
        Some(page) => helper.page(page),
        None => helper.missing(),
    }
}

async fn take(State(helper): State<Arc<Helper>>, headers: HeaderMap, body: Bytes) -> Answer {
    if !helper.knows(&headers) {
        return answer(StatusCode::UNAUTHORIZED, "text/plain", "");
    }
    let back = headers.get("grizti").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let own = back.strip_prefix(&helper.settings.endpoint_origin).is_some_and(|rest| rest.starts_with('/'));
    if !own || !body.starts_with(b"%PDF-") {
        return answer(StatusCode::BAD_REQUEST, "text/plain", "");
    }
    match helper.room.keep(body.to_vec(), back.to_owned()) {
        Ok(number) => {
            let address = format!("{}/pasirasyti/{number}", helper.settings.own_origin);
            let begun = serde_json::json!({"numeris": number, "adresas": address});
            answer(StatusCode::CREATED, "application/json", begun.to_string())
        }
        Err(_) => answer(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", ""),
    }
}

async fn container(State(helper): State<Arc<Helper>>, headers: HeaderMap, Path(number): Path<String>) -> Answer {
    if !helper.knows(&headers) {
        return answer(StatusCode::UNAUTHORIZED, "text/plain", "");
    }
    match helper.room.find(&number).and_then(|one| one.container) {
        Some(container) => answer(StatusCode::OK, "application/vnd.etsi.asic-e+zip", container),
        None => answer(StatusCode::NOT_FOUND, "text/plain", ""),
    }
}

async fn to_sign(State(helper): State<Arc<Helper>>, Path(number): Path<String>) -> Answer {
    match helper.room.find(&number) {
        Some(one) => helper.page(helper.pages.sign(&helper.people, &one, false)),
        None => helper.missing(),
    }
}

async fn document(State(helper): State<Arc<Helper>>, Path(number): Path<String>) -> Answer {
    match helper.room.find(&number) {
        Some(one) => answer(StatusCode::OK, "application/pdf", one.document),
        None => helper.missing(),
    }
}

async fn signed(State(helper): State<Arc<Helper>>, Path(number): Path<String>, body: Bytes) -> Answer {
    let Some(one) = helper.room.find(&number) else { return helper.missing() };
    let fields: HashMap<_, _> = form_urlencoded::parse(&body).collect();
    let chosen = fields.get("asmuo").and_then(|login| helper.people.iter().find(|person| person.login == *login));
    let Some(person) = chosen else { return helper.page(helper.pages.sign(&helper.people, &one, true)) };
    match sign(&helper.authority, person, &one.document, Utc::now()) {
        Ok(container) => {
            helper.room.signed(&number, container);
            let moved = Response::builder().status(StatusCode::SEE_OTHER).header("location", &one.back).body(Body::empty());
            moved.unwrap_or_default()
        }
        Err(error) => helper.page(Err(error)),
    }
}
