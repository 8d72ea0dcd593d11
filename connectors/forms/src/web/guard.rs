//! What stands before every page: headers, where a request comes from, how often somebody may ask.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Limits of several, each of their own.
pub(super) type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// How often somebody may ask.
#[derive(Debug)]
pub struct Limits {
    addresses: Keyed<IpAddr>,
    persons: Keyed<i64>,
    sign_ins: Keyed<IpAddr>,
    look_ups: Keyed<i64>,
    suggestions: Keyed<i64>,
    signing_in: AtomicUsize,
}

/// So many may be signing in at the same moment, whoever they are. Passwords are looked at one after another and VIISP may be slow: those
/// who wait must not use up the threads that all pages need.
const MOST_SIGNING_IN: usize = 64;

/// Look-ups of one person in a minute: enough for typing, too few for copying a register.
const LOOK_UPS_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(29);
/// Legal entities are asked for while somebody types a name, every few letters.
const SUGGESTIONS_PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);

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
            suggestions: RateLimiter::keyed(Quota::per_minute(SUGGESTIONS_PER_MINUTE)),
            signing_in: AtomicUsize::new(0),
        }
    }

    pub(crate) fn address(&self, address: IpAddr) -> Result<(), Trouble> {
        self.addresses.check_key(&network(address)).map_err(|_| Trouble::TooMany)
    }

    pub(crate) fn person(&self, account: i64) -> Result<(), Trouble> {
        self.persons.check_key(&account).map_err(|_| Trouble::TooMany)
    }

    /// A place among those who are signing in, given up when the value goes.
    pub(crate) fn sign_in(&self, address: IpAddr) -> Result<Place<'_>, Trouble> {
        self.sign_ins.check_key(&network(address)).map_err(|_| Trouble::TooMany)?;
        let place = Place(&self.signing_in);
        if self.signing_in.fetch_add(1, Ordering::Relaxed) < MOST_SIGNING_IN { Ok(place) } else { Err(Trouble::TooMany) }
    }

    pub(crate) fn look_up(&self, account: i64) -> Result<(), Trouble> {
        self.look_ups.check_key(&account).map_err(|_| Trouble::TooMany)
    }

    pub(crate) fn suggest(&self, account: i64) -> Result<(), Trouble> {
        self.suggestions.check_key(&account).map_err(|_| Trouble::TooMany)
    }

    /// Forgets those who have not asked for a while.
    pub(crate) fn forget(&self) {
        self.addresses.retain_recent();
        self.persons.retain_recent();
        self.sign_ins.retain_recent();
        self.look_ups.retain_recent();
        self.suggestions.retain_recent();
    }
}

/// Somebody's place among those who are signing in.
pub(crate) struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whom an address counts for: of IPv6 everybody has a whole network of 2⁶⁴ addresses, and could ask from another one each time.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address => address,
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
    if own_site && own_origin { Ok(()) } else { Err(Trouble::Foreign) }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(sign_ins_per_minute: u32) -> Limits {
        Limits::new(&Settings { sign_ins_per_minute, ..Settings::default() })
    }

    #[test]
    fn whoever_has_a_network_of_addresses_counts_once() {
        let limits = limits(2);
        let ask = |address: &str| limits.sign_in(address.parse().unwrap()).is_ok();
        assert!(ask("2001:db8:1:2::1") && ask("2001:db8:1:2:ffff::9"));
        assert!(!ask("2001:db8:1:2:3:4:5:6"), "another address of the same network");
        assert!(ask("2001:db8:1:3::1") && ask("192.0.2.1") && ask("192.0.2.2"));
        assert!(ask("::ffff:192.0.2.1") && !ask("192.0.2.1"), "an old address in the new form is the same address");
    }

    #[test]
    fn only_so_many_sign_in_at_the_same_moment() {
        let limits = limits(10_000);
        let address = "192.0.2.1".parse().unwrap();
        let places: Vec<_> = (0..MOST_SIGNING_IN).map(|_| limits.sign_in(address).unwrap()).collect();
        assert!(limits.sign_in(address).is_err() && limits.sign_in(address).is_err());
        drop(places);
        assert!(limits.sign_in(address).is_ok(), "those who were refused took no place");
    }
}
