//! Which containers are believed and which are not. The containers come from `tests/peers/container/make.py` (pyasice, xmlsec1,
//! OpenSSL), which shares no code with ours; attacks change what it made. Skipped where Python or its packages are missing; with
//! `VIRSIS_PEERS_REQUIRED=1` the packages are installed first, and what is still missing is a failure.

#![expect(clippy::unwrap_used, reason = "a step that fails must end the test")]

mod archive;
mod cases;
mod peer;
mod random;
mod xml;
