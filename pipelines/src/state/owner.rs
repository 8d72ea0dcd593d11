//! Whose the state folder is: what another user makes there would be closed to its owner.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::Result;
use nix::unistd::{Uid, User};

use crate::refusal::Refusal;

/// Refuses root where the state belongs to somebody else, as it does where the program was installed from a package. All others the system refuses.
pub(crate) fn check(state: &Path) -> Result<()> {
    // Where it is lost, whoever owns what it lies in is whose it will be.
    let Some(folder) = state.ancestors().find_map(|folder| fs::metadata(folder).ok()) else { return Ok(()) };
    if !Uid::effective().is_root() || folder.uid() == 0 {
        return Ok(());
    }
    let owner = User::from_uid(folder.uid().into()).ok().flatten().map(|user| user.name);
    let (owner, how) = match owner {
        Some(name) => (name.clone(), format!("runuser -u {name} --")),
        None => (format!("user {}", folder.uid()), format!("setpriv --reuid={0} --regid={1} --clear-groups", folder.uid(), folder.gid())),
    };
    Err(Refusal::one(format!(
        "the state folder {} belongs to {owner}, who could not read what root makes there; run the command as {owner}: {how} virsis …",
        state.display()
    ))
    .into())
}
