//! What is wrong with a command line of `virsis sql` or `virsis report`, in the Lithuanian of their help.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Nothing where the parser has more to say than a sentence (help), or where it knows something that is not told here.
pub(super) fn in_lithuanian(error: &Error, command: &str) -> Option<String> {
    let said = |kind| error.get(kind).map(ContextValue::to_string).filter(|text| !text.is_empty());
    let argument = || said(ContextKind::InvalidArg).unwrap_or_default();
    let sentence = match error.kind() {
        ErrorKind::UnknownArgument if !argument().starts_with('-') => format!("„{}“ čia nereikalinga.", argument()),
        ErrorKind::UnknownArgument => {
            let meant = said(ContextKind::SuggestedArg).map(|meant| format!(" Gal turėjote omenyje „{meant}“?")).unwrap_or_default();
            format!("parinkties „{}“ nėra.{meant}", argument())
        }
        ErrorKind::InvalidSubcommand => {
            let meant = said(ContextKind::SuggestedSubcommand).map(|meant| format!(" Gal turėjote omenyje „{meant}“?")).unwrap_or_default();
            format!("komandos „{}“ nėra.{meant}", said(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingRequiredArgument => format!("trūksta, ko reikia: {}.", argument()),
        ErrorKind::InvalidValue => {
            let wrong = match said(ContextKind::InvalidValue) {
                Some(value) => format!("parinkties „{}“ reikšmė „{value}“ netinka.", argument()),
                None => format!("po parinkties „{}“ turi eiti reikšmė.", argument()),
            };
            let fitting = said(ContextKind::ValidValue).map(|values| format!(" Tinka: {values}.")).unwrap_or_default();
            format!("{wrong}{fitting}")
        }
        ErrorKind::ValueValidation => format!("parinkties „{}“ reikšmė „{}“ netinka.", argument(), said(ContextKind::InvalidValue)?),
        ErrorKind::ArgumentConflict if error.get(ContextKind::PriorArg).is_none_or(|other| other.to_string() == argument()) => {
            format!("parinktis „{}“ nurodyta kelis kartus.", argument())
        }
        ErrorKind::TooManyValues => {
            format!("reikšmė „{}“ čia nereikalinga: parinktis „{}“ jos neturi.", said(ContextKind::InvalidValue)?, argument())
        }
        _ => return None,
    };
    Some(format!("{sentence}\nDaugiau: virsis {command} --help"))
}
