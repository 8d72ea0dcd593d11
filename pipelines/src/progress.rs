//! Progress bars on a terminal; elsewhere nothing is drawn, the log has the same information.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

const TEMPLATE: &str = "{prefix:>9} [{bar:30}] {pos}/{len} {wide_msg}";

/// A bar for one stage of `steps` steps.
pub(crate) fn bar(stage: &'static str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
    // Without a terminal on standard error indicatif draws nothing.
    ProgressBar::new(steps as u64).with_style(style.progress_chars("=> ")).with_prefix(stage)
}

/// A spinner for a stage whose steps cannot be counted; clear it when the stage ends.
pub(crate) fn spinner(stage: &'static str, message: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>9} {spinner} {msg} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    let spinner = ProgressBar::new_spinner().with_style(style).with_prefix(stage).with_message(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}
