//! What a document is made of: everything in it that is more than text on pages is refused, and every other text in it is gathered.

use std::collections::{BTreeMap, BTreeSet};

use crate::Refusal;
use crate::file::File;
use crate::object::{Dict, Object, is_worth_looking, latin};

/// Keys of files within the file (ISO 32000-2, 7.11).
const FILES: &[&str] = &["EmbeddedFiles", "EF", "RF", "AF", "Collection", "PieceInfo"];
/// Keys of programs and of what happens by itself (12.6).
const ACTIONS: &[&str] = &["JS", "JavaScript", "AA", "Renditions", "RichMediaContent", "RichMediaSettings", "3DD"];
/// Kinds of actions; links within the document and to pages of the web do no harm.
const KINDS_OF_ACTIONS: &[&str] = &[
    "JavaScript",
    "Launch",
    "SubmitForm",
    "ResetForm",
    "ImportData",
    "GoToR",
    "GoToE",
    "GoToDp",
    "GoTo3DView",
    "Named",
    "SetOCGState",
    "Rendition",
    "Movie",
    "Sound",
    "RichMediaExecute",
];
/// Keys of forms that are filled in (12.7).
const FORMS: &[&str] = &["AcroForm", "XFA"];
/// Days of the document, which are written as one long number.
const DAYS: &[&str] = &["CreationDate", "ModDate", "M"];

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// What a page, or a part of one that may be repeated, is painted with.
    Content,
    /// A filling of little pictures.
    Pattern,
    /// A picture.
    Image,
    /// Which letters a font's codes are.
    Letters,
    /// What is said about the document, as XML.
    Metadata,
    /// Fonts, colours, functions.
    Numbers,
    /// Objects, or their places: read already.
    Objects,
}

/// What was found beside the pages.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Texts that stand for themselves.
    pub(crate) texts: Vec<String>,
    /// What is in which stream.
    pub(crate) roles: BTreeMap<u32, Role>,
    /// Objects that others lead to.
    pub(crate) named: BTreeSet<u32>,
}

/// Walks over all objects.
pub(crate) fn look(file: &File<'_>) -> Result<Found, Refusal> {
    let mut found = Found::default();
    found.texts.extend(file.aside.iter().cloned());
    for trailer in &file.trailers {
        if trailer.contains_key("Encrypt") {
            return Err(Refusal::Encrypted);
        }
        dict(file, trailer, &mut found)?;
    }
    for (number, entry) in &file.objects {
        value(file, "", &entry.object, &mut found)?;
        if let Some(role) = entry.stream.as_ref().and_then(|_| entry.object.dict()).and_then(|dict| own_role(file, dict)) {
            found.roles.insert(*number, role);
        }
    }
    Ok(found)
}

/// What a stream's dictionary says it holds.
fn own_role(file: &File<'_>, dict: &Dict) -> Option<Role> {
    let name = |key: &str| file.value(dict, key).and_then(Object::name);
    match (name("Type"), name("Subtype")) {
        (Some("XRef" | "ObjStm"), _) => Some(Role::Objects),
        (Some("Metadata"), _) | (_, Some("XML")) => Some(Role::Metadata),
        (_, Some("Image")) => Some(Role::Image),
        (_, Some("Form")) => Some(Role::Content),
        _ if file.value(dict, "PatternType").is_some() => Some(Role::Pattern),
        _ if dict.contains_key("FunctionType") || dict.contains_key("ShadingType") || dict.contains_key("HalftoneType") => {
            Some(Role::Numbers)
        }
        _ => None,
    }
}

/// What a stream holds that stands under a key.
fn role_by(key: &str) -> Option<Role> {
    match key {
        "Contents" => Some(Role::Content),
        "ToUnicode" => Some(Role::Letters),
        "Metadata" => Some(Role::Metadata),
        "Thumb" => Some(Role::Image),
        "FontFile" | "FontFile2" | "FontFile3" | "DestOutputProfile" | "ICCBased" | "Indexed" | "CIDToGIDMap" | "CIDSet" => {
            Some(Role::Numbers)
        }
        _ => None,
    }
}

fn dict(file: &File<'_>, dict: &Dict, found: &mut Found) -> Result<(), Refusal> {
    let has = |keys: &[&str]| keys.iter().any(|key| dict.contains_key(*key));
    let name = |key: &str| file.value(dict, key).and_then(Object::name);
    let (kind, subtype, action) = (name("Type").unwrap_or_default(), name("Subtype").unwrap_or_default(), name("S").unwrap_or_default());
    if has(FILES) || matches!(kind, "Filespec" | "F" | "EmbeddedFile") {
        return Err(Refusal::Files);
    }
    if has(FORMS) || subtype == "Widget" {
        return Err(Refusal::Form);
    }
    if has(&["ByteRange", "DSS", "Perms"]) || matches!(kind, "Sig" | "DocTimeStamp" | "DSS") || name("FT") == Some("Sig") {
        return Err(Refusal::Signed);
    }
    if has(ACTIONS) || KINDS_OF_ACTIONS.contains(&action) || matches!(subtype, "RichMedia" | "Screen" | "Movie" | "Sound" | "3D") {
        return Err(Refusal::Actions);
    }
    // Whatever has a place on a page and is not painted with it; a picture of it, too.
    if kind == "Annot" && subtype != "Link" || subtype == "FileAttachment" || dict.contains_key("AP") {
        return Err(Refusal::Notes);
    }
    if let Some(above) = file.value(dict, "Annots") {
        for one in above.array().ok_or(Refusal::Unclear)? {
            file.budget.work(1)?;
            let one = file.resolve(one).dict().ok_or(Refusal::Unclear)?;
            match file.value(one, "Subtype").and_then(Object::name) {
                Some("Link") => {}
                Some("Widget") => return Err(Refusal::Form),
                _ => return Err(Refusal::Notes),
            }
        }
    }
    for (key, one) in dict {
        found.texts.extend(Some(key).filter(|key| is_worth_looking(key)).cloned());
        value(file, key, one, found)?;
    }
    Ok(())
}

fn value(file: &File<'_>, key: &str, object: &Object, found: &mut Found) -> Result<(), Refusal> {
    match object {
        Object::Text(bytes) if DAYS.contains(&key) && is_day(bytes) => {}
        Object::Text(bytes) => {
            let text = text_of(bytes);
            file.budget.text(&text)?;
            found.texts.push(text);
        }
        Object::Name(name) => found.texts.extend(Some(name).filter(|name| is_worth_looking(name)).cloned()),
        Object::Dict(one) => dict(file, one, found)?,
        Object::Array(all) => {
            // `[/ICCBased 7 0 R]`: the first says what the others are.
            let key = match all.first() {
                Some(Object::Name(name)) => name.as_str(),
                _ => key,
            };
            all.iter().try_for_each(|one| value(file, key, one, found))?;
        }
        Object::Ref(number) => {
            let target = file.objects.get(number);
            found.named.insert(*number);
            if target.is_some_and(|target| target.stream.is_some())
                && let Some(role) = role_by(key)
            {
                found.roles.entry(*number).or_insert(role);
            } else if key == "Contents"
                && let Some(Object::Array(parts)) = target.map(|target| &target.object)
            {
                parts.iter().filter(|part| matches!(part, Object::Ref(_))).try_for_each(|part| value(file, key, part, found))?;
            }
        }
        Object::Null | Object::Bool(_) | Object::Number(_) | Object::Word(_) => {}
    }
    Ok(())
}

/// `D:20261126100000+02'00'`.
fn is_day(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"D:") else { return false };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zone: Vec<u8> = rest[digits..].iter().copied().filter(u8::is_ascii_digit).collect();
    let plain = rest[digits..].iter().all(|byte| byte.is_ascii_digit() || b"Z+-'".contains(byte));
    let century = rest.starts_with(b"19") || rest.starts_with(b"20");
    century && (4..=14).contains(&digits) && plain && zone.len() <= 4
}

/// A text outside of pages (ISO 32000-2, 7.9.2.2).
pub(crate) fn text_of(bytes: &[u8]) -> String {
    let units = |rest: &[u8], order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks(2).map(|pair| order([pair[0], pair.get(1).copied().unwrap_or_default()])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        // Whoever writes UTF-8 without saying so means its letters; digits are the same either way.
        _ => String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| latin(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way_and_hides_no_code() {
        for day in ["D:20261126100000+02'00'", "D:2026", "D:20261126100000Z", "D:20261126100000Z00'00'"] {
            assert!(is_day(day.as_bytes()), "{day}");
        }
        for other in ["D:33309240064", "20261126", "D:20261126100000+33309240064", "D:2026 33309240064"] {
            assert!(!is_day(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn texts_beside_pages_are_read_in_each_of_their_encodings() {
        assert_eq!(text_of(b"\xfe\xff\x00g\x01\x17"), "gė");
        assert_eq!(text_of(b"\xff\xfeg\x00\x17\x01"), "gė");
        assert_eq!(text_of("gė".as_bytes()), "gė");
        assert_eq!(text_of(b"g\xe9"), "gé");
    }
}
