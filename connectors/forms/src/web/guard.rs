//! What stands before every page: headers, where a request comes from, how often somebody may ask.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};
use governor::clock::DefaultClock;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::{Method, Trouble};
use crate::settings::Settings;

/// What a browser may do with our pages.
const HEADERS: &[(&str, &str)] = &[
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"),
];

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// How often somebody may ask.
#[derive(Debug)]
pub struct Limits {
    addresses: Keyed<IpAddr>,
    persons: Keyed<i64>,
    sign_ins: Keyed<IpAddr>,
    look_ups: Keyed<i64>,
}

/// Look-ups of one person in a minute: enough for typing, too few for copying a register.
const LOOK_UPS_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);

impl Limits {
    /// Limits as the settings have them.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let per_minute = |count: u32| Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN));
        Self {
            addresses: RateLimiter::keyed(per_minute(settings.requests_per_minute)),
            persons: RateLimiter::keyed(per_minute(settings.requests_per_minute)),
            sign_ins: RateLimiter::keyed(per_minute(settings.sign_ins_per_minute)),
            look_ups: RateLimiter::keyed(Quota::per_minute(LOOK_UPS_PER_MINUTE)),
        }
    }

    pub(crate) fn address(&self, address: IpAddr) -> Result<(), Trouble> {
        self.addresses.check_key(&address).map_err(|_| Trouble::TooMany)
    }

    pub(crate) fn person(&self, account: i64) -> Result<(), Trouble> {
        self.persons.check_key(&account).map_err(|_| Trouble::TooMany)
    }

    pub(crate) fn sign_in(&self, address: IpAddr) -> Result<(), Trouble> {
        self.sign_ins.check_key(&address).map_err(|_| Trouble::TooMany)
    }

    pub(crate) fn look_up(&self, account: i64) -> Result<(), Trouble> {
        self.look_ups.check_key(&account).map_err(|_| Trouble::TooMany)
    }

    /// Forgets those who have not asked for a while.
    pub(crate) fn forget(&self) {
        self.addresses.retain_recent();
        self.persons.retain_recent();
        self.sign_ins.retain_recent();
        self.look_ups.retain_recent();
    }
}

/// Refuses what another site made the browser send. The one address that another site sends to is where VIISP comes back.
pub(super) fn check_origin(method: Method, path: &[String], headers: &HeaderMap, origin: &str) -> Result<(), Trouble> {
    let from_viisp = path.iter().map(String::as_str).eq(["viisp", "atgal"]);
    if method == Method::Get || from_viisp {
        return Ok(());
    }
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let own_site = header("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let own_origin = header("origin").is_none_or(|sent| sent == origin);
    if own_site && own_origin { Ok(()) } else { Err(Trouble::Forged) }
}

/// Sets the headers that every answer has.
pub(super) fn set_headers<B>(response: &mut Response<B>, form_action: Option<&str>) {
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'{}{}; base-uri 'none'; frame-ancestors 'none'",
        if form_action.is_some() { " " } else { "" },
        form_action.unwrap_or_default()
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert("content-security-policy", policy);
    }
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}
