//! What the configuration says of VIISP.

use std::path::PathBuf;

use serde::de::{Deserialize, Deserializer, Error as _};
use url::{Host, Url};
use xmlsignature::Hash;

use crate::Error;

/// Where VIISP is, as whom we speak, whom we believe.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where questions are posted: `https://www.epaslaugos.lt/portal/authenticationServices/auth`.
    #[serde(deserialize_with = "address")]
    pub service: Url,
    /// Where the browser posts the ticket: `https://www.epaslaugos.lt/portal/external/services/authentication/v2/`.
    #[serde(deserialize_with = "address")]
    pub portal: Url,
    /// Our participant's id, as the contract names it.
    pub pid: String,
    /// Our RSA key: PKCS#8 in PEM, mode 0600. VIISP knows its public half.
    pub key_file: PathBuf,
    /// VIISP's certificates or public keys, in PEM, got by another way than VIISP's answers; answers signed with any other key are
    /// refused. Two of them while VIISP changes its key.
    pub service_keys: Vec<PathBuf>,
    /// Hashes its signatures may use. Add `sha1`, which is broken, only while VIISP answers with it.
    #[serde(default = "hashes")]
    pub hashes: Vec<Hash>,
    /// Ways of signing in that are offered; an answer that tells of any other is refused.
    #[serde(default = "providers")]
    pub providers: Vec<String>,
    /// Seconds until one question is answered in full.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u64,
    /// Authorities whose TLS certificates are believed, in PEM, instead of those of this machine.
    #[serde(default)]
    pub authorities_file: Option<PathBuf>,
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    Url::parse(&String::deserialize(deserializer)?).map_err(|_| D::Error::custom("this is no address; it must begin with `https://`"))
}

fn hashes() -> Vec<Hash> {
    vec![Hash::Sha256]
}

/// Those that prove a person by something better than a password and can name a Lithuanian personal code.
fn providers() -> Vec<String> {
    ["auth.lt.identity.card", "auth.lt.government.employee.card", "auth.lt.bank", "auth.eidas", "auth.signatureProvider"]
        .map(str::to_owned)
        .into()
}

/// A person waits.
fn timeout_seconds() -> u64 {
    20
}

/// The shortest and the longest patience: a day is no timeout.
const PATIENCE: std::ops::RangeInclusive<u64> = 1..=600;
/// Characters of a participant's id or a provider.
const LONGEST_NAME: usize = 64;

impl Settings {
    /// # Errors
    /// A value that cannot work, or would not be safe.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_name = |text: &String| (1..=LONGEST_NAME).contains(&text.len()) && text.chars().all(is_name_character);
        let wrong: [(&str, bool, &str); 7] = [
            ("service", !is_protected(&self.service), "must begin with `https://`"),
            ("portal", !is_protected(&self.portal), "must begin with `https://`"),
            ("pid", !is_name(&self.pid), "must be letters and digits; the contract with VIISP names it"),
            ("service_keys", self.service_keys.is_empty(), "must name at least one certificate of VIISP, else no answer can be believed"),
            ("hashes", self.hashes.is_empty(), "must name at least one hash: `sha256`"),
            (
                "providers",
                self.providers.is_empty() || !self.providers.iter().all(is_name),
                "must name at least one way of signing in: `auth.lt.bank`, for example",
            ),
            ("timeout_seconds", !PATIENCE.contains(&self.timeout_seconds), "must be 1 to 600"),
        ];
        match wrong.into_iter().find(|(_, is_wrong, _)| *is_wrong) {
            Some((key, _, reason)) => Err(Error::Settings { key, reason: reason.to_owned() }),
            None => Ok(()),
        }
    }
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "._-".contains(character)
}

/// Whether nobody between us can read along: TLS, or this very machine.
pub(crate) fn is_protected(url: &Url) -> bool {
    let is_this_machine = || match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let plain_names = url.username().is_empty() && url.password().is_none();
    plain_names && (url.scheme() == "https" || (url.scheme() == "http" && is_this_machine()))
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error as Unread, MapDeserializer, SeqDeserializer};
    use serde::de::{IntoDeserializer, Visitor};
    use serde::forward_to_deserialize_any;

    use super::*;

    /// A value of a configuration file.
    #[derive(Clone)]
    enum Value {
        Text(&'static str),
        Texts(Vec<&'static str>),
        Number(u64),
    }

    impl IntoDeserializer<'_> for Value {
        type Deserializer = Self;

        fn into_deserializer(self) -> Self {
            self
        }
    }

    impl<'de> Deserializer<'de> for Value {
        type Error = Unread;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            match self {
                Self::Text(text) => visitor.visit_str(text),
                Self::Texts(texts) => visitor.visit_seq(SeqDeserializer::new(texts.into_iter())),
                Self::Number(number) => visitor.visit_u64(number),
            }
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            visitor.visit_some(self)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
            tuple_struct map struct enum identifier ignored_any
        }
    }

    fn required() -> Vec<(&'static str, Value)> {
        vec![
            ("service", Value::Text("https://viisp.example/auth")),
            ("portal", Value::Text("https://viisp.example/portal")),
            ("pid", Value::Text("VSID000000000113")),
            ("key_file", Value::Text("ours.key")),
            ("service_keys", Value::Texts(vec!["service.crt"])),
        ]
    }

    fn read(more: &[(&'static str, Value)]) -> Result<Settings, Unread> {
        let named = |key| more.iter().any(|(other, _)| *other == key);
        let all = required().into_iter().filter(|(key, _)| !named(*key)).chain(more.iter().cloned());
        Settings::deserialize(MapDeserializer::new(all))
    }

    #[test]
    fn what_is_left_out_has_a_safe_default_and_unknown_keys_are_errors() {
        let settings = read(&[]).unwrap();
        settings.check().unwrap();
        assert_eq!(settings.hashes, [Hash::Sha256]);
        assert!(!settings.providers.contains(&"auth.login.pass".to_owned()) && settings.providers.contains(&"auth.lt.bank".to_owned()));
        assert_eq!((settings.timeout_seconds, settings.authorities_file), (20, None));
        let settings = read(&[
            ("hashes", Value::Texts(vec!["sha256", "sha1"])),
            ("providers", Value::Texts(vec!["auth.lt.bank"])),
            ("timeout_seconds", Value::Number(5)),
            ("authorities_file", Value::Text("authorities.pem")),
        ])
        .unwrap();
        settings.check().unwrap();
        assert_eq!((settings.hashes.len(), settings.providers.len(), settings.timeout_seconds), (2, 1, 5));
        assert!(read(&[("hash", Value::Texts(vec!["sha1"]))]).is_err());
        assert!(read(&[("hashes", Value::Texts(vec!["md5"]))]).is_err());
        assert!(read(&[("portal", Value::Text("viisp.example"))]).is_err());
    }

    #[test]
    fn what_cannot_work_or_is_not_safe_is_named() {
        let good = read(&[]).unwrap();
        let url = |text: &str| Url::parse(text).unwrap();
        let refused = |change: &dyn Fn(&mut Settings)| {
            let mut settings = good.clone();
            change(&mut settings);
            match settings.check() {
                Err(Error::Settings { key, .. }) => key,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused(&|settings| settings.service = url("http://viisp.example/")), "service");
        assert_eq!(refused(&|settings| settings.service = url("https://name:secret@viisp.example/")), "service");
        assert_eq!(refused(&|settings| settings.portal = url("javascript:alert(1)")), "portal");
        assert_eq!(refused(&|settings| settings.pid = "<x>".to_owned()), "pid");
        assert_eq!(refused(&|settings| settings.service_keys.clear()), "service_keys");
        assert_eq!(refused(&|settings| settings.hashes.clear()), "hashes");
        assert_eq!(refused(&|settings| settings.providers.clear()), "providers");
        assert_eq!(refused(&|settings| settings.providers.push(String::new())), "providers");
        assert_eq!(refused(&|settings| settings.timeout_seconds = 0), "timeout_seconds");
        let here = Settings { service: url("http://127.0.0.1:1/"), portal: url("http://localhost:1/"), ..good };
        here.check().unwrap();
    }
}
