//! Whether `virsis serve` serves an installation: a name of the system's, which it has for as long as it lives, even if its folders are moved away
//! below it.

use std::io::ErrorKind;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;

/// Held while serving, or while nobody may serve.
#[derive(Debug)]
pub(crate) struct Serving(#[expect(dead_code, reason = "the name is taken as long as the socket is open")] UnixListener);

/// Takes the name of an installation.
///
/// # Errors
/// A [`Refusal`] where another process has it; `what` says what cannot be done meanwhile.
pub(crate) fn take(state: &Path, what: &str) -> Result<Serving> {
    let name = format!("virsis {}", hex::encode(Sha256::digest(state.as_os_str().as_encoded_bytes())));
    let address = SocketAddr::from_abstract_name(name.as_bytes()).context("no name for this installation")?;
    match UnixListener::bind_addr(&address) {
        Ok(socket) => Ok(Serving(socket)),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Err(Refusal::one(format!("`virsis serve` is running, or a restore: {what}; stop it first (`systemctl stop virsis`)")).into())
        }
        Err(error) => Err(error).context("cannot tell whether `virsis serve` is running"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_serves_an_installation() {
        let one = take(Path::new("/tmp/vienas serving"), "x").unwrap();
        assert!(take(Path::new("/tmp/vienas serving"), "nothing is put back").unwrap_err().to_string().contains("nothing is put back"));
        drop((take(Path::new("/tmp/kitas serving"), "x").unwrap(), one));
        assert!(take(Path::new("/tmp/vienas serving"), "x").is_ok());
    }
}
