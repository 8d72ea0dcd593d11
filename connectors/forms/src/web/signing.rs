//! Verifying a signed container, and submitting what it holds: one submission, or several that one organisation signed together.

use chrono::{DateTime, Utc};
use container::{Flaw, Formed};

use super::open::{Open, of_this_version};
use super::reading::Obstacle;
use super::visit::Person;
use super::{Reply, Trouble, Visit, answers, files, mistaken, reading};
use crate::app::act;
use crate::feed::About;
use crate::letters;
use crate::news::NewData;
use crate::secrets::same;
use crate::state::{State, Step};
use crate::store::{self, Durability, Signature, StepOutcome, Submission};
use crate::{Error, Role};

/// Where the signed container stands in a form.
const CONTAINER: &str = "konteineris";
/// What is said when no container was chosen.
const NONE_CHOSEN: &str = "Pasirinkite pasirašytą failą (jo vardas baigiasi „.asice“).";

/// A verified container.
pub(super) struct Verified<'a> {
    signature: Signature<'a>,
    /// What of those that waited it holds: their places among them, and the ministry's requests that each answers.
    pub(super) holds: Vec<(usize, Vec<i64>)>,
}

/// The container that was sent, or what to say when there is none.
pub(super) fn sent<'v>(visit: &'v Visit<'_>) -> Result<&'v [u8], &'static str> {
    visit.uploads.iter().find(|upload| upload.field == CONTAINER).map(|upload| &*upload.bytes).ok_or(NONE_CHOSEN)
}

/// A signed container was uploaded for one submission.
pub(super) fn sign(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let open = of_this_version(visit, id)?;
    match sent(visit) {
        Ok(bytes) => submit_one(visit, &open, bytes),
        Err(told) => reading::sign(visit, &open, Some((Obstacle::Signature, told))),
    }
}

/// The signed container of one submission is here.
pub(super) fn submit_one(visit: &Visit<'_>, open: &Open<'_>, bytes: &[u8]) -> Result<Reply, Trouble> {
    let verified = match verify(visit, &open.person, std::slice::from_ref(open), bytes)? {
        Ok(verified) => verified,
        Err(told) => {
            let obstacle = if answers::given(visit, open)?.is_none() { Obstacle::Unanswered } else { Obstacle::Signature };
            return reading::sign(visit, open, Some((obstacle, &told)));
        }
    };
    for (_, answered) in &verified.holds {
        submit(visit, open, &verified, answered)?;
    }
    Ok(Reply::to(format!("/pateiktis/{}?pateikta=1", open.submission.id)))
}

/// Whether a container is verified: signed by whoever is signed in, over documents of `waiting` submissions and over nothing else. What is
/// wrong otherwise, in words.
///
/// What was submitted with this very container already may be in it, too: so it can be sent again when not everything in it came through.
pub(super) fn verify<'a>(
    visit: &Visit<'_>,
    person: &Person,
    waiting: &[Open<'_>],
    bytes: &'a [u8],
) -> Result<Result<Verified<'a>, String>, Trouble> {
    if waiting.iter().any(|open| open.submission.state != State::Reviewed) {
        return Err(Trouble::Outdated);
    }
    let Some(trust) = &visit.app.trust else {
        return Ok(Err("Parašų tikrinimas šioje sistemoje dar neįjungtas. Kreipkitės į sistemos administratorių.".to_owned()));
    };
    let mut answered = Vec::new();
    for open in waiting {
        let Some(given) = answers::given(visit, open)? else {
            return Ok(Err("Pažymėkite, ar šiuo pateikimu patikslinote tai, ko prašė Kultūros ministerija.".to_owned()));
        };
        answered.push(given);
    }
    let (waits, done) = visit.app.store.read(|connection| {
        let waits = waiting.iter().map(|open| formed(connection, &open.submission)).collect::<Result<Vec<_>, _>>()?;
        let done = store::submitted_with(connection, &person.acting, bytes)?.into_iter().map(|id| store::find(connection, id));
        let done = done.filter_map(Result::transpose).map(|one| formed(connection, &one?)).collect::<Result<Vec<_>, _>>()?;
        Ok((waits, done))
    })?;
    // Somebody may have gone back to entering a moment ago: then the document is gone, and this page is of before.
    let mut documents: Vec<Document> = waits.into_iter().collect::<Option<_>>().ok_or(Trouble::Outdated)?;
    documents.extend(done.into_iter().flatten());
    let formed: Vec<Formed<'_>> = documents.iter().map(|(bytes, at)| Formed { bytes, at: *at }).collect();
    let signed = match container::verify(bytes, &formed, trust, visit.now) {
        Ok(signed) => signed,
        Err(flaw) => {
            let first = waiting.first().map(|open| open.submission.id);
            tracing::info!(submission = first, beside = waiting.len().saturating_sub(1), %flaw, "a signature was refused");
            refused(visit, person, waiting, "signature refused")?;
            let unsigned = documents.iter().any(|(document, _)| document == bytes);
            return Ok(Err(mistaken::told(bytes, unsigned).unwrap_or_else(|| advice(&flaw))));
        }
    };
    if !same(&visit.app.persons.of(signed.signer.reveal()), &person.account.person) {
        refused(visit, person, waiting, "signature of somebody else")?;
        return Ok(Err(
            "Pasirašė kitas asmuo: dokumentą turi pasirašyti tas, kuris prisijungė. Pasirašykite patys ir pateikite iš naujo.".to_owned()
        ));
    }
    let holds: Vec<_> = answered.into_iter().enumerate().filter(|(place, _)| signed.documents.binary_search(place).is_ok()).collect();
    if holds.is_empty() {
        return Ok(Err("Visi šio failo dokumentai jau pateikti. Pasirašykite tuos, kurie dar laukia parašo.".to_owned()));
    }
    let signature = Signature { container: bytes, documents: signed.documents.len(), at: signed.signed_at, by: person.account.id };
    Ok(Ok(Verified { signature, holds }))
}

/// A document, and when it was formed.
type Document = (Vec<u8>, DateTime<Utc>);

/// The document of a submission; none while it is being entered.
fn formed(connection: &rusqlite::Connection, submission: &Submission) -> Result<Option<Document>, Error> {
    let Some(at) = &submission.formed else { return Ok(None) };
    let at = DateTime::parse_from_rfc3339(at).map_err(|_| Error::Content("a time"))?.to_utc();
    Ok(store::document(connection, submission.id)?.map(|document| (document, at)))
}

/// Submits a submission whose document is in a verified container; gives its receipt, once it is on the disk.
pub(super) fn submit(visit: &Visit<'_>, open: &Open<'_>, verified: &Verified<'_>, answered: &[i64]) -> Result<String, Trouble> {
    let (id, account) = (open.submission.id, open.person.account.id);
    let signature = verified.signature;
    visit.app.store.write::<_, Trouble>(Durability::OnDisk, |transaction| {
        hold_good(visit, transaction, open)?;
        let receipt = store::new_receipt(transaction, visit.today())?;
        for request in answered {
            store::answer_request(transaction, *request, id)?;
            store::note(transaction, act(account, "answer request", id, format!("request {request}")), visit.now)?;
        }
        let signed = store::advance(transaction, &open.submission, Step::Sign, &StepOutcome::Signed(signature), visit.now)?;
        let signed = signed.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(account, Step::Sign.code(), id, files::hash(signature.container)), visit.now)?;
        let submitted = store::advance(transaction, &signed, Step::Submit, &StepOutcome::Receipt(&receipt), visit.now)?;
        let submitted = submitted.ok_or(Trouble::Outdated)?;
        store::note(transaction, act(account, Step::Submit.code(), id, &receipt), visit.now)?;
        // Whoever submits about themselves knows; and what registers changed is looked at, not answered by what is submitted.
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
        Ok(receipt)
    })
}

/// What was right when the document was formed may not be so any more: somebody else submitted a correction meanwhile, or an outlet went.
fn hold_good(visit: &Visit<'_>, transaction: &rusqlite::Transaction<'_>, open: &Open<'_>) -> Result<(), Trouble> {
    let submission = &open.submission;
    if open.feed.whole {
        let current = store::current_of(transaction, &submission.feed, &submission.virs)?.map(|current| current.id);
        if current != submission.supersedes {
            return Err(Trouble::Outdated);
        }
    }
    // Or somebody submitted the same key.
    let problems = visit.app.problems(transaction, open.feed, (submission, &submission.entry), &open.outlets, visit.today())?;
    if problems.is_empty() { Ok(()) } else { Err(Trouble::Outdated) }
}

fn refused(visit: &Visit<'_>, person: &Person, waiting: &[Open<'_>], action: &'static str) -> Result<(), Trouble> {
    Ok(visit.app.store.write::<_, Error>(Durability::Usual, |transaction| {
        waiting.iter().try_for_each(|open| store::note(transaction, act(person.account.id, action, open.submission.id, ""), visit.now))
    })?)
}

/// What to do about a container that is not verified.
fn advice(flaw: &Flaw) -> String {
    let (what, todo) = match flaw {
        Flaw::OtherDocument => {
            ("Pasirašytas kitas dokumentas", "Atsisiųskite šio puslapio dokumentą, pasirašykite jį nekeisdami ir įkelkite iš naujo.")
        }
        Flaw::NoSignature => ("Faile nėra XAdES parašo", "Pasirašykite dokumentą ir įkelkite iš naujo."),
        Flaw::SeveralSignatures => ("Faile keli parašai", "Pasirašo tik vienas asmuo – tas, kuris prisijungė."),
        Flaw::ExtraFile => (
            "Pasirašytame faile yra ir tokių dokumentų, kurių šiame puslapyje nėra arba kurie po atsisiuntimo pakeisti",
            "Pasirašykite tik šiame puslapyje rodomus dokumentus; kitus dokumentus pridėkite formoje.",
        ),
        Flaw::Expired => ("Parašo sertifikatas nebegalioja", "Atnaujinkite sertifikatą ir pasirašykite iš naujo."),
        Flaw::SigningTime => ("Pasirašymo laikas netinka", "Patikrinkite kompiuterio laikrodį ir pasirašykite iš naujo."),
        Flaw::Chain => ("Parašo sertifikatas išduotas nepatikimo teikėjo", "Pasirašykite kvalifikuotu elektroniniu parašu."),
        Flaw::TooLarge => ("Failas per didelis", "Įkelkite tik pasirašytus šio puslapio dokumentus; jei jų daug, pasirašykite dalimis."),
        Flaw::Altered => ("Dokumentas po pasirašymo pakeistas", "Pasirašykite dokumentą iš naujo."),
        _ => (
            "Failas nėra tinkamas pasirašytas ASiC-E failas",
            "Įkelkite failą, kurį sukūrė pasirašymo programa (vardas baigiasi „.asice“); kuo pasirašyti, parašyta 2 žingsnyje.",
        ),
    };
    format!("{what}. {todo}")
}
