//! Believing signed documents, or not: an ASiC-E container with one XAdES signature (ETSI EN 319 162-1, EN 319 132-1) over documents that
//! we formed ourselves; one, or several at once.
//!
//! A person signs our PDFs with whatever qualified tool is at hand (DigiDoc4, a Lithuanian portal) and submits the container. What
//! such tools write differs, so the profile is what they share, and everything beyond it is refused: `mimetype` first, data files that
//! are our documents byte for byte, each once, one `META-INF/*signatures*.xml` with one `ds:Signature`, and in it a reference to each
//! data file and one to the `SignedProperties` beside it. Unzipping, XML, canonical form, certificates and cryptography come from kept crates.
//!
//! # What is believed
//!
//! The certificate is the first one in `KeyInfo`. Its digest must stand in the signed `SigningCertificate` or `SigningCertificateV2`,
//! its key must have made the signature, its chain must end at a configured root, and its key usage must allow signatures that bind a
//! person. The person is the `PNOLT-` serial number of its subject (ETSI EN 319 412-1, clause 5.1.3); whether that code has a right
//! control digit is not asked, as it was not typed by anybody: compare it with the code of the person who should have signed.
//!
//! # What is not checked
//!
//! - **Revocation.** No OCSP answer and no CRL is asked for, and none inside the container is read. A certificate that was revoked
//!   after a lost card is believed until it expires.
//! - **Time stamps.** None is read. The signing time is the signer's own claim; it must lie between the forming of the document and
//!   now. As nothing proves that a certificate was valid once, it must be valid at the signing time *and* now.
//! - **Qualified status.** No trusted list (ETSI TS 119 612) is read and no `QCStatements`. Whoever configures the roots decides which
//!   authorities are good enough; an issuing authority can be pinned as a root.
//! - **Signature policy, commitment, role and place** inside the signed properties: they are signed, and passed over.
//! - **P-521**: keys of this curve cannot be verified by the cryptography used here, neither a signer's nor an authority's.

mod algorithm;
mod bundle;
mod certificate;
mod flaw;
mod manifest;
mod package;
mod properties;
mod signature;
mod signer;
mod trust;
mod xml;

use chrono::{DateTime, TimeDelta, Utc};

pub use bundle::bundle;
pub use flaw::Flaw;
pub use signer::SignerCode;
pub use trust::{Trust, TrustError};

/// How far a signer's clock may be off.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// A document that we formed, and that somebody may have signed.
#[derive(Debug, Clone, Copy)]
pub struct Formed<'d> {
    /// Its bytes.
    pub bytes: &'d [u8],
    /// When it was made: nobody can have signed it earlier.
    pub at: DateTime<Utc>,
}

/// A signature that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who signed.
    pub signer: SignerCode,
    /// When, as the signer says; no time stamp confirms it.
    pub signed_at: DateTime<Utc>,
    /// What was signed: places among the documents that were given, in their order. At least one.
    pub documents: Vec<usize>,
}

/// Verifies that `container` is an ASiC-E with XAdES that holds some of `documents`, nothing else, and exactly one signature over all that
/// it holds.
///
/// See the crate's text for what is *not* checked.
///
/// # Errors
/// The first [`Flaw`] found; each one refuses the whole container.
pub fn verify(container: &[u8], documents: &[Formed<'_>], trust: &Trust, now: DateTime<Utc>) -> Result<Signed, Flaw> {
    let package = package::open(container, documents)?;
    let held: Vec<_> = package.files.iter().filter_map(|file| Some((file, documents.get(file.document)?))).collect();
    let files: Vec<_> = held.iter().map(|(file, document)| (file.name.as_slice(), document.bytes)).collect();
    let signature = signature::verify(&package.signatures, &files)?;
    let signed_at = signature.signed_at;
    let is_early = held.iter().any(|(_, document)| signed_at.signed_duration_since(document.at) < -CLOCKS);
    if is_early || signed_at.signed_duration_since(now) > CLOCKS {
        return Err(Flaw::SigningTime);
    }
    let others = signature.other_certificates;
    trust.verify(&signature.certificate, &others, signed_at)?;
    trust.verify(&signature.certificate, &others, now)?;
    if !signature.certificate.is_for_signing() {
        return Err(Flaw::KeyUsage);
    }
    let signer = signature.certificate.signer().ok_or(Flaw::NotAPerson)?;
    let mut documents: Vec<usize> = package.files.iter().map(|file| file.document).collect();
    documents.sort_unstable();
    Ok(Signed { signer, signed_at, documents })
}
