//! Whose certificates are believed.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert, ring};
use x509_cert::Certificate as Parsed;
use x509_cert::der::{DecodePem, Encode};
use x509_cert::ext::pkix::BasicConstraints;

use crate::Flaw;
use crate::certificate::Certificate;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// How certificates in a chain may be signed; SHA-1 is not among them.
static CHAIN_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// Why certificates cannot be trusted as configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Nothing would be believed.
    #[error("there is no certificate to trust; give at least one in PEM (`{BEGIN}`)")]
    Empty,
    /// A certificate that cannot be read; they are counted from one.
    #[error("certificate {0} cannot be read; export it again, in PEM")]
    Unreadable(usize),
    /// A person's or a server's certificate, which cannot vouch for others.
    #[error("certificate {0} is not one of an authority (basicConstraints lacks CA:TRUE); give that of its issuer")]
    NotAnAuthority(usize),
}

/// The authorities that are believed: roots, and certificates between them and the signers that containers may leave out.
#[derive(Clone)]
pub struct Trust {
    roots: Vec<TrustAnchor<'static>>,
    intermediates: Vec<CertificateDer<'static>>,
}

impl fmt::Debug for Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Trust").field("roots", &self.roots.len()).field("intermediates", &self.intermediates.len()).finish()
    }
}

impl Trust {
    /// Trusts every certificate in a PEM text as a root; what else stands in it is passed over. An issuing authority may be pinned
    /// here instead of the root above it. Nobody checks whether a root has expired.
    ///
    /// # Errors
    /// There is no certificate, one cannot be read, or one is not an authority's.
    pub fn from_pem(pem: &str) -> Result<Self, TrustError> {
        let certificates = authorities(pem)?;
        let roots = certificates.iter().zip(1..).map(|(certificate, number)| {
            anchor_from_trusted_cert(certificate).map(|anchor| anchor.to_owned()).map_err(|_| TrustError::Unreadable(number))
        });
        let roots = roots.collect::<Result<Vec<_>, _>>()?;
        if roots.is_empty() { Err(TrustError::Empty) } else { Ok(Self { roots, intermediates: Vec::new() }) }
    }

    /// Adds the certificates in a PEM text as steps between a root and a signer. They are worth nothing without their root.
    ///
    /// # Errors
    /// There is no certificate, one cannot be read, or one is not an authority's.
    pub fn with_intermediates(mut self, pem: &str) -> Result<Self, TrustError> {
        let certificates = authorities(pem)?;
        if certificates.is_empty() {
            return Err(TrustError::Empty);
        }
        self.intermediates.extend(certificates);
        Ok(self)
    }

    /// Of each root, whether its name holds this word, as UTF-8 or plain ASCII.
    pub fn named<'t>(&'t self, word: &'t str) -> impl Iterator<Item = bool> + 't {
        self.roots.iter().map(move |root| root.subject.windows(word.len().max(1)).any(|part| part == word.as_bytes()))
    }

    /// Verifies that a chain leads from `certificate` to a root, over `others` or our own intermediates, all valid at `time`.
    pub(crate) fn verify(&self, certificate: &Certificate, others: &[CertificateDer<'static>], time: DateTime<Utc>) -> Result<(), Flaw> {
        let seconds = u64::try_from(time.timestamp()).map_err(|_| Flaw::SigningTime)?;
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let intermediates: Vec<_> = self.intermediates.iter().chain(others).cloned().collect();
        let entity = EndEntityCert::try_from(&certificate.der).map_err(|_| Flaw::Chain)?;
        match entity.verify_for_usage(CHAIN_ALGORITHMS, &self.roots, &intermediates, time, AnyUsage, None, None) {
            Ok(_) => Ok(()),
            Err(Error::CertExpired { .. } | Error::CertNotValidYet { .. }) => Err(Flaw::Expired),
            Err(_) => Err(Flaw::Chain),
        }
    }
}

/// Extended key usages are those of TLS and the like; the key usage decides who may sign documents. See [`Certificate::is_for_signing`].
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, mut usages: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        usages.try_for_each(|usage| usage.map(|_| ()))
    }
}

/// All certificates in a PEM text, each of them an authority's.
fn authorities(pem: &str) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let blocks = pem.split(BEGIN).skip(1).zip(1..);
    blocks
        .map(|(block, number)| {
            let (body, _) = block.split_once(END).ok_or(TrustError::Unreadable(number))?;
            let certificate = Parsed::from_pem(format!("{BEGIN}{body}{END}\n")).map_err(|_| TrustError::Unreadable(number))?;
            match certificate.tbs_certificate().get_extension::<BasicConstraints>() {
                Ok(Some((_, constraints))) if constraints.ca => {}
                _ => return Err(TrustError::NotAnAuthority(number)),
            }
            certificate.to_der().map(CertificateDer::from).map_err(|_| TrustError::Unreadable(number))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};

    use super::*;

    fn pem(authority: bool) -> String {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = if authority { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::ExplicitNoCa };
        parameters.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
    }

    #[test]
    fn only_authorities_are_trusted_and_at_least_one() {
        let (authority, person) = (pem(true), pem(false));
        let trust = Trust::from_pem(&format!("words\n{authority}\n{authority}")).unwrap().with_intermediates(&authority).unwrap();
        assert_eq!(format!("{trust:?}"), "Trust { roots: 2, intermediates: 1 }");
        assert_eq!(Trust::from_pem("").unwrap_err(), TrustError::Empty);
        assert_eq!(Trust::from_pem("-----BEGIN PRIVATE KEY-----").unwrap_err(), TrustError::Empty);
        assert_eq!(trust.clone().with_intermediates("words").unwrap_err(), TrustError::Empty);
        assert_eq!(Trust::from_pem(&format!("{authority}{person}")).unwrap_err(), TrustError::NotAnAuthority(2));
        assert_eq!(trust.with_intermediates(&person).unwrap_err(), TrustError::NotAnAuthority(1));
        assert_eq!(Trust::from_pem(authority.split_once(END).unwrap().0).unwrap_err(), TrustError::Unreadable(1));
        assert_eq!(Trust::from_pem(&authority.replacen("MII", "MIJ", 1)).unwrap_err(), TrustError::Unreadable(1));
    }
}
