//! What VIISP's verified answers say. Only [`crate::Viisp`] has use for it; `tests/fuzz` throws anything at it.

use crate::code::is_company;
use crate::element::Element;
use crate::{Error, Person, PersonCode, Ticket};

/// Characters of a name; the population register's longest have a third of it.
const LONGEST_NAME: usize = 200;

/// The ticket of an `authenticationResponse`, given in its canonical form.
///
/// # Errors
/// It holds none, or several.
pub fn ticket(canonical: &str) -> Result<Ticket, Error> {
    let answer = Element::read(canonical)?;
    Ticket::parse(Element::text_of(answer.only("ticket")?)?)
}

/// The person of an `authenticationDataResponse` that belongs to `correlation`, given in its canonical form.
///
/// # Errors
/// It belongs to another sign-in, or names no person whose code we can use.
pub fn person(canonical: &str, correlation: &str, providers: &[String]) -> Result<Person, Error> {
    let answer = Element::read(canonical)?;
    // Before anything else: the schema has no ticket in this answer, so nothing but this says to which sign-in it belongs.
    match Element::text_of(answer.only("customData")?)? {
        "" => return Err(Error::NoCorrelation),
        found if found != correlation => return Err(Error::OtherSignIn),
        _ => {}
    }
    let provider = Element::text_of(answer.only("authenticationProvider")?)?;
    if !providers.iter().any(|offered| offered == provider) {
        return Err(Error::Provider);
    }
    let code = match attribute(&answer, "lt-personal-code")? {
        "" => return Err(Error::NoPersonCode),
        code => PersonCode::parse(code)?,
    };
    let company = match attribute(&answer, "lt-company-code")? {
        "" => None,
        code if is_company(code) => Some(code.to_owned()),
        _ => return Err(Error::CompanyCode),
    };
    let (given_names, family_names) = (information(&answer, "firstName")?, information(&answer, "lastName")?);
    let is_name = |name: &str| name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if !is_name(given_names) || !is_name(family_names) || (given_names.is_empty() && family_names.is_empty()) {
        return Err(Error::Name);
    }
    let (given_names, family_names) = (given_names.to_owned(), family_names.to_owned());
    Ok(Person { code, given_names, family_names, company, provider: provider.to_owned() })
}

/// The value of an attribute of the person, empty if there is none. `proxyAuthenticationAttribute`, which looks alike, is about
/// somebody else: whom the person represents.
fn attribute<'a>(answer: &'a Element, name: &str) -> Result<&'a str, Error> {
    let pair = named(answer, "authenticationAttribute", "attribute", name)?;
    Element::text_of(pair.map(|pair| pair.only("value")).transpose()?.flatten())
}

/// What the answer says of the person besides, empty if nothing.
fn information<'a>(answer: &'a Element, name: &str) -> Result<&'a str, Error> {
    let pair = named(answer, "userInformation", "information", name)?;
    let value = pair.map(|pair| pair.only("value")).transpose()?.flatten();
    Element::text_of(value.map(|value| value.only("stringValue")).transpose()?.flatten())
}

/// The only child `kind` whose own child `key` says `name`.
fn named<'a>(answer: &'a Element, kind: &'a str, key: &str, name: &str) -> Result<Option<&'a Element>, Error> {
    let mut found = None;
    for pair in answer.all(kind) {
        if Element::text_of(pair.only(key)?)? == name && found.replace(pair).is_some() {
            return Err(Error::Answer { found: "names something about the person twice" });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::NAMESPACE;

    const CORRELATION: &str = "correlation-0123";
    const PERSON: &str = "<a:authenticationProvider>auth.lt.bank</a:authenticationProvider>\
        <a:authenticationAttribute><a:attribute>lt-personal-code</a:attribute><a:value>33309240064</a:value></a:authenticationAttribute>\
        <a:userInformation><a:information>firstName</a:information><a:value><a:stringValue>JONĖ</a:stringValue></a:value></a:userInformation>\
        <a:userInformation><a:information>lastName</a:information><a:value><a:stringValue>O&amp;A</a:stringValue></a:value></a:userInformation>\
        <a:userInformation><a:information>companyName</a:information><a:value/></a:userInformation>\
        <a:customData>correlation-0123</a:customData>";

    fn read(content: &str) -> Result<Person, Error> {
        let answer = format!("<a:authenticationDataResponse xmlns:a=\"{NAMESPACE}\" id=\"x\">{content}</a:authenticationDataResponse>");
        person(&answer, CORRELATION, &["auth.lt.bank".to_owned()])
    }

    /// The error of the good answer with `from` replaced by `to`.
    fn refused(from: &str, to: &str) -> Error {
        assert!(PERSON.contains(from), "{from}");
        read(&PERSON.replacen(from, to, 1)).unwrap_err()
    }

    fn attribute_pair(name: &str, value: &str) -> String {
        format!("<a:authenticationAttribute><a:attribute>{name}</a:attribute><a:value>{value}</a:value></a:authenticationAttribute>")
    }

    #[test]
    fn a_person_is_read_and_not_shown() {
        let person = read(PERSON).unwrap();
        assert_eq!((person.code.reveal(), &*person.given_names, &*person.family_names), ("33309240064", "JONĖ", "O&A"));
        assert_eq!((&person.company, &*person.provider), (&None, "auth.lt.bank"));
        assert_eq!(format!("{person:?}"), "Person { provider: \"auth.lt.bank\", .. }");
        let company = |code| read(&format!("{PERSON}{}", attribute_pair("lt-company-code", code))).map(|person| person.company);
        assert_eq!(company("124110246"), Ok(Some("124110246".to_owned())));
        assert_eq!(company(""), Ok(None));
        assert_eq!(company("124110247"), Err(Error::CompanyCode));
    }

    #[test]
    fn another_sign_in_is_refused_before_anything_else_is_read() {
        assert_eq!(refused("<a:customData>correlation-0123</a:customData>", ""), Error::NoCorrelation);
        assert_eq!(refused("correlation-0123", ""), Error::NoCorrelation);
        assert_eq!(refused("correlation-0123", "correlation-0124"), Error::OtherSignIn);
        assert_eq!(refused("correlation-0123", "correlation-01234"), Error::OtherSignIn);
        assert_eq!(read("<a:customData>other</a:customData>"), Err(Error::OtherSignIn));
        let twice = format!("{PERSON}<a:customData>other</a:customData>");
        assert_eq!(read(&twice), Err(Error::Answer { found: "says something twice that may be said once" }));
        // Within something else it says nothing.
        let elsewhere =
            PERSON.replace("<a:customData>", "<a:sourceData><a:customData>").replace("</a:customData>", "</a:customData></a:sourceData>");
        assert_eq!(read(&elsewhere), Err(Error::NoCorrelation));
    }

    #[test]
    fn a_person_without_a_code_a_name_or_an_offered_provider_is_refused() {
        assert_eq!(refused("lt-personal-code", "eidas-eid"), Error::NoPersonCode);
        assert_eq!(refused("33309240064", ""), Error::NoPersonCode);
        assert_eq!(refused("33309240064", "33309240164"), Error::PersonCode);
        assert_eq!(refused("33309240064", "<a:b/>"), Error::Answer { found: "has an element where a text belongs" });
        assert_eq!(refused("auth.lt.bank", "auth.login.pass"), Error::Provider);
        assert_eq!(refused("<a:authenticationProvider>auth.lt.bank</a:authenticationProvider>", ""), Error::Provider);
        assert_eq!(refused("JONĖ", "JO\u{7f}NĖ"), Error::Name);
        assert_eq!(refused("JONĖ", &"Ė".repeat(LONGEST_NAME + 1)), Error::Name);
        let nameless = PERSON.replace("JONĖ", "").replace("O&amp;A", "");
        assert_eq!(read(&nameless), Err(Error::Name));
        assert_eq!(read(&PERSON.replace("JONĖ", "")).unwrap().given_names, "");
    }

    #[test]
    fn the_person_is_not_whom_the_person_represents_and_is_named_once() {
        let proxy = attribute_pair("lt-personal-code", "33309240064").replace("authenticationAttribute", "proxyAuthenticationAttribute");
        let other = attribute_pair("lt-personal-code", "33309240064");
        let without = PERSON.replace(&other, "");
        assert_eq!(read(&format!("{without}{proxy}")), Err(Error::NoPersonCode));
        assert_eq!(read(&format!("{PERSON}{proxy}")).unwrap().code.reveal(), "33309240064");
        assert_eq!(read(&format!("{PERSON}{other}")), Err(Error::Answer { found: "names something about the person twice" }));
        assert_eq!(
            refused("<a:value>33309240064</a:value>", "<a:value>33309240064</a:value><a:value/>"),
            Error::Answer { found: "says something twice that may be said once" }
        );
    }

    #[test]
    fn a_ticket_is_read_or_refused() {
        let read =
            |content: &str| ticket(&format!("<a:authenticationResponse xmlns:a=\"{NAMESPACE}\">{content}</a:authenticationResponse>"));
        assert_eq!(read("<a:ticket>a&lt;b</a:ticket>").unwrap().reveal(), "a<b");
        for content in ["", "<a:ticket/>", "<a:ticket>a b</a:ticket>", "<ticket>a</ticket>"] {
            assert_eq!(read(content), Err(Error::Ticket), "{content}");
        }
        assert!(read("<a:ticket>a</a:ticket><a:ticket>a</a:ticket>").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            prop_assert!(person(&text, CORRELATION, &[]).is_err());
            prop_assert!(ticket(&text).is_err());
        }

        /// Whatever pieces an answer is made of: it yields nobody unless it names this sign-in.
        #[test]
        fn no_pieces_in_any_order_make_a_person_of_another_sign_in(pieces in prop::collection::vec(0..11usize, 0..20)) {
            let other = PERSON.replace(CORRELATION, "correlation-0124");
            let (code, company) = (attribute_pair("lt-personal-code", "x"), attribute_pair("lt-company-code", ""));
            let rest = ["<a:customData>", "</a:customData>", "<a:value>", "</a:value>", "&#38;", "\u{0}", "<b/>", "correlation"];
            let all: Vec<&str> = [other.as_str(), &code, &company].into_iter().chain(rest).collect();
            let content: String = pieces.iter().map(|piece| all[*piece]).collect();
            prop_assert!(read(&content).is_err());
        }
    }
}
