//! The few things that publishing asks of a store, by addresses below the folder that is published to, and with errors in words.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{Attributes, GetOptions, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::target::Target;

/// What a listing says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) bytes: u64,
    /// Changes whenever the content does.
    pub(crate) e_tag: Option<String>,
}

/// What an object is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) sha256: String,
    pub(crate) headers: Attributes,
}

impl Target {
    /// The place of an address in the store.
    pub(crate) fn at(&self, address: &str) -> Path {
        // Addresses are checked before (`is_plain`); what needs no other spelling keeps its own.
        let address = Path::parse(address).unwrap_or_else(|_| Path::from(address));
        Path::from_iter(self.prefix.parts().chain(address.parts()))
    }

    /// For `map_err`: what was attempted with which address.
    pub(crate) fn failed(&self, action: &'static str, address: &str) -> impl FnOnce(object_store::Error) -> Error {
        let at = format!("{}/{address}", self.address().trim_end_matches('/'));
        move |error| Error::Store { action, at, reason: self.secrets.reason(&error) }
    }

    /// Every object below a folder, by its path inside it.
    pub(crate) async fn list(&self, folder: &str) -> Result<BTreeMap<String, Listed>, Error> {
        let at = self.at(folder);
        let mut objects = self.objects.list(Some(&at));
        let mut found = BTreeMap::new();
        while let Some(object) = objects.try_next().await.map_err(self.failed("list", folder))? {
            let path = object.location.as_ref().strip_prefix(at.as_ref()).and_then(|path| path.strip_prefix('/'));
            if let Some(path) = path {
                found.insert(path.to_owned(), Listed { bytes: object.size, e_tag: object.e_tag });
            }
        }
        Ok(found)
    }

    /// Names of the folders in a folder.
    pub(crate) async fn folders(&self, folder: &str) -> Result<Vec<String>, Error> {
        let listed = self.objects.list_with_delimiter(Some(&self.at(folder))).await.map_err(self.failed("list", folder))?;
        Ok(listed.common_prefixes.iter().filter_map(|path| path.filename().map(str::to_owned)).collect())
    }

    /// Writes an object in one step.
    pub(crate) async fn put(&self, address: &str, bytes: Bytes, headers: Attributes) -> Result<(), Error> {
        self.put_as(address, bytes, headers, PutMode::Overwrite).await.map_err(self.failed("write", address))
    }

    /// The same, if what is there is what was meant; with the store's own error.
    pub(crate) async fn put_as(&self, address: &str, bytes: Bytes, headers: Attributes, mode: PutMode) -> Result<(), object_store::Error> {
        let options = PutOptions { mode, attributes: headers, ..PutOptions::default() };
        self.objects.put_opts(&self.at(address), PutPayload::from_bytes(bytes), options).await.map(drop)
    }

    /// Begins to write a large object, which appears in one step when it is finished.
    pub(crate) async fn put_in_parts(&self, address: &str, headers: Attributes, part: usize) -> Result<WriteMultipart, Error> {
        let options = PutMultipartOptions { attributes: headers, ..PutMultipartOptions::default() };
        let parts = self.objects.put_multipart_opts(&self.at(address), options).await.map_err(self.failed("write", address))?;
        Ok(WriteMultipart::new_with_chunk_size(parts, part))
    }

    /// Copies an object inside the store, with its headers. `false` if what was to be copied is not there.
    pub(crate) async fn copy(&self, from: &str, to: &str) -> Result<bool, Error> {
        match self.objects.copy(&self.at(from), &self.at(to)).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.failed("copy inside the store to", to)(error)),
        }
    }

    /// An object as a whole, with what the store says of it. `None` if it is not there.
    pub(crate) async fn get(&self, address: &str) -> Result<Option<object_store::GetResult>, Error> {
        match self.objects.get(&self.at(address)).await {
            Ok(object) => Ok(Some(object)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("read", address)(error)),
        }
    }

    /// What the store says of an object, without its content. `None` if it is not there.
    pub(crate) async fn headers(&self, address: &str) -> Result<Option<Attributes>, Error> {
        match self.objects.get_opts(&self.at(address), GetOptions { head: true, ..GetOptions::default() }).await {
            Ok(object) => Ok(Some(object.attributes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("look at", address)(error)),
        }
    }

    /// Reads an object through, and hashes it. `None` if it is not there.
    pub(crate) async fn read(&self, address: &str) -> Result<Option<Read>, Error> {
        let Some(object) = self.get(address).await? else { return Ok(None) };
        let headers = object.attributes.clone();
        let (mut content, mut hasher) = (object.into_stream(), Sha256::new());
        while let Some(bytes) = content.try_next().await.map_err(self.failed("read", address))? {
            hasher.update(&bytes);
        }
        Ok(Some(Read { sha256: hex::encode(hasher.finalize()), headers }))
    }

    /// Removes objects, in this order as far as the store has one; what is not there is removed.
    pub(crate) async fn remove(&self, addresses: &[String]) -> Result<(), Error> {
        let places: Vec<_> = addresses.iter().map(|address| Ok(self.at(address))).collect();
        let mut removed = self.objects.delete_stream(futures_util::stream::iter(places).boxed());
        let first = addresses.first().map_or("", String::as_str);
        while let Some(result) = removed.next().await {
            match result {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(self.failed("remove", first)(error)),
            }
        }
        Ok(())
    }
}

/// SHA-256 as lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
