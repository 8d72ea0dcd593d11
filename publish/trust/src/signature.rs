//! What a signature stands under, and by whose key. Its trusted comment, which is signed too, says which file was signed: a signature of
//! one file proves nothing of another.

use std::fmt;

use crate::public_key::{COMMENT, PublicKey};

/// What was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    /// A list of keys, of this version.
    Keys(u64),
    /// The pointer with this number.
    Pointer(u64),
    /// The manifest of the release with this name.
    Manifest(&'a str),
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(version) => write!(out, "kind:keys\tversion:{version}"),
            Self::Pointer(number) => write!(out, "kind:pointer\tnumber:{number}"),
            Self::Manifest(release) => write!(out, "kind:manifest\trelease:{release}"),
        }
    }
}

/// Why a signature proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unproven {
    /// None of the keys made it.
    Unknown,
    /// It is damaged, or the file is.
    Broken,
}

/// By which of the keys these bytes were signed, and what the signature says was signed: the trusted comment.
pub(crate) fn signer<'k>(
    bytes: &[u8],
    signature: &[u8],
    keys: impl IntoIterator<Item = &'k PublicKey>,
) -> Result<(&'k PublicKey, String), Unproven> {
    let signature = decode(signature).ok_or(Unproven::Broken)?;
    let mut result = Err(Unproven::Unknown);
    for key in keys {
        match key.key.verify(bytes, &signature, false) {
            Ok(()) => return Ok((key, signature.trusted_comment().to_owned())),
            Err(minisign_verify::Error::UnexpectedKeyId) => {}
            // The number of a key is no secret: another may have the same.
            Err(_) => result = Err(Unproven::Broken),
        }
    }
    result
}

impl PublicKey {
    /// Whether this key made the signature of these bytes.
    #[must_use]
    pub fn signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        signer(bytes, signature, [self]).is_ok()
    }
}

/// Reads four lines and nothing else.
fn decode(signature: &[u8]) -> Option<minisign_verify::Signature> {
    let text = std::str::from_utf8(signature).ok()?;
    let lines: Vec<&str> = text.strip_suffix('\n')?.split('\n').collect();
    let plain = lines.len() == 4 && lines[0].starts_with(COMMENT) && !text.contains('\r');
    minisign_verify::Signature::decode(text).ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SecretKey;

    #[test]
    fn a_signature_names_its_key_and_what_was_signed() {
        let (key, other) = (SecretKey::generate().unwrap(), SecretKey::generate().unwrap());
        let comment = Subject::Manifest("000003-2026-11-02").to_string();
        let signature = key.sign(b"manifest", &comment);
        let keys = [other.public_key(), key.public_key()];
        let (by, said) = signer(b"manifest", signature.as_bytes(), keys).unwrap();
        assert_eq!((by, said.as_str()), (key.public_key(), "kind:manifest\trelease:000003-2026-11-02"));
        assert_eq!(signer(b"manifest", signature.as_bytes(), [other.public_key()]), Err(Unproven::Unknown));
        assert_eq!(signer(b"Manifest", signature.as_bytes(), keys), Err(Unproven::Broken));
        let renamed = signature.replace("000003", "000004");
        assert_eq!(signer(b"manifest", renamed.as_bytes(), keys), Err(Unproven::Broken), "the comment is signed");
        assert_eq!(signer(b"manifest", format!("{signature}more\n").as_bytes(), keys), Err(Unproven::Broken));
        assert_eq!(signer(b"manifest", signature.replace('\n', "\r\n").as_bytes(), keys), Err(Unproven::Broken));
    }

    #[test]
    fn a_signature_of_the_old_kind_is_refused() {
        // By `minisign -l`, which signs the bytes themselves: that could be a signature of something else's hash.
        let key: PublicKey = "RWTknwAkoeGZVjOKHseQqDnZFHw3mzeKQQ3jtTILYn0f8QAFw8mz/pGf".parse().unwrap();
        let legacy = "untrusted comment: signature from minisign secret key\n\
        RWTknwAkoeGZVjIj8r/w+nRU3O7xLVfNT1slMLM6LK/pLDSVYOmg++6hI8nfpbGs5erYoEDK9EmnZjT5XaMy3uicROgFq0QjsA8=\n\
        trusted comment: kind:x\n\
        JkFs3QfI4y/Rd5Mn3ey6HzwSNz2a5XPKEM6wS77abSS9A+qaUs9AV306ywJPlf38THnNHY4FzyuUBkvD462iBQ==\n";
        assert!(key.key.verify(b"hi\n", &decode(legacy.as_bytes()).unwrap(), true).is_ok(), "it is sound, but of the old kind");
        assert_eq!(signer(b"hi\n", legacy.as_bytes(), [&key]), Err(Unproven::Broken));
    }

    proptest! {
        #[test]
        fn no_changed_byte_that_counts_goes_unnoticed(place in 0_usize..10_000, bit in 0_u8..8) {
            let key = SecretKey::generate().unwrap();
            let mut signature = key.sign(b"manifest", "kind:keys\tversion:1").into_bytes();
            // The first line is not signed, and nothing is read from it.
            let begin = signature.iter().position(|byte| *byte == b'\n').unwrap();
            let at = begin + place % (signature.len() - begin);
            signature[at] ^= 1 << bit;
            prop_assert!(signer(b"manifest", &signature, [key.public_key()]).is_err(), "{at} {bit}");
        }
    }
}
