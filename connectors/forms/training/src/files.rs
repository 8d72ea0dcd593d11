//! What is kept between the command that makes a training environment and the helper that serves it: a folder that only its owner may read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::{Authority, Error, Person};

const PEOPLE: &str = "asmenys.json";
const KEY: &str = "mokomasis-raktas.pem";
/// The authority's certificate, for `forms.roots_file`.
pub const ROOTS: &str = "mokomasis-sertifikatas.pem";
/// What the endpoint proves itself with, for `forms.module.token_file`.
pub const TOKEN: &str = "modulio-zenklas";

/// Writes people, a new authority and a new token into a new folder.
///
/// # Errors
/// The folder is there already, or a file cannot be written.
pub fn make(folder: &Path, people: &[Person]) -> Result<(), Error> {
    let failed = |source| Error::File { path: folder.to_owned(), source };
    DirBuilder::new().mode(0o700).recursive(true).create(folder).map_err(failed)?;
    let authority = Authority::generate()?;
    let mut token = [0; 32];
    getrandom::fill(&mut token).map_err(|error| Error::Signature(error.to_string()))?;
    let people = serde_json::to_string_pretty(people).map_err(|_| Error::Content(folder.join(PEOPLE)))?;
    for (name, content) in [(PEOPLE, people), (KEY, authority.key()), (ROOTS, authority.certificate()?), (TOKEN, hex::encode(token))] {
        let path = folder.join(name);
        let mut options = OpenOptions::new();
        let written = options.write(true).create_new(true).mode(0o600).open(&path).and_then(|mut file| file.write_all(content.as_bytes()));
        written.map_err(|source| Error::File { path, source })?;
    }
    Ok(())
}

/// People, authority and token of a folder that [`make`] made.
///
/// # Errors
/// A file is missing or holds something else.
pub fn load(folder: &Path) -> Result<(Vec<Person>, Authority, String), Error> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|source| Error::File { path, source })
    };
    let people = serde_json::from_str(&read(PEOPLE)?).map_err(|_| Error::Content(folder.join(PEOPLE)))?;
    let authority = Authority::from_key(&read(KEY)?).map_err(|_| Error::Content(folder.join(KEY)))?;
    Ok((people, authority, read(TOKEN)?.trim().to_owned()))
}
