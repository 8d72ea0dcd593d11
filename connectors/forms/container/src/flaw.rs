//! Why a container is not believed. Never anything that stands in it: no name, no code, no file name.

/// What is wrong with a container; each one refuses the whole of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// No ZIP file, a broken or cut one, or one that different readers could read differently.
    #[error("this is no whole ASiC-E container (it may be cut off, or the unsigned document itself)")]
    NotAContainer,
    /// The container or something in it is larger, deeper or more numerous than anything real.
    #[error("the container, or something in it, is larger than any real one")]
    TooLarge,
    /// An entry of the ZIP file that no tool for signing writes.
    #[error("the container has {0}")]
    Entry(&'static str),
    /// The first entry is not an uncompressed `mimetype` with the type of ASiC-E (EN 319 162-1, clause 4.4.1).
    #[error("the container does not begin with the file type of ASiC-E")]
    Mimetype,
    /// The older Lithuanian format, in which other things are signed.
    #[error("this is an ADOC container; sign the document as ASiC-E")]
    Adoc,
    /// `META-INF/manifest.xml` says something else than what is in the container.
    #[error("the container's manifest does not fit what is in it")]
    Manifest,
    /// Something beside the documents and their signature.
    #[error("the container holds other files than the documents to be signed and their signature")]
    ExtraFile,
    /// No data file is a document that should have been signed.
    #[error("the container does not hold what was to be signed, byte for byte")]
    OtherDocument,
    /// No XAdES signature. One in the form of CAdES counts as none.
    #[error("the container holds no XAdES signature")]
    NoSignature,
    /// More than one signature, countersignatures included.
    #[error("the container holds more than one signature")]
    SeveralSignatures,
    /// The signature or the manifest is not well-formed XML in UTF-8, or nested deeper than any real one.
    #[error("an XML file in the container is not well-formed")]
    NotXml,
    /// Document types bring entities; no signature needs one.
    #[error("an XML file in the container has a DOCTYPE, which is never accepted")]
    DocumentType,
    /// Something in the signature is not as the profile wants it.
    #[error("the signature does not follow the profile of XAdES: {0}")]
    Profile(&'static str),
    /// A digest, signature or canonical form that is not on the list, or a key that does not fit the signature's method.
    #[error("the signature uses an algorithm or a key that is not accepted")]
    Algorithm,
    /// What was signed is not what stands here.
    #[error("the document or the signature was altered after it was signed")]
    Altered,
    /// The certificate beside the signature is not the one that the signed properties name, or cannot be read.
    #[error("the certificate beside the signature is not the one that was signed with")]
    WrongSigner,
    /// No chain from the certificate to a configured root.
    #[error("the certificate was not issued by an authority that is trusted here")]
    Chain,
    /// The certificate, or one above it, was not valid at the signing time, or is not valid any more.
    #[error("the certificate was not valid at the signing time, or is not valid any more")]
    Expired,
    /// The signing time lies before a document was formed, or in the future, or cannot be read.
    #[error("the signing time is missing, or before the document was made, or in the future")]
    SigningTime,
    /// A certificate for something else, such as for logging in.
    #[error("the certificate is not meant for signing documents; choose the one for signing, not the one for logging in")]
    KeyUsage,
    /// No Lithuanian personal code in the certificate's subject: an organisation's seal, or a foreign certificate.
    #[error("the certificate does not name a person by a Lithuanian personal code")]
    NotAPerson,
}
