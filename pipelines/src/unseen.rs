//! Hides the process from other users of this machine: personal codes pass through its memory.

use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::{Mode, umask};

/// Makes everything that will be created private to its owner, and forbids core dumps and debuggers.
///
/// What a web server reads is given its rights one by one, in the release store. First thing in `main`, before any thread or file.
pub(crate) fn by_others() {
    umask(Mode::from_bits_truncate(0o077));
    // Lowering a limit and giving up a right are never refused.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}
