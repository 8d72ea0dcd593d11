//! Whether a release is the one that was published: signatures, the chain of manifests, expiry.
