//! Carrying files: each is hashed as it is read, and nothing that is not what the manifest lists gets a name in the store.

use std::io::Read;

use bytes::Bytes;
use object_store::WriteMultipart;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::headers::immutable;
use crate::plan::Group;
use crate::release::{File, RELEASES, Release};
use crate::store::sha256;
use crate::target::Target;

/// A file up to this size travels in one request, a larger one in parts of it; S3 wants at least 5 MiB, and all parts but the last the same.
const PART: usize = 8 << 20;
/// Parts of one file that are under way at the same time.
const PARTS: usize = 2;
/// What is larger cannot be copied in one request of S3.
const LARGEST_COPY: u64 = 5 << 30;

/// What was done for some files.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) uploaded: usize,
    pub(crate) copied: usize,
    /// Size of what was uploaded.
    pub(crate) bytes: u64,
}

/// Brings the files of a group to their places: the first as the plan says, the others as copies of it.
pub(crate) async fn carry(to: &Target, release: &Release, group: &Group<'_>) -> Result<Carried, Error> {
    let (mut carried, mut source) = (Carried::default(), group.source.clone());
    for file in &group.files {
        let address = format!("{RELEASES}/{}/{}", release.name, file.path);
        let is_copied = match source.filter(|_| file.bytes <= LARGEST_COPY) {
            Some(source) => to.copy(&source, &address).await?,
            None => false,
        };
        if is_copied {
            carried.copied += 1;
        } else {
            upload(to, release, file).await?;
            carried.uploaded += 1;
            carried.bytes += file.bytes;
        }
        source = Some(address);
    }
    Ok(carried)
}

/// Uploads one file.
///
/// # Errors
/// [`Error::File`] when it is not the one that is listed; [`Error::Store`].
pub(crate) async fn upload(to: &Target, release: &Release, file: &File) -> Result<(), Error> {
    let address = format!("{RELEASES}/{}/{}", release.name, file.path);
    let headers = immutable(&file.path, &file.sha256);
    if file.bytes > PART as u64 {
        let parts = to.put_in_parts(&address, headers, PART).await?;
        return upload_in_parts(to, release, file, &address, parts).await;
    }
    let path = release.folder.join(&file.path);
    let bytes = aside(move || std::fs::read(path)).await.map_err(|reason| release.bad_file(&file.path, reason))?;
    if sha256(&bytes) != file.sha256 {
        return Err(release.bad_file(&file.path, OTHER.to_owned()));
    }
    to.put(&address, bytes.into(), headers).await
}

const OTHER: &str = "has another SHA-256 than its manifest says";

/// Uploads a large file, which is never as a whole in memory; it gets its name only if it was the right one.
async fn upload_in_parts(to: &Target, release: &Release, file: &File, address: &str, mut parts: WriteMultipart) -> Result<(), Error> {
    let sent = send_parts(to, release, file, address, &mut parts).await;
    match sent {
        Ok(()) => parts.finish().await.map(drop).map_err(to.failed("write", address)),
        Err(error) => {
            // What was sent is of no use; that it cannot be taken back says nothing of what went wrong first.
            let _ = parts.abort().await;
            Err(error)
        }
    }
}

async fn send_parts(to: &Target, release: &Release, file: &File, address: &str, parts: &mut WriteMultipart) -> Result<(), Error> {
    let bad = |reason: String| release.bad_file(&file.path, reason);
    let path = release.folder.join(&file.path);
    let mut local = aside(move || std::fs::File::open(path)).await.map_err(bad)?;
    let (mut hasher, mut left) = (Sha256::new(), file.bytes);
    loop {
        parts.wait_for_capacity(PARTS).await.map_err(to.failed("write", address))?;
        let (bytes, same) = aside(move || {
            let mut bytes = Vec::with_capacity(PART);
            (&mut local).take(PART as u64).read_to_end(&mut bytes)?;
            Ok((bytes, local))
        })
        .await
        .map_err(bad)?;
        local = same;
        if bytes.is_empty() {
            break;
        }
        hasher.update(&bytes);
        left = left.checked_sub(bytes.len() as u64).ok_or_else(|| bad("grew while it was read".to_owned()))?;
        parts.put(Bytes::from(bytes));
    }
    if left > 0 || hex::encode(hasher.finalize()) != file.sha256 {
        return Err(bad(OTHER.to_owned()));
    }
    Ok(())
}

/// Work on the disk, beside the requests that are under way.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, String> {
    let read = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    read.map_err(|error| format!("cannot be read: {error}"))
}
