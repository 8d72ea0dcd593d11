//! Training environments: what is said on everything that leaves one, and whose signatures are believed there and nowhere else.

use container::Trust;

use crate::Error;

/// Stands on every page, in every letter and on every page of every document of a training environment.
pub const TRAINING_NOTICE: &str = "Mokomoji aplinka: duomenys sugalvoti, parašai ir gavimo numeriai negalioja";
/// Stands in the name of each authority of a training environment: anybody who practises can sign there as anyone.
pub const TRAINING_AUTHORITY: &str = "MOKOMASIS";

/// Refuses practice signatures outside training environments, and real ones inside.
pub(crate) fn check_trust(trust: &Trust, training: bool) -> Result<(), Error> {
    match (training, trust.named(TRAINING_AUTHORITY).any(|practice| practice), trust.named(TRAINING_AUTHORITY).all(|practice| practice)) {
        (false, true, _) => Err(Error::Settings(format!(
            "roots_file names an authority of a training environment ({TRAINING_AUTHORITY}), with whose certificates anybody can sign as anyone: \
             name the authorities of qualified signatures"
        ))),
        (true, _, false) => Err(Error::Settings(format!(
            "roots_file of a training environment names another authority than its own ({TRAINING_AUTHORITY}); make it again with \
             `virsis demo --training`"
        ))),
        _ => Ok(()),
    }
}
