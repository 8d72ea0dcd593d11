//! Progress bars on a terminal; nothing elsewhere, where the log tells the same.

use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str = "{prefix:>9} [{bar:30}] {pos}/{len} {wide_msg}";

/// A bar for one stage of `steps` steps.
pub(crate) fn bar(stage: &'static str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
    // Without a terminal on standard error indicatif draws nothing.
    ProgressBar::new(steps as u64).with_style(style.progress_chars("=> ")).with_prefix(stage)
}
