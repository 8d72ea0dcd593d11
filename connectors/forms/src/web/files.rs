//! Files: what is attached, what was formed and signed, style sheet and script.

use sha2::{Digest, Sha256};

use super::templates::{ASSETS, asset_address};
use super::{Reply, Trouble, Visit, access};
use crate::Error;
use crate::app::act;
use crate::publishable;
use crate::store::{self, Attachment, Durability, Submission};

/// Largest attached document, in bytes.
const LARGEST: usize = 10 << 20;
/// Largest sum of what is attached to one submission, in bytes.
const LARGEST_OF_SUBMISSION: i64 = 25 << 20;
/// Largest sum of what is attached to all that one organisation has not submitted yet, in bytes.
const LARGEST_OF_DRAFTS: i64 = 100 << 20;
/// The mark beside an upload that says that it shall be published.
const PUBLIC: &str = "priedas-viesas";
/// Longest name of a file that is kept.
const LONGEST_NAME: usize = 120;

/// SHA-256 of a document, in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The name of a file without folders and without anything that is no letter, digit or plain mark.
fn tidy_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |letter: &char| letter.is_alphanumeric() || " ._-()".contains(*letter);
    let mut tidy: String = last.chars().filter(plain).take(LONGEST_NAME).collect();
    if catalog::personal::stands_in(&tidy) || tidy.trim_matches([' ', '.']).is_empty() {
        tidy = "dokumentas".to_owned();
    }
    tidy
}

/// The name with the ending of what the content is: nobody saves a document as a program.
fn named_as(name: &str, media_type: &str) -> String {
    let endings: &[&str] = match media_type {
        intake::PDF => &["pdf"],
        intake::ADOC => &["adoc"],
        _ => &["asice", "sce"],
    };
    let fits = name.rsplit_once('.').is_some_and(|(_, ending)| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)));
    if fits { name.to_owned() } else { format!("{name}.{}", endings[0]) }
}

/// An uploaded document that may be attached, with its bytes.
pub(super) type Upload<'v> = (Attachment, &'v [u8]);

/// The uploaded documents that may be attached, and why one was refused, or will not be published although somebody wants it.
pub(super) fn accept<'v>(visit: &'v Visit<'_>, room: usize, publishes: bool) -> (Vec<Upload<'v>>, Option<String>) {
    let (mut accepted, mut refused) = (Vec::new(), None);
    for upload in visit.uploads.iter().filter(|upload| upload.field == "priedas") {
        let Some(media_type) = intake::media_type(&upload.bytes) else {
            refused = Some("Tokio failo pridėti negalima: tinka PDF, ADOC ir ASiC-E dokumentai.".to_owned());
            continue;
        };
        if upload.bytes.len() > LARGEST {
            refused = Some("Failas per didelis: pridėkite ne didesnį kaip 10 MB.".to_owned());
        } else if accepted.len() == room {
            refused = Some("Pridėta per daug dokumentų: pašalinkite nereikalingus.".to_owned());
        } else {
            let name = named_as(&tidy_name(&upload.name), media_type);
            let mut public = publishes && visit.sent(PUBLIC).is_some();
            if let Some(reason) = public.then(|| not_public(&name, &upload.bytes)).flatten() {
                (public, refused) = (false, Some(format!("{reason} Jis pridėtas kaip neviešas.")));
            }
            let attachment = Attachment {
                id: 0,
                name,
                media_type: media_type.to_owned(),
                sha256: hash(&upload.bytes),
                size: upload.bytes.len() as i64,
                public,
            };
            accepted.push((attachment, &*upload.bytes));
        }
    }
    (accepted, refused)
}

/// Why a document may not be published, if it may not.
pub(super) fn not_public(name: &str, bytes: &[u8]) -> Option<String> {
    let refusal = publishable(bytes).err()?;
    Some(format!("Dokumento „{name}“ skelbti viešai negalima: {refusal}."))
}

/// Why a document cannot be attached to a submission beside what is attached already, if it cannot.
pub(super) fn too_much(
    transaction: &rusqlite::Transaction<'_>,
    submission: &Submission,
    attachment: &Attachment,
) -> Result<Option<&'static str>, Error> {
    let here: i64 = store::attachments(transaction, submission.id)?.iter().map(|one| one.size).sum();
    if here + attachment.size > LARGEST_OF_SUBMISSION {
        return Ok(Some(
            "Pridėti dokumentai kartu per dideli: jie gali užimti iki 25 MB. Sumažinkite juos arba pašalinkite nereikalingus.",
        ));
    }
    if store::attached_bytes(transaction, &submission.acting)? + attachment.size > LARGEST_OF_DRAFTS {
        return Ok(Some(
            "Jūsų organizacijos juodraščių dokumentai kartu per dideli: jie gali užimti iki 100 MB. Pateikite pradėtus juodraščius arba jų atsisakykite.",
        ));
    }
    Ok(None)
}

/// What the document of a submission is called.
pub(super) fn document_name(id: i64) -> String {
    format!("VIRSIS-{id:06}.pdf")
}

/// The document that was formed.
pub(super) fn document(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let bytes = secret_file(visit, id, "read document", |connection| store::document(connection, id))?;
    Ok(Reply::file(&document_name(id), intake::PDF, bytes).inline())
}

/// The signed container.
pub(super) fn container(visit: &Visit<'_>, id: i64) -> Result<Reply, Trouble> {
    let (person, _, submission) = access::readable(visit, id)?;
    if !access::may_have_container(visit, &person, &submission)? {
        return Err(Trouble::Forbidden);
    }
    let bytes = secret_file(visit, id, "read container", |connection| store::container(connection, id))?;
    Ok(Reply::file(&format!("VIRSIS-{id:06}.asice"), intake::ASIC_E, bytes))
}

/// A file that may hold codes of persons: only for those who may see them, and noted.
fn secret_file(
    visit: &Visit<'_>,
    id: i64,
    action: &'static str,
    read: impl FnOnce(&rusqlite::Connection) -> Result<Option<Vec<u8>>, Error>,
) -> Result<Vec<u8>, Trouble> {
    let (person, feed, submission) = access::readable(visit, id)?;
    if submission.acting != person.acting && !access::may_have_document(&person, feed) {
        return Err(Trouble::Forbidden);
    }
    let bytes = visit.app.store.read(read)?.ok_or(Trouble::NotFound)?;
    let entry = act(person.account.id, action, id, "");
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| store::note(transaction, entry, visit.now))?;
    Ok(bytes)
}

/// An attached document. Always saved, never shown inside our pages.
pub(super) fn attachment(visit: &Visit<'_>, id: i64, attachment: i64) -> Result<Reply, Trouble> {
    let (person, feed, submission) = access::readable(visit, id)?;
    if submission.acting != person.acting && !access::may_have_document(&person, feed) {
        return Err(Trouble::Forbidden);
    }
    let found = visit.app.store.read(|connection| store::read_attachment(connection, id, attachment))?;
    let (name, _, bytes) = found.ok_or(Trouble::NotFound)?;
    // A signer's certificate holds the signer's code: whoever may see no codes has only what they attached themselves.
    if !person.acting.role.sees_codes() && submission.account != person.account.id && intake::may_be_signed(&bytes) {
        return Err(Trouble::Signed);
    }
    let entry = act(person.account.id, "read attachment", id, attachment.to_string());
    visit.app.store.write::<_, Error>(Durability::Usual, |transaction| store::note(transaction, entry, visit.now))?;
    Ok(Reply::file(&name, "application/octet-stream", bytes))
}

/// Style sheet, script, picture.
pub(super) fn asset(name: &str) -> Result<Reply, Trouble> {
    let found = ASSETS.iter().find(|(asset, _, content)| asset_address(asset, content) == name);
    found.map(|(_, kind, content)| Reply::asset(kind, content)).ok_or(Trouble::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_lose_folders_marks_and_codes() {
        assert_eq!(tidy_name("C:\\Vartotojai\\jonas\\Įsakymas Nr. 1.pdf"), "Įsakymas Nr. 1.pdf");
        assert_eq!(tidy_name("../../etc/passwd"), "passwd");
        assert_eq!(tidy_name("a\"; <b>.pdf"), "a b.pdf");
        assert_eq!(tidy_name("33309240064.pdf"), "dokumentas");
        assert_eq!(tidy_name(".."), "dokumentas");
        assert_eq!(named_as("x.exe", "application/pdf"), "x.exe.pdf");
        assert_eq!(named_as("Įsakymas.PDF", "application/pdf"), "Įsakymas.PDF");
    }
}
