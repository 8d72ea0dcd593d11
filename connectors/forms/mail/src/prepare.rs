//! From the settings to the delivery that they describe.

use crate::{Delivery, Error, Folder, Sender, Settings, Smtp};

/// Makes what the settings describe. No connection is tried.
///
/// # Errors
/// For settings with which no letter could be sent: see [`Error`].
pub fn prepare(settings: &Settings) -> Result<Box<dyn Delivery>, Error> {
    Ok(match settings {
        Settings::File { folder, from } => Box::new(Folder::new(folder, Sender::new(from)?)?),
        Settings::Smtp(settings) => Box::new(Smtp::new(settings)?),
    })
}
