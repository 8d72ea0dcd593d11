//! Disclosure control of tables whose answers are known, of random ones, and against an independent solver.

#![expect(clippy::unwrap_used, reason = "test helpers")]

mod contributors;
mod enumerated;
mod fixed;
mod linked;
mod oracle;
mod random;
mod reference;
mod tables;
