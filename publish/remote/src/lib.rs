//! Carries a release to an object store.
