//! The authority that vouches for those who practise.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

use crate::{Error, MARK, Person};

/// A certificate of somebody is good for so long: it is made for one signature.
const DAYS: i64 = 30;
/// The authority is good until the end of this year.
const LAST_YEAR: i32 = 2049;
/// X.520 `serialNumber`.
const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];

/// Key and certificate of an authority that nobody but a training environment may believe.
pub struct Authority {
    key: KeyPair,
}

/// Somebody's certificate and the key that goes with it.
pub(crate) struct Identity {
    pub(crate) certificate: Vec<u8>,
    key: EcdsaKeyPair,
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Signature(error.to_string())
}

fn parameters() -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "LT");
    name.push(DnType::OrganizationName, "VIRSIS mokymai: parašai negalioja");
    name.push(DnType::CommonName, format!("{MARK} parašų centras"));
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.not_before = date_time_ymd(2020, 1, 1);
    parameters.not_after = date_time_ymd(LAST_YEAR, 12, 31);
    parameters
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn generate() -> Result<Self, Error> {
        Ok(Self { key: KeyPair::generate().map_err(failed)? })
    }

    /// The one whose key this is, PEM.
    ///
    /// # Errors
    /// It is no key.
    pub fn from_key(pem: &str) -> Result<Self, Error> {
        Ok(Self { key: KeyPair::from_pem(pem).map_err(failed)? })
    }

    /// Its key, PEM.
    #[must_use]
    pub fn key(&self) -> String {
        self.key.serialize_pem()
    }

    /// Its certificate, PEM: what a training endpoint trusts.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn certificate(&self) -> Result<String, Error> {
        Ok(parameters().self_signed(&self.key).map_err(failed)?.pem())
    }

    /// A certificate for signatures of a person, with a new key.
    pub(crate) fn vouch(&self, person: &Person, now: DateTime<Utc>) -> Result<Identity, Error> {
        let mut name = DistinguishedName::new();
        name.push(DnType::CountryName, "LT");
        name.push(DnType::CommonName, format!("{} ({MARK})", person.name()));
        let number = format!("PNOLT-{}", person.code).as_str().try_into().map_err(failed)?;
        name.push(DnType::CustomDnType(SERIAL_NUMBER.to_vec()), DnValue::PrintableString(number));
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name = name;
        parameters.is_ca = IsCa::ExplicitNoCa;
        parameters.key_usages = vec![KeyUsagePurpose::ContentCommitment];
        parameters.use_authority_key_identifier_extension = true;
        // rcgen counts from midnight.
        let small = |number: u32| u8::try_from(number).unwrap_or(1);
        let day = |time: DateTime<Utc>| date_time_ymd(time.year(), small(time.month()), small(time.day()));
        parameters.not_before = day(now - TimeDelta::days(2));
        parameters.not_after = day(now + TimeDelta::days(DAYS));
        let key = KeyPair::generate().map_err(failed)?;
        let issuer = Issuer::new(self::parameters(), &self.key);
        let certificate = parameters.signed_by(&key, &issuer).map_err(failed)?.der().to_vec();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.serialize_der(), &SystemRandom::new()).map_err(failed)?;
        Ok(Identity { certificate, key })
    }
}

impl Identity {
    /// ECDSA with P-256 and SHA-256: two numbers of fixed length, as XML wants them.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self.key.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec())
    }
}
