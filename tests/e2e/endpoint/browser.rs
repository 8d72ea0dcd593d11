//! Placeholder until the browser's tests are here.
