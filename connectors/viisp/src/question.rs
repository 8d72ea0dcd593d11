//! Our two questions, signed. The schema is a sequence: VIISP refuses elements in another order.

use quick_xml::escape::escape;
use url::Url;
use xmlsignature::{ENVELOPE_NAMESPACE, SigningKey};

use crate::settings::is_protected;
use crate::{Error, NAMESPACE, Ticket};

/// Whom the answer should name. A person of another state may have `eidas-eid` beside a Lithuanian personal code.
const ATTRIBUTES: [&str; 3] = ["lt-personal-code", "lt-company-code", "eidas-eid"];
/// What else it should say of the person.
const INFORMATION: [&str; 2] = ["firstName", "lastName"];
/// Characters of a correlation. The shortest one still has 64 random bits if it is written in hexadecimal digits.
const CORRELATION: std::ops::RangeInclusive<usize> = 16..=128;

/// Asks for a ticket.
pub(crate) fn for_ticket(pid: &str, providers: &[String], postback: &Url, correlation: &str, key: &SigningKey) -> Result<String, Error> {
    check_correlation(correlation)?;
    if !is_protected(postback) || postback.fragment().is_some() {
        return Err(Error::Postback);
    }
    signed(key, |id| ticket_question(id, pid, providers, postback, correlation))
}

/// Asks who signed in.
pub(crate) fn for_person(pid: &str, ticket: &Ticket, correlation: &str, key: &SigningKey) -> Result<String, Error> {
    check_correlation(correlation)?;
    signed(key, |id| person_question(id, pid, ticket))
}

/// An empty or guessable correlation would bind an answer to nobody.
fn check_correlation(correlation: &str) -> Result<(), Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if CORRELATION.contains(&correlation.len()) && correlation.bytes().all(plain) { Ok(()) } else { Err(Error::Correlation) }
}

fn ticket_question(id: &str, pid: &str, providers: &[String], postback: &Url, correlation: &str) -> String {
    let providers: String = providers.iter().map(|provider| element("authenticationProvider", provider)).collect();
    let attributes: String = ATTRIBUTES.iter().map(|attribute| element("authenticationAttribute", attribute)).collect();
    let information: String = INFORMATION.iter().map(|information| element("userInformation", information)).collect();
    let content = [
        element("pid", pid),
        providers,
        attributes,
        information,
        element("postbackUrl", postback.as_str()),
        element("customData", correlation),
    ];
    envelope("authenticationRequest", id, &content.concat())
}

fn person_question(id: &str, pid: &str, ticket: &Ticket) -> String {
    // What the bank or the card itself says of the person (`includeSourceData`) is not needed, so it is not asked for.
    let content = [element("pid", pid), element("ticket", ticket.reveal()), element("includeSourceData", "false")];
    envelope("authenticationDataRequest", id, &content.concat())
}

fn element(name: &str, text: &str) -> String {
    format!("<authentication:{name}>{}</authentication:{name}>", escape(text))
}

fn envelope(name: &str, id: &str, content: &str) -> String {
    format!(
        "<soapenv:Envelope xmlns:soapenv=\"{ENVELOPE_NAMESPACE}\"><soapenv:Body>\
         <authentication:{name} xmlns:authentication=\"{NAMESPACE}\" id=\"{id}\">{content}</authentication:{name}>\
         </soapenv:Body></soapenv:Envelope>"
    )
}

fn signed(key: &SigningKey, question: impl Fn(&str) -> String) -> Result<String, Error> {
    let id = xmlsignature::fresh_id().map_err(|reason| Error::Signature { reason })?;
    xmlsignature::sign(&question(&id), &id, key).map_err(|reason| Error::Signature { reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_for_a_ticket_has_the_order_of_the_schema() {
        let providers = ["auth.lt.identity.card", "auth.lt.bank"].map(str::to_owned);
        let postback = Url::parse("https://virsis.example/back?a=1&b='2'").unwrap();
        assert_eq!(
            ticket_question("_1", "VSID000000000113", &providers, &postback, "correlation-1234"),
            "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>\
             <authentication:authenticationRequest xmlns:authentication=\"http://www.epaslaugos.lt/services/authentication\" id=\"_1\">\
             <authentication:pid>VSID000000000113</authentication:pid>\
             <authentication:authenticationProvider>auth.lt.identity.card</authentication:authenticationProvider>\
             <authentication:authenticationProvider>auth.lt.bank</authentication:authenticationProvider>\
             <authentication:authenticationAttribute>lt-personal-code</authentication:authenticationAttribute>\
             <authentication:authenticationAttribute>lt-company-code</authentication:authenticationAttribute>\
             <authentication:authenticationAttribute>eidas-eid</authentication:authenticationAttribute>\
             <authentication:userInformation>firstName</authentication:userInformation>\
             <authentication:userInformation>lastName</authentication:userInformation>\
             <authentication:postbackUrl>https://virsis.example/back?a=1&amp;b=%272%27</authentication:postbackUrl>\
             <authentication:customData>correlation-1234</authentication:customData>\
             </authentication:authenticationRequest></soapenv:Body></soapenv:Envelope>"
        );
    }

    #[test]
    fn the_question_for_a_person_has_the_order_of_the_schema_and_escapes_the_ticket() {
        assert_eq!(
            person_question("_1", "VSID000000000113", &Ticket::parse("a<b>&c").unwrap()),
            "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>\
             <authentication:authenticationDataRequest xmlns:authentication=\"http://www.epaslaugos.lt/services/authentication\" id=\"_1\">\
             <authentication:pid>VSID000000000113</authentication:pid>\
             <authentication:ticket>a&lt;b&gt;&amp;c</authentication:ticket>\
             <authentication:includeSourceData>false</authentication:includeSourceData>\
             </authentication:authenticationDataRequest></soapenv:Body></soapenv:Envelope>"
        );
    }

    #[test]
    fn a_correlation_that_binds_nothing_is_refused() {
        let (longest, too_long) = ("a".repeat(128), "a".repeat(129));
        for good in ["_0123456789abcdef0123456789abcdef", "0123456789-abcde", &longest] {
            assert_eq!(check_correlation(good), Ok(()));
        }
        for bad in ["", "0123456789abcde", "0123456789abcdef ", "0123456789abcde<", "ąąąąąąąąąąąąąąąą", &too_long] {
            assert_eq!(check_correlation(bad), Err(Error::Correlation), "{bad}");
        }
    }
}
