//! What others on this machine may see of the process: nothing. Codes of persons pass through its memory.

use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::{Mode, umask};

/// Closes whatever will be made to everybody but its owner, and leaves no picture of the memory behind when the process is killed.
///
/// What a web server reads is given its rights one by one, in the release store. First thing in `main`, before any thread or file.
pub(crate) fn by_others() {
    umask(Mode::from_bits_truncate(0o077));
    // Neither a lower limit nor less to see is ever refused.
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}
