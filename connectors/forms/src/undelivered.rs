//! Why a letter was not delivered, in Lithuanian, for those who look after the system. Words of this program alone: what a server wrote stands
//! nowhere.

use std::io::ErrorKind;

use mail::{Flaw, Reason, SmtpStep};

/// The reason in words.
pub(crate) fn in_words(reason: &Reason) -> String {
    match reason {
        Reason::Id | Reason::Subject | Reason::Written | Reason::Letter => "laiško nepavyko sudaryti: tai programos klaida".to_owned(),
        Reason::Address => "gavėjo adresas netinkamas".to_owned(),
        Reason::Folder(kind) => format!("laiškų aplankas nepriima: {}", of_system(*kind)),
        Reason::Name => "pašto serverio vardas nerastas".to_owned(),
        Reason::Connection(step, kind) => format!("ryšys su pašto serveriu nutrūko {}: {}", at(*step), of_system(*kind)),
        Reason::Silence(step) => format!("pašto serveris nutilo {}", at(*step)),
        Reason::Answer(step) => format!("pašto serveris atsakė ne pagal SMTP {}", at(*step)),
        Reason::Plain => "pašto serveris nesiūlo šifravimo (STARTTLS)".to_owned(),
        Reason::Encryption(step) => format!("nepavyko užmegzti šifruoto ryšio {}", at(*step)),
        Reason::Certificate(flaw) => format!("pašto serverio sertifikatas {}", flawed(*flaw)),
        Reason::Login => "pašto serveris nesiūlo žinomo būdo prisijungti".to_owned(),
        Reason::Refused { step, code, status } => {
            let status = status.map(|(class, subject, detail)| format!(" {class}.{subject}.{detail}")).unwrap_or_default();
            format!("pašto serveris atsisakė {} (kodas {code}{status})", at(*step))
        }
        Reason::Unconfirmed => "pašto serveris laišką paėmė, bet nepatvirtino".to_owned(),
        _ => "nežinoma priežastis".to_owned(),
    }
}

fn at(step: SmtpStep) -> &'static str {
    match step {
        SmtpStep::Connection => "jungiantis",
        SmtpStep::Encryption => "pradedant šifruoti",
        SmtpStep::Login => "prisijungiant",
        SmtpStep::Sender => "nurodant siuntėją",
        SmtpStep::Recipient => "nurodant gavėją",
        SmtpStep::Data => "prieš perduodant laišką",
        SmtpStep::Letter => "perduodant laišką",
    }
}

fn flawed(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::OtherHost => "išduotas kitam serveriui",
        Flaw::Authority => "išduotas nepatikimos įstaigos",
        Flaw::Time => "nebegalioja arba dar negalioja",
        Flaw::Other => "netinkamas",
    }
}

fn of_system(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "jo nėra",
        ErrorKind::PermissionDenied => "nėra teisės rašyti",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "nėra vietos",
        ErrorKind::ConnectionRefused => "serveris neklauso",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
            "jį nutraukė serveris"
        }
        ErrorKind::TimedOut => "serveris neatsakė laiku",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "serveris nepasiekiamas",
        _ => "operacinės sistemos klaida",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_with_its_codes_and_the_step_it_came_at() {
        let reason = Reason::Refused { step: SmtpStep::Recipient, code: 550, status: Some((5, 1, 1)) };
        assert_eq!(in_words(&reason), "pašto serveris atsisakė nurodant gavėją (kodas 550 5.1.1)");
        let reason = Reason::Refused { step: SmtpStep::Letter, code: 452, status: None };
        assert_eq!(in_words(&reason), "pašto serveris atsisakė perduodant laišką (kodas 452)");
        let broken = in_words(&Reason::Connection(SmtpStep::Connection, ErrorKind::ConnectionRefused));
        assert_eq!(broken, "ryšys su pašto serveriu nutrūko jungiantis: serveris neklauso");
    }
}
