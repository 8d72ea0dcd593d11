//! The panic hook: it reports where the program, or a library that reads a damaged file, panicked, never the message, which may quote data.

use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the command changes nothing, so that it may end anywhere.
pub(crate) static ONLY_READS: AtomicBool = AtomicBool::new(false);

/// Replaces the usual message, which often quotes the very cell that the panicking code failed on.
pub(crate) fn report_only_where() {
    panic::set_hook(Box::new(|info| {
        // A reader that closed the pipe (`virsis status | grep -q`) has read all it wants; nothing but commands prints.
        let message = info.payload_as_str().unwrap_or_default();
        if message.starts_with("failed printing to stdout") && message.ends_with("Broken pipe (os error 32)") {
            if ONLY_READS.load(Ordering::Relaxed) {
                std::process::exit(0);
            }
            eprintln!("error: whoever read the output closed it, so the command ended in the middle; give it again and let it end");
            std::process::exit(2);
        }
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        eprintln!("defect at {place}; its message is withheld because it may quote data");
    }));
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    /// Set where this program is the one that is to panic.
    const CHILD: &str = "VIRSIS_TEST_PANIC";

    #[test]
    fn what_a_defect_was_looking_at_is_not_printed() {
        if std::env::var_os(CHILD).is_some() {
            super::report_only_where();
            let cell = "33309240064".to_owned();
            assert!(cell.is_empty(), "cannot read {cell}");
        }
        let this = std::env::current_exe().unwrap();
        let child = Command::new(this).args(["--nocapture", "what_a_defect_was"]).env(CHILD, "1").output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
        assert!(!child.status.success() && said.contains("defect at pipelines/src/panics.rs:"), "{said}");
        assert!(!said.contains("33309240064"));
    }
}
