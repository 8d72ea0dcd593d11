//! One certificate: whose it is, what it may be used for, and whether its key made a signature.

use ring::signature::UnparsedPublicKey;
use rustls_pki_types::CertificateDer;
use x509_cert::Certificate as Parsed;
use x509_cert::der::asn1::{ObjectIdentifier, PrintableStringRef, Utf8StringRef};
use x509_cert::der::{Decode, Tag, Tagged};
use x509_cert::ext::pkix::KeyUsage;

use crate::algorithm::Method;
use crate::{Flaw, SignerCode};

/// X.520 `serialNumber`: of a person, not of the certificate.
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");

/// The certificate of whoever signed.
pub(crate) struct Certificate {
    pub(crate) der: CertificateDer<'static>,
    parsed: Parsed,
}

impl Certificate {
    pub(crate) fn read(der: Vec<u8>) -> Result<Self, Flaw> {
        let parsed = Parsed::from_der(&der).map_err(|_| Flaw::WrongSigner)?;
        Ok(Self { der: der.into(), parsed })
    }

    /// Whether this certificate's key made `signature` over `message`.
    pub(crate) fn made(&self, method: &Method, message: &[u8], signature: &[u8]) -> Result<(), Flaw> {
        let key = self.parsed.tbs_certificate().subject_public_key_info();
        let curve = key.algorithm.parameters.as_ref().and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
        let bytes = key.subject_public_key.as_bytes().filter(|_| method.fits(key.algorithm.oid, curve)).ok_or(Flaw::Algorithm)?;
        UnparsedPublicKey::new(method.verification, bytes).verify(message, signature).map_err(|_| Flaw::Altered)
    }

    /// Whether it is meant for signatures that bind a person: `nonRepudiation`, also called `contentCommitment`, where a key usage is
    /// given (RFC 5280, clause 4.2.1.3; ETSI EN 319 412-2, clause 4.3.2). This keeps certificates for logging in out.
    pub(crate) fn is_for_signing(&self) -> bool {
        match self.parsed.tbs_certificate().get_extension::<KeyUsage>() {
            Ok(Some((_, usage))) => usage.non_repudiation(),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// The personal code in the subject, which must have exactly one `serialNumber`.
    pub(crate) fn signer(&self) -> Option<SignerCode> {
        let mut numbers = self.parsed.tbs_certificate().subject().iter().filter(|attribute| attribute.oid == SERIAL_NUMBER);
        let (Some(number), None) = (numbers.next(), numbers.next()) else { return None };
        match number.value.tag() {
            Tag::PrintableString => {
                number.value.decode_as::<PrintableStringRef<'_>>().ok().and_then(|text| SignerCode::from_serial_number(text.as_str()))
            }
            Tag::Utf8String => {
                number.value.decode_as::<Utf8StringRef<'_>>().ok().and_then(|text| SignerCode::from_serial_number(text.as_str()))
            }
            _ => None,
        }
    }
}
