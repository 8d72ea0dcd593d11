//! Errors of the data or the request rather than of the program: bad data, an unknown configuration key, a report that does not exist. Exit code 1.

/// One or more reasons, each a full line that says what, where and what to do.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Vec<String>);

impl Refusal {
    pub(crate) fn one(reason: impl ToString) -> Self {
        Self(vec![reason.to_string()])
    }
}

/// Each reason of a refusal for itself.
pub(crate) fn reasons(error: anyhow::Error) -> Vec<String> {
    match error.downcast::<Refusal>() {
        Ok(Refusal(reasons)) => reasons,
        Err(error) => vec![format!("{error:#}")],
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.as_slice() {
            [one] => out.write_str(one),
            many => {
                write!(out, "{} problems:", many.len())?;
                many.iter().try_for_each(|reason| write!(out, "\n  - {reason}"))
            }
        }
    }
}

impl std::error::Error for Refusal {}
