//! Moving the pointer: one conditional write, after which readers are led to the new release, and never back by accident.

use bytes::Bytes;
use object_store::{Attributes, PutMode, UpdateVersion};

use crate::error::Error;
use crate::headers::{followed, has, immutable};
use crate::release::{POINTERS, Parts, led_to, sequence};
use crate::store::sha256;
use crate::target::Target;

/// A pointer is a few lines; what is larger is none.
const LARGEST: u64 = 1 << 20;

/// The pointer that stands in the store.
#[derive(Debug)]
pub(crate) struct Standing {
    bytes: Bytes,
    headers: Attributes,
    version: UpdateVersion,
    /// The release that it names.
    pub(crate) release: String,
}

impl Standing {
    /// Reads it. `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Pointer`] for something else that lies there; [`Error::Store`].
    pub(crate) async fn read(to: &Target, path: &str) -> Result<Option<Self>, Error> {
        let Some(object) = to.get(path).await? else { return Ok(None) };
        let foreign = || Error::Pointer {
            path: path.to_owned(),
            reason: format!("what lies there in {} was not published from here; remove it, or publish to another folder", to.address()),
        };
        if object.meta.size > LARGEST {
            return Err(foreign());
        }
        let version = UpdateVersion { e_tag: object.meta.e_tag.clone(), version: object.meta.version.clone() };
        let headers = object.attributes.clone();
        let bytes = object.bytes().await.map_err(to.failed("read", path))?;
        let release = led_to(&bytes).ok_or_else(foreign)?;
        Ok(Some(Self { bytes, headers, version, release }))
    }

    /// Refuses to lead readers back.
    ///
    /// # Errors
    /// [`Error::Older`].
    pub(crate) fn permits(&self, to: &Target, release: &str) -> Result<(), Error> {
        if sequence(&self.release) <= sequence(release) {
            return Ok(());
        }
        Err(Error::Older { to: to.address().to_owned(), standing: self.release.clone(), release: release.to_owned() })
    }
}

/// Moves the pointer, if it is still the one that stood there when publishing began. `false` if it leads there already.
///
/// Its signature is replaced after it, in another request. Whoever reads in between, or after a publication that was killed there, finds the
/// signature of these very bytes at `pointers/<release>/<SHA-256 of the pointer>/<name of the signature>`, which is written first.
///
/// # Errors
/// [`Error::Overtaken`] when somebody else moved it; [`Error::Store`].
pub(crate) async fn move_pointer(to: &Target, pointer: &Parts<'_>, release: &str, standing: Option<&Standing>) -> Result<bool, Error> {
    let hash = sha256(pointer.bytes);
    for (path, content) in pointer.before {
        replace(to, path, content, followed(path, &sha256(content))).await?;
    }
    for (companion, content) in pointer.after.iter().filter(|(path, _)| pointer.is_companion(path)) {
        let name = companion.rsplit('/').next().unwrap_or(companion);
        let address = format!("{POINTERS}/{release}/{hash}/{name}");
        let headers = immutable(companion, &sha256(content));
        replace(to, &address, content, headers).await?;
    }
    let headers = followed(pointer.path, &hash);
    let is_same = |standing: &Standing| standing.bytes == pointer.bytes && (!to.keeps_headers || has(&standing.headers, &headers));
    let moves = !standing.is_some_and(is_same);
    if moves {
        swap(to, pointer.path, Bytes::copy_from_slice(pointer.bytes), headers, standing).await?;
    }
    for (path, content) in pointer.after {
        replace(to, path, content, followed(path, &sha256(content))).await?;
    }
    Ok(moves)
}

/// The one write that decides.
async fn swap(to: &Target, path: &str, bytes: Bytes, headers: Attributes, standing: Option<&Standing>) -> Result<(), Error> {
    let mode = standing.map_or(PutMode::Create, |standing| PutMode::Update(standing.version.clone()));
    let refused = match to.put_as(path, bytes.clone(), headers.clone(), mode).await {
        Ok(()) => return Ok(()),
        Err(refused) => refused,
    };
    let found = Standing::read(to, path).await?;
    match refused {
        // An answer may get lost, and the request be sent again: then it is overtaken by itself.
        _ if found.as_ref().is_some_and(|found| found.bytes == bytes) => Ok(()),
        object_store::Error::Precondition { .. } | object_store::Error::AlreadyExists { .. } => {
            Err(Error::Overtaken { path: path.to_owned() })
        }
        // A store without conditional writes: what is left is to look just before.
        object_store::Error::NotImplemented { .. } | object_store::Error::NotSupported { .. } => {
            match found.map(|found| found.bytes) == standing.map(|standing| standing.bytes.clone()) {
                true => to.put(path, bytes, headers).await,
                false => Err(Error::Overtaken { path: path.to_owned() }),
            }
        }
        refused => Err(to.failed("write", path)(refused)),
    }
}

/// Writes a small object, unless it is there.
async fn replace(to: &Target, address: &str, content: &[u8], headers: Attributes) -> Result<(), Error> {
    let found = to.read(address).await?;
    let is_same = found.is_some_and(|found| found.sha256 == sha256(content) && (!to.keeps_headers || has(&found.headers, &headers)));
    if is_same { Ok(()) } else { to.put(address, Bytes::copy_from_slice(content), headers).await }
}
