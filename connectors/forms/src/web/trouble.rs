//! Why a page cannot be shown or a step not taken, as the visitor is told.

use axum::http::StatusCode;

use minijinja::context;

use super::Reply;
use super::frame::frame;
use crate::Error;
use crate::app::App;
use crate::store::{self, Session};

/// Something in the way.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Nobody is signed in.
    SignIn,
    /// In whose name is not chosen.
    ChooseRole,
    /// Not for this role or organisation.
    Forbidden,
    /// A signed document, with the signer's code in it, for a role that sees no codes.
    Signed,
    /// Nothing of that address.
    NotFound,
    /// The page was of another version: somebody else changed it, or it was sent twice.
    Outdated,
    /// Sent from another site.
    Foreign,
    /// Sent without the token of the session.
    Forged,
    /// Too often.
    TooMany,
    /// An organisation has as many drafts as it may have.
    TooManyDrafts,
    /// Larger than allowed.
    TooLarge,
    /// Did not arrive in time.
    Slow,
    /// Not understood.
    Malformed,
    /// Something else, but what was typed is kept: the page that says so.
    Kept(Box<Trouble>, Box<Reply>),
    /// A defect, or a fault of the machine.
    Broken(Error),
    /// The same, after what was typed had been kept as a draft.
    NotFormed(Error),
}

impl<E: Into<Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

impl Trouble {
    /// The same trouble where the draft has been kept already: whoever is told that something broke must not type it all again.
    pub(super) fn after_saving(self) -> Self {
        match self {
            Self::Broken(error) => Self::NotFormed(error),
            other => other,
        }
    }

    /// What went wrong, in words that may stand in a log. The trouble as it is may have a page in it, with what was entered.
    pub(super) fn for_log(&self) -> String {
        match self {
            Self::Broken(error) | Self::NotFormed(error) => error.to_string(),
            other => other.words().1.to_owned(),
        }
    }

    /// What a visitor is told when something is in the way; whoever is signed in sees so here, too.
    pub(super) fn page(self, app: &App, session: Option<&Session>) -> Reply {
        if let Self::Kept(_, reply) = self {
            return *reply;
        }
        match &self {
            Self::SignIn => return Reply::to("/prisijungti"),
            Self::ChooseRole => return Reply::to("/vaidmuo"),
            Self::Broken(error) | Self::NotFormed(error) => tracing::error!(%error, "a page could not be shown"),
            _ => {}
        }
        // Not of a defect: what would have to be asked may be what broke.
        let session = session.filter(|_| !matches!(self, Self::Broken(_) | Self::NotFormed(_)));
        let account = |session: &Session| app.store.read(|connection| store::find_account(connection, session.account)).ok()?;
        let frame = session.and_then(|session| Some(frame(session, &account(session)?)));
        let (status, title, advice) = self.words();
        let page = app.templates.render("trouble.html", context! { frame, title, advice });
        let page =
            page.unwrap_or_else(|_| format!("<!doctype html><html lang=\"lt\"><title>{title}</title><h1>{title}</h1><p>{advice}</p>"));
        Reply::page(page).with_status(status)
    }

    /// Status, heading, what to do.
    pub(crate) fn words(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Kept(why, _) => why.words(),
            Self::SignIn | Self::ChooseRole => (StatusCode::UNAUTHORIZED, "Reikia prisijungti", "Prisijunkite ir bandykite dar kartą."),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                "Neturite teisės",
                "Šis puslapis skirtas kitai rolei ar organizacijai. Pasirinkite kitą rolę arba kreipkitės į savo organizacijos vadovą dėl įgaliojimo.",
            ),
            Self::Signed => (
                StatusCode::FORBIDDEN,
                "Dokumentas pasirašytas",
                "Pasirašytame dokumente yra pasirašiusio žmogaus asmens kodas, o jo Jūsų rolė matyti negali. Prireikus kreipkitės į tą, kas dokumentą pridėjo, arba į Kultūros ministeriją.",
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "Puslapis nerastas", "Patikrinkite adresą arba grįžkite į pradžios puslapį."),
            Self::Outdated => (
                StatusCode::CONFLICT,
                "Puslapis pasenęs",
                "Duomenys tuo metu buvo pakeisti kitame lange arba kito asmens, arba veiksmas jau atliktas. Anksčiau išsaugoti duomenys liko; tai, ką įrašėte dabar, neišsaugota: atverkite pateikimą iš naujo ir pasitikrinkite.",
            ),
            Self::Foreign | Self::Forged => (
                StatusCode::FORBIDDEN,
                "Užklausa nepriimta",
                "Ji išsiųsta ne iš šios sistemos puslapio arba prisijungimas baigėsi. Grįžkite į pradžios puslapį ir bandykite dar kartą.",
            ),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "Per daug užklausų", "Palaukite minutę ir bandykite dar kartą."),
            Self::TooManyDrafts => (
                StatusCode::CONFLICT,
                "Per daug juodraščių",
                "Jūsų organizacija turi 50 nebaigtų juodraščių. Pateikite juos arba jų atsisakykite, tada pradėkite naują.",
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "Per didelis failas ar forma",
                "Vienas failas gali būti ne didesnis kaip 10 MB. Sumažinkite jį ir bandykite dar kartą.",
            ),
            Self::Slow => (
                StatusCode::REQUEST_TIMEOUT,
                "Duomenys neatėjo laiku",
                "Ryšys per lėtas arba nutrūko. Niekas nepakeista. Bandykite dar kartą, didelius failus sumažinkite.",
            ),
            Self::Malformed => (StatusCode::BAD_REQUEST, "Užklausa nesuprasta", "Grįžkite į pradžios puslapį ir bandykite dar kartą."),
            Self::Broken(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Sistemos klaida",
                "Tai ne Jūsų klaida. Anksčiau išsaugoti duomenys liko. Bandykite dar kartą po kelių minučių.",
            ),
            Self::NotFormed(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Dokumento suformuoti nepavyko",
                "Tai ne Jūsų klaida. Tai, ką įrašėte, išsaugota juodraštyje, bet duomenys dar nepateikti. Po kelių minučių atverkite juodraštį ir bandykite dar kartą.",
            ),
        }
    }
}
