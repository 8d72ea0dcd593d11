//! Signing one element of a message.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use ring::rand::{SecureRandom, SystemRandom};

use crate::document::{by_id, canonical, parse};
use crate::{ENVELOPED, EXCLUSIVE, Error, Hash, SIGNATURE_NAMESPACE, SigningKey};

/// An id for a message, unlike any other: 128 random bits.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn fresh_id() -> Result<String, Error> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::Random)?;
    // An XML id begins with no digit.
    Ok(format!("_{}", hex::encode(bytes)))
}

/// Adds a signature to the element with this `id`, as its last child: SHA-256 throughout, the public key beside it.
///
/// # Errors
/// The message is not well-formed, or has no single element with this id and some content.
pub fn sign(xml: &str, id: &str, key: &SigningKey) -> Result<String, Error> {
    let document = parse(xml)?;
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    let element = by_id(&document, id).filter(|_| id.chars().all(plain)).ok_or(Error::NothingToSign)?;
    let digest = Hash::Sha256.digest(canonical(&document, element, None, &[])?.as_bytes());
    let range = document.node_range(element).ok_or(Error::NothingToSign)?;
    let end_tag = xml.get(range.clone()).and_then(|text| text.rfind("</")).ok_or(Error::NothingToSign)? + range.start;

    // Written in canonical form, with its own namespace declaration, so that these very bytes are what is signed.
    let signed_info = format!(
        "<ds:SignedInfo xmlns:ds=\"{SIGNATURE_NAMESPACE}\">\
         <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{digest_method}\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
        method = Hash::Sha256.signature_method(),
        digest_method = Hash::Sha256.digest_method(),
        digest = BASE64_STANDARD.encode(digest.as_ref()),
    );
    let public = key.components();
    let signature = format!(
        "<ds:Signature xmlns:ds=\"{SIGNATURE_NAMESPACE}\">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>{exponent}</ds:Exponent>\
         </ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></ds:Signature>",
        value = BASE64_STANDARD.encode(&key.sign(signed_info.as_bytes())?),
        modulus = BASE64_STANDARD.encode(&public.n),
        exponent = BASE64_STANDARD.encode(&public.e),
    );
    let (before, after) = xml.split_at(end_tag);
    Ok([before, &signature, after].concat())
}
