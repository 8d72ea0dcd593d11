//! Logs: text for a person at a terminal, JSON lines for a machine. `VIRSIS_LOG` filters (`info`, `debug`, `virsis=trace`, …).

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;

pub(crate) fn start(format: Option<LogFormat>) {
    let filter = EnvFilter::try_from_env("VIRSIS_LOG");
    let terminal = std::io::stderr().is_terminal();
    let format = format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json });
    // On a terminal the progress bars show what happens, so only warnings are logged.
    let default = if terminal && format == LogFormat::Text { "warn" } else { "info" };
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter.unwrap_or_else(|_| EnvFilter::new(default))).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => subscriber.with_target(false).compact().init(),
        LogFormat::Json => subscriber.json().flatten_event(true).with_target(false).init(),
    }
}
