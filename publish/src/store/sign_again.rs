//! Signing again what stands in the portal, once the key that signed it counts no more.

use std::fs;
use std::io;

use super::commit::{sync, write_new};
use super::manifest::MANIFEST;
use super::sides::{Store, names};
use super::signature::MANIFEST_SIGNATURE;
use crate::error::Error;

/// Where a signature is written before it takes the place of the old one.
const NEXT: &str = ".manifest.json.minisig";

impl Store {
    /// Signs the manifests again that `counts_no_more` says of, given the manifest and its signature; gives the names of their releases. Manifests
    /// without a signature stay so. Whoever asks for this has made sure that the releases are as they were made: what is signed here is what lies here.
    ///
    /// # Errors
    /// [`Error::Signature`] for the first one that cannot be signed, once all others are; [`Error::Busy`], [`Error::Io`]. What was signed stays signed.
    pub fn sign_again(&self, counts_no_more: &dyn Fn(&[u8], &[u8]) -> bool) -> Result<Vec<String>, Error> {
        let _lock = self.lock()?;
        // A removal that was cut short is completed by whoever signs now, not later with the old signature.
        self.clear_up()?;
        let (side, mut signed, mut failed) = (&self.portal, Vec::new(), None);
        let Some(signer) = &side.signer else { return Ok(signed) };
        for release in names(&side.releases())?.into_iter().filter(|name| !name.starts_with('.')) {
            let folder = side.release(&release);
            let path = folder.join(MANIFEST_SIGNATURE);
            let before = match fs::read(&path) {
                Ok(before) => before,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Error::io("read", &path)(error)),
            };
            let manifest = folder.join(MANIFEST);
            let manifest = fs::read(&manifest).map_err(Error::io("read", &manifest))?;
            if !counts_no_more(&manifest, &before) {
                continue;
            }
            let signature = match signer.sign(&manifest) {
                Ok(signature) => signature,
                Err(reason) => {
                    failed.get_or_insert(Error::Signature { release, reason });
                    continue;
                }
            };
            let next = folder.join(NEXT);
            write_new(side, &next, signature.as_bytes())?;
            sync(&next)?;
            fs::rename(&next, &path).map_err(Error::io("replace", &path))?;
            sync(&folder)?;
            signed.push(release);
        }
        failed.map_or(Ok(signed), Err)
    }
}
