//! Measures each stage of a run: wall time, CPU time of all threads, peak memory.

use std::time::{Duration, Instant};

use crate::memory;
use crate::state::ledger::Stage;

/// Measures stages one after another.
#[derive(Debug)]
pub(crate) struct Stages {
    pub(crate) done: Vec<Stage>,
    started: Instant,
    cpu: Duration,
}

impl Stages {
    pub(crate) fn start() -> Self {
        Self { done: Vec::new(), started: Instant::now(), cpu: cpu_time() }
    }

    /// Ends the current stage under `name` and begins the next.
    pub(crate) fn finish(&mut self, name: &str) {
        memory::give_back_what_is_free();
        let (now, cpu) = (Instant::now(), cpu_time());
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let stage = Stage {
            name: name.to_owned(),
            wall_ms: milliseconds(now - self.started),
            cpu_ms: milliseconds(cpu.saturating_sub(self.cpu)),
            peak_mib: peak_memory_kib() / 1024,
        };
        tracing::info!(stage = name, wall_ms = stage.wall_ms, cpu_ms = stage.cpu_ms, peak_mib = stage.peak_mib, "stage finished");
        self.done.push(stage);
        (self.started, self.cpu) = (now, cpu);
    }
}

/// CPU time of this process, all threads; zero where the system does not tell.
fn cpu_time() -> Duration {
    /// Clock ticks a second: fixed in the Linux kernel's interface to user space.
    const TICKS: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted after the command name, which may hold blanks and ends with a parenthesis.
    let fields: Vec<u64> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Duration::from_millis(fields.iter().sum::<u64>() * 1000 / TICKS)
}

fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
