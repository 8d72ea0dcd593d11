//! What can go wrong while a release is carried to a store.

/// Errors of publishing to a store. Whichever it is, `latest.json` names a release that is there as a whole, and none of them holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is not one to publish to.
    #[error("cannot publish to {to}: {reason}")]
    Target {
        /// The address, without what may be a secret.
        to: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// What was asked for does not describe a release.
    #[error("release {release} cannot be published: {reason}; check the portal with `virsis verify` and publish again")]
    Release {
        /// Its name.
        release: String,
        /// Which rule it breaks.
        reason: String,
    },
    /// A file of the release is not the one that its manifest lists.
    #[error(
        "{path} of release {release} {reason}; nothing points to what was carried so far. Check the portal with `virsis verify` and publish again"
    )]
    File {
        /// The release's name.
        release: String,
        /// Path inside the release.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The pointer cannot be read, or is not one.
    #[error("{path} does not lead to a release: {reason}")]
    Pointer {
        /// Where it lies in the store.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The store shows a newer release.
    #[error("{to} shows release {standing}, which is newer than {release}; if it is right to go back, say so (`--allow-older`)")]
    Older {
        /// The store.
        to: String,
        /// The release that is shown.
        standing: String,
        /// The release that was to be shown.
        release: String,
    },
    /// Somebody else moved the pointer in the meantime.
    #[error("another publisher changed {path} while this release was carried; see who else publishes there, then publish again")]
    Overtaken {
        /// The pointer.
        path: String,
    },
    /// A release of this name stands there, and is another.
    #[error(
        "release {release} stands at {to} with other content ({path} is one of its files that differ), though its manifest says of no removal; is this the right store, and the right portal?"
    )]
    Immutable {
        /// The store.
        to: String,
        /// The release's name.
        release: String,
        /// One file that differs.
        path: String,
    },
    /// Two publications to one folder at once.
    #[error("another publication to {to} is going on; wait until it ends")]
    Busy {
        /// The store.
        to: String,
    },
    /// The store refused something or cannot be reached.
    #[error(
        "cannot {action} {at}: {reason}; what readers see is a whole release. Publish again when that is mended: it goes on where it stopped"
    )]
    Store {
        /// What was attempted, as a verb.
        action: &'static str,
        /// What it was attempted with.
        at: String,
        /// The store's reason, without secrets.
        reason: String,
    },
    /// What is read back is not what was written, even after it was written again.
    #[error("{at} {reason}, though it was carried there twice; the store does not keep what it is given, nothing points to this release")]
    Corrupt {
        /// The object.
        at: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The machine cannot run it.
    #[error("cannot start publishing: {0}; check memory and the limit of open files")]
    Machine(std::io::Error),
}
