//! Reading a file together with its signature.

use crate::fetch::{Fetch, SIGNATURE_AT_MOST, read};
use crate::layout;
use crate::public_key::PublicKey;
use crate::refused::Refused;
use crate::signature::{Subject, Unproven, signer};

/// How often the two are read if they do not belong together: where a portal cannot replace both at once, a reader may come in between.
const TRIES: usize = 3;

/// Whose signature a file has, and what that says was signed.
pub(super) struct Proof<'k> {
    pub(super) by: &'k PublicKey,
    said: String,
}

impl Proof<'_> {
    /// That this was signed and nothing else.
    pub(super) fn expect(&self, path: &str, subject: Subject<'_>) -> Result<(), Refused> {
        let expected = subject.to_string();
        match self.said == expected {
            true => Ok(()),
            false => Err(Refused::OtherSignature { path: path.to_owned(), said: self.said.clone(), expected }),
        }
    }
}

/// Reads a file and the signature beside it, which must be by one of the keys.
pub(super) fn read_signed<'k>(
    fetch: &dyn Fetch,
    path: &str,
    at_most: u64,
    keys: &[&'k PublicKey],
) -> Result<(Vec<u8>, Proof<'k>), Refused> {
    let mut tries = 1;
    loop {
        let bytes = read(fetch, path, at_most)?;
        match prove(fetch, path, &layout::signature(path), &bytes, keys) {
            Err(Refused::SignatureBroken { .. }) if tries < TRIES => {
                tries += 1;
                fetch.wait();
            }
            Ok(proof) => return Ok((bytes, proof)),
            Err(refused) => return Err(refused),
        }
    }
}

/// By which of the keys a file was signed, as the signature at this path says.
pub(super) fn prove<'k>(
    fetch: &dyn Fetch,
    path: &str,
    signature: &str,
    bytes: &[u8],
    keys: &[&'k PublicKey],
) -> Result<Proof<'k>, Refused> {
    let unsigned = |refused| match refused {
        Refused::Missing { .. } => Refused::Unsigned { path: path.to_owned() },
        other => other,
    };
    let signature = read(fetch, signature, SIGNATURE_AT_MOST).map_err(unsigned)?;
    match signer(bytes, &signature, keys.iter().copied()) {
        Ok((by, said)) => Ok(Proof { by, said }),
        Err(Unproven::Unknown) => Err(Refused::WrongKey { path: path.to_owned() }),
        Err(Unproven::Broken) => Err(Refused::SignatureBroken { path: path.to_owned() }),
    }
}
