//! A code that may be a person's, on its way to the register that is asked about it.

use zeroize::Zeroize;

/// A code that cannot be printed: without `Debug`, `Display` and `Serialize` it gets into no log, no error and no file, and whatever holds
/// one cannot derive them either. Its memory is overwritten when it is dropped.
///
/// ```compile_fail
/// println!("{:?}", catalog::SecretCode::new("33309240064"));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretCode(String);

impl SecretCode {
    /// Locks a code up.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code itself. The web service alone calls this, to ask a register; a test holds all other code to it.
    #[must_use]
    pub fn expose_to_register(&self) -> &str {
        &self.0
    }
}

impl Drop for SecretCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};
    use std::marker::PhantomData;

    use serde::Serialize;

    use super::*;

    /// Tells whether a type can be printed: a constant of its own is found before one of a trait, but only where its bounds hold.
    struct Probe<T>(PhantomData<T>);

    trait NotPrinted {
        const BY_DEBUG: bool = false;
        const BY_DISPLAY: bool = false;
        const BY_SERIALIZE: bool = false;
    }

    impl<T> NotPrinted for Probe<T> {}

    impl<T: Debug> Probe<T> {
        const BY_DEBUG: bool = true;
    }

    impl<T: Display> Probe<T> {
        const BY_DISPLAY: bool = true;
    }

    impl<T: Serialize> Probe<T> {
        const BY_SERIALIZE: bool = true;
    }

    #[test]
    fn a_secret_code_cannot_be_printed_in_any_way() {
        assert_eq!([Probe::<String>::BY_DEBUG, Probe::<String>::BY_DISPLAY, Probe::<String>::BY_SERIALIZE], [true; 3], "the probe itself");
        assert_eq!([Probe::<SecretCode>::BY_DEBUG, Probe::<SecretCode>::BY_DISPLAY, Probe::<SecretCode>::BY_SERIALIZE], [false; 3]);
    }
}
