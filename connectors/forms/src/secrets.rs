//! Secrets: random tokens, keyed hashes of personal codes, passwords and one-time codes.

use std::sync::{Mutex, PoisonError};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use totp_rs::{Builder, Totp};

use crate::random::random;
use crate::seal::Purpose;
use crate::{Error, Seal};

/// Name of this system in people's authenticator applications.
const ISSUER: &str = "VIRSIS";
/// Length of the secret of one-time codes, in bytes (RFC 4226 recommends 160 bits).
const TOTP_BYTES: usize = 20;
/// Shortest password (OWASP ASVS 5.0, 6.2.1 with a second factor).
pub const SHORTEST_PASSWORD: usize = 12;
/// Random bytes of a password that is made here.
const PASSWORD_BYTES: usize = 16;
/// Longest password that is looked at.
pub const LONGEST_PASSWORD: usize = 128;

/// A password takes tens of milliseconds and 19 MiB: one at a time, so that guessing cannot use up the machine.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A text nobody can guess: 256 random bits.
pub(crate) fn token() -> Result<String, Error> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// The key under which personal codes are hashed.
#[derive(Clone)]
pub struct PersonHash([u8; 32]);

impl std::fmt::Debug for PersonHash {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PersonHash")
    }
}

impl PersonHash {
    /// Takes a secret of this installation.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Encryption of seeds of one-time codes, under a key derived from this one.
    #[must_use]
    pub fn seal(&self) -> Seal {
        Seal::new(&self.0, Purpose::Seeds)
    }

    /// Encryption of what was typed, under another such key.
    pub(crate) fn seal_of_typed(&self) -> Seal {
        Seal::new(&self.0, Purpose::Typed)
    }

    /// The password that is offered to a session in the place of this one: random to everybody else, the same each time the page is asked for.
    pub(crate) fn offered_password(&self, csrf: &str, hash: &str) -> String {
        let mut mac = self.mac(b"forms password ");
        for part in [csrf, hash] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        BASE64_URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..PASSWORD_BYTES])
    }

    fn mac(&self, purpose: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(purpose);
        mac
    }

    /// What stands for a person outside submissions.
    #[must_use]
    pub fn of(&self, code: &str) -> String {
        let mut mac = self.mac(b"forms person ");
        mac.update(code.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

/// A password nobody can guess: 128 random bits.
///
/// # Errors
/// There is no randomness.
pub fn new_password() -> Result<String, Error> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<PASSWORD_BYTES>()?))
}

/// Argon2id hash of a password, with its salt and parameters, in PHC form.
///
/// # Errors
/// The password is too short or too long, or there is no randomness.
pub fn hash_password(password: &str) -> Result<String, Error> {
    if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&password.chars().count()) {
        return Err(Error::Refused(format!("a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} letters")));
    }
    let salt = random::<16>()?;
    let hash: argon2::PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| Error::Password)?;
    Ok(hash.to_string())
}

/// Whether this is the password. Without an account (`None`) as much time passes and it is not.
pub(crate) fn is_password(password: &str, hash: Option<&str>) -> bool {
    // Of no password at all; only the time matters.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if password.len() > 4 * LONGEST_PASSWORD {
        return false;
    }
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}

/// A new secret of one-time codes, and the address to put into an authenticator application.
///
/// # Errors
/// There is no randomness, or the name has a colon.
pub fn new_totp(login: &str) -> Result<(Vec<u8>, String), Error> {
    let secret = random::<TOTP_BYTES>()?.to_vec();
    let refused = |_| Error::Refused("a name to sign in with has no colon".to_owned());
    let address = totp(&secret, login)?.to_url().map_err(refused)?;
    Ok((secret, address))
}

/// The time step whose code this is, now or a moment ago.
pub(crate) fn totp_step(secret: &[u8], code: &str, now: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let step = totp(secret, "x").ok()?.check(&digits, u64::try_from(now).ok()?)?;
    i64::try_from(step).ok()
}

fn totp(secret: &[u8], login: &str) -> Result<Totp, Error> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some(ISSUER))
        .with_account_name(login)
        .build()
        .map_err(|_| Error::Refused("one-time codes cannot be made for this name".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let hash = hash_password("labai ilgas slaptažodis").unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(is_password("labai ilgas slaptažodis", Some(&hash)));
        assert!(!is_password("labai ilgas slaptazodis", Some(&hash)) && !is_password("labai ilgas slaptažodis", None));
        assert!(hash_password("trumpas").is_err());
    }

    #[test]
    fn a_one_time_code_fits_its_step_and_the_neighbours_only() {
        let (secret, address) = new_totp("jonas").unwrap();
        assert!(address.starts_with("otpauth://totp/VIRSIS:jonas?"), "{address}");
        let now = 1_800_000_000;
        let code = totp(&secret, "x").unwrap().generate(now as u64).to_string();
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(totp_step(&secret, &spaced, now), Some(now / 30));
        assert!(totp_step(&secret, &code, now + 30).is_some() && totp_step(&secret, &code, now + 90).is_none());
        for wrong in ["", "12345", "1234567", "abcdef"] {
            assert_eq!(totp_step(&secret, wrong, now), None);
        }
    }

    #[test]
    fn an_offered_password_is_of_its_session_and_of_the_password_it_replaces() {
        let persons = PersonHash::new([1; 32]);
        let offered = persons.offered_password("csrf", "hash");
        assert_eq!((offered.len(), &offered), (22, &persons.offered_password("csrf", "hash")));
        let others = [
            persons.offered_password("csrf2", "hash"),
            persons.offered_password("csrf", "hash2"),
            persons.offered_password("csrfh", "ash"),
            PersonHash::new([2; 32]).offered_password("csrf", "hash"),
            persons.of("csrf"),
        ];
        assert!(!others.contains(&offered));
    }

    #[test]
    fn secrets_that_are_made_here_are_long_and_differ() {
        assert_ne!(new_password().unwrap(), new_password().unwrap());
        assert_eq!(new_password().unwrap().len(), 22, "128 bits");
        let ((one, _), (other, _)) = (new_totp("a").unwrap(), new_totp("a").unwrap());
        assert!(one.len() == 20 && one != other, "160 bits");
        assert!(token().unwrap().len() == 43 && token().unwrap() != token().unwrap(), "256 bits");
    }

    #[test]
    fn a_long_password_is_taken_whole() {
        let long = "ž".repeat(LONGEST_PASSWORD);
        let hash = hash_password(&long).unwrap();
        assert!(
            is_password(&long, Some(&hash)) && !is_password(&long[2..], Some(&hash)) && !is_password(&(long.clone() + "z"), Some(&hash))
        );
        assert!(hash_password(&(long + "z")).is_err());
    }

    #[test]
    fn persons_are_hashed_under_the_key() {
        let (one, other) = (PersonHash::new([1; 32]), PersonHash::new([2; 32]));
        assert_eq!(one.of("33309240064"), one.of("33309240064"));
        assert_ne!(one.of("33309240064"), other.of("33309240064"));
        assert!(!format!("{one:?}").contains('1') && same("a", "a") && !same("a", "b"));
    }
}
