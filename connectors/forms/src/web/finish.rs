//! From the review to the receipt, and what comes after: corrections, requests to clarify.

use chrono::{DateTime, NaiveDate};
use container::Flaw;
use minijinja::context;

use super::edit::{Open, of_this_version};
use super::search::MOST_DRAFTS;
use super::start::frame;
use super::{Reply, Trouble, Visit, answers, files, mistaken, reading};
use crate::app::act;
use crate::compared::{compare, removes};
use crate::feed::About;
use crate::letters;
use crate::news::NewData;
use crate::secrets::same;
use crate::state::{State, Step};
use crate::store::{self, Durability, Moved, NewSubmission, Submission};
use crate::{Error, Role};

/// Longest question of the ministry, in bytes.
const LONGEST_QUESTION: usize = 2_000;

/// One step that leaves nothing behind but the state.
fn step(visit: &Visit<'_>, id: i64, step: Step) -> Result<Submission, Trouble> {
    let open = of_this_version(visit, id)?;
    visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let moved = store::advance(transaction, &open.submission, step, &Moved::Nothing, visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, step.code(), id, ""), visit.now)?;
        Ok(moved)
    })
}

/// The document was looked through; if it takes anything away, somebody said that it shall.
pub(super) fn review(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    if open.submission.state.after(Step::Review).is_some() && visit.sent("salinti") != Some("taip") {
        let before = reading::before(visit, &open)?;
        if removes(&compare(open.feed, &before, &open.submission.entry)) {
            return reading::review(visit, &open, true);
        }
    }
    step(visit, id, Step::Review)?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

/// Back to entering.
pub(super) fn back(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    step(visit, id, Step::Back)?;
    Ok(Reply::to(format!("/pateiktis/{id}")))
}

/// The draft is thrown away.
pub(super) fn discard(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    step(visit, id, Step::Discard)?;
    Ok(Reply::to("/pradzia"))
}

/// A signed container was uploaded.
pub(super) fn sign(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    let Some(upload) = visit.uploads.iter().find(|upload| upload.field == "konteineris") else {
        return reading::sign(visit, &open, Some("Pasirinkite pasirašytą failą (jo vardas baigiasi „.asice“)."));
    };
    hand_in(visit, &open, &upload.bytes)
}

/// The signed container is here: believed, it is handed in and gets its receipt, which is shown only once it is on the disk.
pub(super) fn hand_in(visit: &Visit<'_>, open: &Open<'_>, bytes: &[u8]) -> Result<Reply, Trouble> {
    let id = open.submission.id;
    if open.submission.state != State::Reviewed {
        return Err(Trouble::Outdated);
    }
    let (Some(trust), Some(formed)) = (&visit.app.trust, &open.submission.formed) else {
        return reading::sign(
            visit,
            open,
            Some("Parašų tikrinimas šioje sistemoje dar neįjungtas. Kreipkitės į sistemos administratorių."),
        );
    };
    let Some(answered) = answers::given(visit, open)? else {
        return reading::sign(visit, open, Some("Pažymėkite, ar šiuo pateikimu patikslinote tai, ko prašė Kultūros ministerija."));
    };
    let formed = DateTime::parse_from_rfc3339(formed).map_err(|_| Error::Content("a time"))?.to_utc();
    // Somebody may have gone back to entering a moment ago: then the document is gone, and this page is of before.
    let document = visit.app.store.read(|connection| store::document(connection, id))?.ok_or(Trouble::Outdated)?;
    let signed = match container::verify(bytes, &document, trust, visit.now, formed) {
        Ok(signed) => signed,
        Err(flaw) => {
            tracing::info!(submission = id, %flaw, "a signature was refused");
            refused(visit, open, "signature refused")?;
            let told = mistaken::told(bytes, &document).unwrap_or_else(|| advice(&flaw));
            return reading::sign(visit, open, Some(&told));
        }
    };
    if !same(&visit.app.persons.of(signed.signer.reveal()), &open.person.account.person) {
        refused(visit, open, "signature of somebody else")?;
        return reading::sign(
            visit,
            open,
            Some("Pasirašė kitas asmuo: dokumentą turi pasirašyti tas, kuris prisijungė. Pasirašykite patys ir įkelkite iš naujo."),
        );
    }
    let handed_in = visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
        hold_good(visit, transaction, open)?;
        let receipt = store::new_receipt(transaction, visit.today())?;
        for request in &answered {
            store::answer_request(transaction, *request, id)?;
            store::note(transaction, act(open.person.account.id, "answer request", id, format!("request {request}")), visit.now)?;
        }
        let moved = Moved::Signed(bytes, signed.signed_at, open.person.account.id);
        let submission = store::advance(transaction, &open.submission, Step::Sign, &moved, visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, Step::Sign.code(), id, files::hash(bytes)), visit.now)?;
        let submitted =
            store::advance(transaction, &submission, Step::Submit, &Moved::Receipt(&receipt), visit.now)?.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(open.person.account.id, Step::Submit.code(), id, &receipt), visit.now)?;
        // Whoever hands in about themselves knows; and what registers changed is looked at, not answered by what is handed in.
        if open.feed.about != About::Own && !visit.app.settings.nightly_digest {
            let handed_in = NewData {
                submission: id,
                provider: submitted.acting.organisation_name.clone(),
                feed: open.feed.title.clone(),
                receipt: receipt.clone(),
            };
            let letter = letters::new_data(&visit.app.virs_name(&submitted), &handed_in, &visit.app.settings.origin);
            visit.app.notify(transaction, (Role::Virs, &submitted.virs), &format!("new-data-{id}"), &letter, visit.now)?;
        }
        Ok(())
    });
    match handed_in {
        Ok(()) => Ok(Reply::to(format!("/pateiktis/{id}?pateikta=1"))),
        Err(Trouble::Outdated) => Err(Trouble::Outdated),
        Err(trouble) => Err(trouble),
    }
}

/// What was right when the document was formed may not be so any more: somebody else handed in a correction meanwhile, or an outlet went.
fn hold_good(visit: &Visit<'_>, transaction: &rusqlite::Transaction<'_>, open: &Open<'_>) -> Result<(), Trouble> {
    let submission = &open.submission;
    if open.feed.whole {
        let current = store::current_of(transaction, &submission.feed, &submission.virs)?.map(|current| current.id);
        if current != submission.supersedes {
            return Err(Trouble::Outdated);
        }
    }
    // Or somebody handed in the same key.
    let problems = visit.app.problems(transaction, open.feed, (submission, &submission.entry), &open.outlets, visit.today())?;
    if problems.is_empty() { Ok(()) } else { Err(Trouble::Outdated) }
}

fn refused(visit: &Visit<'_>, open: &Open<'_>, action: &'static str) -> Result<(), Trouble> {
    let entry = act(open.person.account.id, action, open.submission.id, "");
    Ok(visit.app.store.write::<_, Error>(Durability::Usual, |transaction| store::note(transaction, entry, visit.now))?)
}

/// What to do about a container that is not believed.
fn advice(flaw: &Flaw) -> String {
    let (what, todo) = match flaw {
        Flaw::OtherDocument => {
            ("Pasirašytas kitas dokumentas", "Atsisiųskite šio puslapio dokumentą, pasirašykite jį nekeisdami ir įkelkite iš naujo.")
        }
        Flaw::NoSignature => ("Faile nėra XAdES parašo", "Pasirašykite dokumentą ir įkelkite iš naujo."),
        Flaw::SeveralSignatures => ("Faile keli parašai", "Pasirašo tik vienas asmuo – tas, kuris prisijungė."),
        Flaw::ExtraFile => {
            ("Pasirašytame faile yra kitų dokumentų", "Jame turi būti tik šis dokumentas; kitus dokumentus pridėkite formoje.")
        }
        Flaw::Expired => ("Parašo sertifikatas nebegalioja", "Atnaujinkite sertifikatą ir pasirašykite iš naujo."),
        Flaw::SigningTime => ("Pasirašymo laikas netinka", "Patikrinkite kompiuterio laikrodį ir pasirašykite iš naujo."),
        Flaw::Chain => ("Parašo sertifikatas išduotas nepatikimo teikėjo", "Pasirašykite kvalifikuotu elektroniniu parašu."),
        Flaw::TooLarge => ("Failas per didelis", "Įkelkite tik pasirašytą šio puslapio dokumentą."),
        Flaw::Altered => ("Dokumentas po pasirašymo pakeistas", "Pasirašykite dokumentą iš naujo."),
        _ => (
            "Failas nėra tinkamas pasirašytas ASiC-E failas",
            "Įkelkite failą, kurį sukūrė pasirašymo programa (vardas baigiasi „.asice“); kuo pasirašyti, parašyta 2 žingsnyje.",
        ),
    };
    format!("{what}. {todo}")
}

/// A correction of what was handed in: a new draft with the same content.
pub(super) fn correct(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    if open.submission.state != State::Submitted {
        return Err(Trouble::Outdated);
    }
    let draft = visit.app.store.write::<_, Trouble>(Durability::Usual, |transaction| {
        let filter = store::Filter::Open(open.person.acting.role, &open.person.acting.organisation_code);
        let drafts = store::list(transaction, filter, MOST_DRAFTS)?;
        for summary in &drafts {
            // One correction at a time: who has begun it goes on with it.
            if store::find(transaction, summary.id)?.is_some_and(|one| one.supersedes == Some(id)) {
                return Ok(summary.id);
            }
        }
        if drafts.len() == MOST_DRAFTS {
            return Err(Trouble::TooManyDrafts);
        }
        let new = NewSubmission {
            feed: &open.submission.feed,
            virs: &open.submission.virs,
            acting: &open.person.acting,
            account: open.person.account.id,
            entry: &open.submission.entry,
            supersedes: Some(id),
        };
        let draft = store::create(transaction, &new, visit.now)?;
        store::note(transaction, act(open.person.account.id, "correct", draft, format!("of {id}")), visit.now)?;
        Ok(draft)
    })?;
    Ok(Reply::to(format!("/pateiktis/{draft}")))
}

/// The ministry asks a VIRS to clarify what it handed in.
pub(super) fn clarify(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let (person, feed, submission) = reading::readable(visit, id)?;
    if person.acting.role != Role::Km || submission.acting.role != Role::Virs {
        return Err(Trouble::Forbidden);
    }
    if submission.state != State::Submitted {
        return Err(Trouble::Outdated);
    }
    let question = visit.sent("klausimas").unwrap_or_default().trim();
    let due = visit.sent("iki").and_then(|text| text.parse::<NaiveDate>().ok()).filter(|due| *due >= visit.today());
    let error = match (question, due) {
        ("", _) => Some(("klausimas", "Parašykite, ką patikslinti.")),
        (text, _) if text.len() > LONGEST_QUESTION => Some(("klausimas", "Klausimas per ilgas: sutrumpinkite.")),
        (text, _) if catalog::personal::stands_in(text) => Some(("klausimas", "Klausime negali būti asmens kodo: ištrinkite jį.")),
        (_, None) => Some(("iki", "Nurodykite dieną, ne ankstesnę už šiandieną.")),
        _ => None,
    };
    if let (None, Some(due)) = (error, due) {
        visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
            // A correction that came a moment ago has answered all there was to ask; nothing would ever answer this.
            if store::find(transaction, id)?.is_none_or(|now| now.state != State::Submitted) {
                return Err(Trouble::Outdated);
            }
            // The page sent twice asks once.
            if store::open_of(transaction, id)?.iter().any(|asked| asked.question == question && asked.due == due.to_string()) {
                return Err(Trouble::Outdated);
            }
            store::ask(transaction, id, question, due, person.account.id, visit.now)?;
            store::note(transaction, act(person.account.id, "ask to clarify", id, format!("by {due}")), visit.now)?;
            let receipt = submission.receipt.clone().unwrap_or_default();
            let letter = letters::clarify(&feed.title, &receipt, id, due, &visit.app.settings.origin);
            let about = format!("clarify-{id}-{}", visit.now.timestamp_millis());
            visit.app.notify(transaction, (submission.acting.role, &submission.acting.organisation_code), &about, &letter, visit.now)?;
            Ok(())
        })?;
        return Ok(Reply::to(format!("/pateiktis/{id}")));
    }
    let page = visit.app.templates.render(
        "clarify.html",
        context! {
            frame => frame(&person), id, title => &feed.title, question, due => visit.sent("iki").unwrap_or_default(),
            wrong => error.map(|(field, _)| field), error => error.map(|(_, text)| text),
        },
    )?;
    Ok(Reply::page(page).with_status(axum::http::StatusCode::UNPROCESSABLE_ENTITY))
}
