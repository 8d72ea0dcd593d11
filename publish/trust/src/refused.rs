//! Why a release is not believed: each reason names what somebody may be trying to make a reader believe, and what to do. What is quoted of
//! a portal's files is escaped, since it may be anything.

use chrono::NaiveDate;

use crate::key_list::KeyListProblem;

/// Why a release is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A file cannot be had.
    #[error("{path:?} cannot be read: {reason}; try again, or read the portal by another way")]
    Unreachable {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A file that must be there is not.
    #[error(
        "{path:?} is missing: the portal is not signed, is incomplete, or something is withheld; try again later, and if it stays so, \
         tell the publisher"
    )]
    Missing {
        /// The file.
        path: String,
    },
    /// Endless data: a file goes on after it should have ended.
    #[error(
        "{path:?} has more than the {at_most} bytes that it may have; nothing of it was kept. Endless data: somebody fills disks, or the \
         file was replaced"
    )]
    TooLong {
        /// The file.
        path: String,
        /// What it may have.
        at_most: u64,
    },
    /// A manifest leads out of its release.
    #[error(
        "{manifest:?} lists the path {path:?}, which is not followed: {reason}; a sound program does not write it, so do not use this \
         portal"
    )]
    BadPath {
        /// The manifest.
        manifest: String,
        /// The path.
        path: String,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// A file is not what it should be, though signed or named by what is signed.
    #[error("{path:?} is signed, but cannot be used: {reason}; tell the publisher")]
    Unusable {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A format of the future.
    #[error("{path:?} has format {format}, of which this program knows nothing; update the program")]
    NewerFormat {
        /// The file.
        path: String,
        /// The format.
        format: u32,
    },
    /// Wrong key: none that is trusted signed it.
    #[error(
        "{path:?} is signed by none of the keys that are trusted. Wrong key: either somebody else signed it, or the key that you gave is \
         not one that signs lists of keys; compare it with what the publisher prints elsewhere than on this portal"
    )]
    WrongKey {
        /// The file.
        path: String,
    },
    /// The signature does not fit the file.
    #[error(
        "the signature of {path:?} is broken: the file or its signature was changed after it was signed; do not use it, try again later, \
         and if it stays so, tell the publisher"
    )]
    SignatureBroken {
        /// The file.
        path: String,
    },
    /// There is no signature.
    #[error(
        "{path:?} has no signature: it was put there by somebody without a key, or is being replaced; try again later, and if it stays \
         so, tell the publisher"
    )]
    Unsigned {
        /// The file.
        path: String,
    },
    /// Mix-and-match: the signature of another file.
    #[error(
        "beside {path:?} stands the signature of something else ({said:?} instead of {expected:?}). Mix-and-match: signed files were \
         exchanged; do not use this portal, tell the publisher"
    )]
    OtherSignature {
        /// The file.
        path: String,
        /// What the signature says was signed.
        said: String,
        /// What it should say.
        expected: String,
    },
    /// A key signed what it may not.
    #[error(
        "{path:?} is signed by key {key}, which may not sign release {release}: it was used only before or after. Wrong key: it may be \
         stolen; tell the publisher"
    )]
    KeyNotInUse {
        /// The file.
        path: String,
        /// The key's number.
        key: String,
        /// The release.
        release: String,
    },
    /// A list of keys says what it may not.
    #[error("list {version} of keys cannot be used: {problem}; tell the publisher")]
    KeyList {
        /// Version of the list.
        version: u64,
        /// What is wrong.
        problem: KeyListProblem,
    },
    /// Endless lists.
    #[error(
        "there are more than {most} lists of keys after the one that is trusted. Endless data: no publisher changes keys so often; \
         do not use this portal"
    )]
    EndlessKeyLists {
        /// How many are followed.
        most: u64,
    },
    /// A newer list of keys exists, but is not there.
    #[error(
        "the pointer was signed when list {named} of keys held, but only {found} lists are there. A newer list is withheld, perhaps one \
         that ends a stolen key; try again later, and if it stays so, tell the publisher"
    )]
    KeysWithheld {
        /// The version that the pointer names.
        named: u64,
        /// The newest version that is there.
        found: u64,
    },
    /// There are two lists with the same version.
    #[error(
        "list {version} of keys is not the one that the pointer names: there are two. Somebody has a key that signs lists; use the portal \
         no more until the publisher has said on another way which keys hold"
    )]
    KeysForked {
        /// Version of the list.
        version: u64,
    },
    /// The list of keys is too old.
    #[error(
        "list {version} of keys was to be used until {expires} only. Freeze: a newer one may be withheld; try again later, tell the \
         publisher, and check this computer's date"
    )]
    KeysExpired {
        /// Version of the list.
        version: u64,
        /// Its last day.
        expires: NaiveDate,
    },
    /// Freeze: an old state is passed off as today's.
    #[error(
        "what the portal shows as the latest was to be believed until {expires} only, and today is {today}. Freeze: somebody holds you on \
         an old state, or the publisher's nightly run has stopped; try again later, tell the publisher, and check this computer's date"
    )]
    Expired {
        /// The last day.
        expires: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// Roll-back: an earlier pointer than one that was seen.
    #[error(
        "the portal points with number {number}, but you have seen number {seen}. Roll-back: an older state is shown to you than before; \
         keep what you have, try again later, and if it stays so, tell the publisher"
    )]
    OlderPointer {
        /// The pointer's number.
        number: u64,
        /// The number that was seen.
        seen: u64,
    },
    /// There are two pointers with the same number.
    #[error(
        "there are two pointers with number {number}: the one that you have seen, and this one. Different readers are shown different \
         things; keep what you have, and tell the publisher"
    )]
    PointerForked {
        /// The number.
        number: u64,
    },
    /// Roll-back: an earlier release than one that was seen, which was not withdrawn.
    #[error(
        "the portal shows release {release:?} as the latest, but you have seen {seen:?}, which was not withdrawn. Roll-back: newer \
         releases are hidden; keep what you have, and tell the publisher"
    )]
    OlderRelease {
        /// The release.
        release: String,
        /// The release that was seen.
        seen: String,
    },
    /// Roll-back: what a release was before something was removed from it.
    #[error(
        "release {release:?} is shown as it was before something was removed from it. Roll-back: what was lawfully removed is shown \
         again; do not use it, tell the publisher"
    )]
    EarlierState {
        /// The release.
        release: String,
    },
    /// There are two releases of the same name.
    #[error(
        "release {release:?} is another than the one that you have seen, and does not say that it stands in its place. Different readers \
         are shown different things; keep what you have, and tell the publisher"
    )]
    Forked {
        /// The release.
        release: String,
    },
    /// The chain of releases leaves one out that was seen.
    #[error(
        "release {seen:?}, which you have seen, is not among those on which release {release:?} builds. Its history was rewritten; keep \
         what you have, and tell the publisher"
    )]
    LeftOut {
        /// The release that follows the gap.
        release: String,
        /// The release that was seen.
        seen: String,
    },
    /// Mix-and-match: the pointer names another manifest.
    #[error(
        "the pointer names another manifest of release {release:?} than the one that is there. Mix-and-match: files of different states \
         were put together, or the portal is being changed; try again later, and if it stays so, tell the publisher"
    )]
    OtherManifest {
        /// The release.
        release: String,
    },
    /// Mix-and-match: a release under the name of another.
    #[error(
        "{path:?} is the manifest of release {found:?}. Mix-and-match: a release was put in the place of another; do not use this portal, \
         tell the publisher"
    )]
    OtherRelease {
        /// The file.
        path: String,
        /// Whose manifest it is.
        found: String,
    },
    /// Mix-and-match: a tier of another release.
    #[error(
        "{path:?} is not the manifest of the tier that release {release:?} names. Mix-and-match: tiers of different releases were put \
         together, or the file was changed; do not use it, tell the publisher"
    )]
    OtherTier {
        /// The file.
        path: String,
        /// The release.
        release: String,
    },
    /// The hash chain is broken.
    #[error(
        "release {previous:?} is not the one that release {release:?} was made after, nor stands in its place. The chain is broken: \
         history was rewritten; keep what you have, and tell the publisher"
    )]
    ChainBroken {
        /// The release.
        release: String,
        /// The release before.
        previous: String,
    },
    /// A release is withheld.
    #[error(
        "release {release:?} is missing, though the portal says that it keeps all from number {oldest} on; something is withheld. Try \
         again later, and if it stays so, tell the publisher"
    )]
    ReleaseMissing {
        /// The release.
        release: String,
        /// Number of the oldest release that the portal keeps.
        oldest: u64,
    },
    /// A file has another content.
    #[error(
        "{path:?} is not the file that the manifest lists: its content was changed or cut short; do not use it, fetch it again, and if it \
         stays so, tell the publisher"
    )]
    Differs {
        /// The file.
        path: String,
    },
    /// A path that leads to two contents.
    #[error("{path:?} is listed twice, so nobody can say what it holds; tell the publisher")]
    ListedTwice {
        /// The file.
        path: String,
    },
    /// There is no such tier.
    #[error("release {release:?} has no tier {tier:?}; name one that it has")]
    NoSuchTier {
        /// The release.
        release: String,
        /// The tier.
        tier: String,
    },
}
