//! The states of a submission: draft → checked → document formed → reviewed → signed → submitted (→ superseded).
//!
//! No step can be skipped, and going back is possible until it is signed. This file knows nothing of storage; the store applies a step
//! only to the state and version it was decided on, so that a page sent twice, or an old one, changes nothing.

/// How far a submission has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Being entered.
    Draft,
    /// Entered without errors.
    Checked,
    /// The document is formed.
    Formed,
    /// A person has looked through the document.
    Reviewed,
    /// The document is signed.
    Signed,
    /// Submitted; has a receipt number.
    Submitted,
    /// A later submission supersedes it.
    Superseded,
    /// Discarded before it was signed.
    Discarded,
}

/// A step that changes the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Something was entered or changed.
    Save,
    /// The entry was checked and has no errors.
    Check,
    /// The document was formed.
    Form,
    /// The document was looked through.
    Review,
    /// The document was signed.
    Sign,
    /// It was submitted.
    Submit,
    /// A later submission superseded it.
    Supersede,
    /// Back to entering.
    Back,
    /// Discarded.
    Discard,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Draft, Self::Checked, Self::Formed, Self::Reviewed, Self::Signed, Self::Submitted, Self::Superseded, Self::Discarded];

    /// Where `step` leads from here; `None` when it is not possible.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Checked | Self::Formed | Self::Reviewed, Step::Save | Step::Back) => Some(Self::Draft),
            (Self::Draft | Self::Checked | Self::Formed | Self::Reviewed, Step::Discard) => Some(Self::Discarded),
            (Self::Draft, Step::Check) => Some(Self::Checked),
            (Self::Checked, Step::Form) => Some(Self::Formed),
            (Self::Formed, Step::Review) => Some(Self::Reviewed),
            (Self::Reviewed, Step::Sign) => Some(Self::Signed),
            (Self::Signed, Step::Submit) => Some(Self::Submitted),
            (Self::Submitted, Step::Supersede) => Some(Self::Superseded),
            _ => None,
        }
    }

    /// Whether it can still be changed.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Checked | Self::Formed | Self::Reviewed)
    }

    /// Whether it was submitted, now or once.
    #[must_use]
    pub fn is_submitted(self) -> bool {
        matches!(self, Self::Submitted | Self::Superseded)
    }

    /// As the store spells it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Checked => "checked",
            Self::Formed => "formed",
            Self::Reviewed => "reviewed",
            Self::Signed => "signed",
            Self::Submitted => "submitted",
            Self::Superseded => "superseded",
            Self::Discarded => "discarded",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What people read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "Juodraštis",
            Self::Checked => "Patikrinta",
            Self::Formed => "Dokumentas suformuotas",
            Self::Reviewed => "Peržiūrėta, laukia parašo",
            Self::Signed => "Pasirašyta",
            Self::Submitted => "Pateikta",
            Self::Superseded => "Pakeista vėlesniu pateikimu",
            Self::Discarded => "Atsisakyta",
        }
    }
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 9] =
        [Self::Save, Self::Check, Self::Form, Self::Review, Self::Sign, Self::Submit, Self::Supersede, Self::Back, Self::Discard];

    /// As the audit log spells it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Check => "check",
            Self::Form => "form",
            Self::Review => "review",
            Self::Sign => "sign",
            Self::Submit => "submit",
            Self::Supersede => "supersede",
            Self::Back => "back",
            Self::Discard => "discard",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_lead_back_to_their_states() {
        for state in State::ALL {
            assert_eq!(State::of(state.code()), Some(state));
        }
    }

    #[test]
    fn what_is_signed_or_beyond_cannot_be_changed_or_thrown_away() {
        for state in [State::Signed, State::Submitted, State::Superseded, State::Discarded] {
            for step in [Step::Save, Step::Back, Step::Discard, Step::Check, Step::Form, Step::Review, Step::Sign] {
                assert_eq!(state.after(step), None, "{state:?} {step:?}");
            }
        }
    }

    proptest! {
        /// Whatever is tried in whatever order: a submitted one went through every step after its last change, in this order.
        #[test]
        fn nothing_is_submitted_without_every_step_before_it(steps in prop::collection::vec(prop::sample::select(Step::ALL.to_vec()), 0..60)) {
            let mut state = State::Draft;
            let mut taken = Vec::new();
            for step in steps {
                if let Some(next) = state.after(step) {
                    state = next;
                    taken.push(step);
                }
            }
            if state == State::Submitted {
                let since = taken.iter().rposition(|step| matches!(step, Step::Save | Step::Back)).map_or(0, |at| at + 1);
                prop_assert_eq!(&taken[since..], &[Step::Check, Step::Form, Step::Review, Step::Sign, Step::Submit]);
            }
        }
    }
}
