"""VIISP's SOAP messages for tests, made and verified with signxml and lxml: nothing in common with the client under test."""

import copy
import re
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureConfiguration, SignatureMethod, SignatureReference, XMLSigner, XMLVerifier

A = "http://www.epaslaugos.lt/services/authentication"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
# As VIISP declares them on its answers, needed or not. A further one, for dsig, comes in envelope(): lxml would use it for the signature.
NAMESPACES = {"authentication": A, "ns3": "http://viisp.ivpk.lt/systemHealth", "ns4": "http://www.w3.org/2001/10/xml-exc-c14n#"}

# The sequences of VIISP's schema.
ORDER = {
    "authenticationRequest": "pid (serviceTarget )?(authenticationProvider )*(authenticationAttribute )*(userInformation )*"
    "(proxyAuthenticationAttribute )*(proxyUserInformation )*(postbackUrl )?(customData )?Signature ",
    "authenticationDataRequest": "pid ticket (includeSourceData )?Signature ",
}


class Refused(Exception):
    """Carries the name of the exception in VIISP's schema, or an empty one."""

    def __init__(self, reason, exception=""):
        super().__init__(reason)
        self.exception = exception


# --- keys

def private_key(path):
    with open(path, "rb") as file:
        return serialization.load_pem_private_key(file.read(), None)


def public_numbers(path):
    """Of a public key or a certificate."""
    with open(path, "rb") as file:
        pem = file.read()
    key = x509.load_pem_x509_certificate(pem).public_key() if b"CERTIFICATE" in pem else serialization.load_pem_public_key(pem)
    return key.public_numbers()


class Signer(XMLSigner):
    """The profile of VIISP's answers: enveloped, exclusive with a PrefixList in both places, Signature in the default namespace."""

    def __init__(self, sha1):
        names = {"signature_algorithm": "rsa-sha1", "digest_algorithm": "sha1"} if sha1 else {}
        super().__init__(c14n_algorithm=EXCLUSIVE, **names)
        self.namespaces = {None: DS}

    def check_deprecated_methods(self):
        """SHA-1 is what older answers use."""

    def _build_transforms_for_reference(self, *, transforms_node, reference, **rest):
        # signxml leaves the parameter out of an enveloped signature's transform, while it hashes as if it were there.
        super()._build_transforms_for_reference(transforms_node=transforms_node, reference=reference, **rest)
        etree.SubElement(transforms_node[-1], f"{{{EXCLUSIVE.value}}}InclusiveNamespaces", PrefixList=" ".join(reference.inclusive_ns_prefixes))


def sign(answer, key, sha1=False):
    reference = SignatureReference(URI="#" + answer.get("id"), c14n_method=EXCLUSIVE, inclusive_ns_prefixes=["authentication"])
    signed = Signer(sha1).sign(answer, key=key, reference_uri=[reference], id_attribute="id", inclusive_ns_prefixes=["authentication"])
    # Read anew, as lxml loses the default namespace of elements that were moved.
    return etree.fromstring(etree.tostring(signed))


# --- questions

def question(body, client):
    """The question in a message: its name and element, once signxml finds it signed with the client's key."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
        (element,) = root.findall(f"{{{SOAP}}}Body/*")
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(str(error), "invalidXmlException")
    name = etree.QName(element)
    if name.namespace != A or name.localname not in ORDER:
        raise Refused("no question of the schema", "invalidXmlException")
    names = "".join(etree.QName(child).localname + " " for child in element)
    if not re.fullmatch(ORDER[name.localname], names):
        raise Refused(f"not in the schema's order: {names}", "invalidXmlException")
    config = SignatureConfiguration(
        require_x509=False, location=f"./{{{SOAP}}}Body/{{{A}}}{name.localname}/",
        signature_methods={SignatureMethod.RSA_SHA256}, digest_algorithms={DigestAlgorithm.SHA256})
    try:
        verified = XMLVerifier().verify(body, id_attribute="id", expect_config=config, parser=parser)
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {error}", "invalidSignatureException")
    # The key beside the signature proves nothing unless it is the one that was agreed on.
    used = verified.signature_key
    used = used.public_numbers() if hasattr(used, "public_numbers") else serialization.load_pem_public_key(used).public_numbers()
    if used != client or verified.signed_xml.get("id") != element.get("id"):
        raise Refused("signed with another key, or something else is signed", "invalidSignatureException")
    return name.localname, element


def texts(element, name):
    return [child.text or "" for child in element.findall(f"{{{A}}}{name}")]


# --- answers

def child(parent, name, text=None):
    element = etree.SubElement(parent, f"{{{A}}}{name}")
    element.text = text
    return element


def ticket_answer(ticket):
    answer = etree.Element(f"{{{A}}}authenticationResponse", nsmap=NAMESPACES, id="uniqueId")
    child(answer, "ticket", ticket)
    return answer


def attribute(answer, name, value, kind="authenticationAttribute"):
    pair = child(answer, kind)
    child(pair, "attribute", name)
    child(pair, "value", value)


def person_answer(person, asked):
    """`asked`: provider, attributes, information, custom_data."""
    answer = etree.Element(f"{{{A}}}authenticationDataResponse", nsmap=NAMESPACES, id="uniqueId")
    child(answer, "authenticationProvider", asked["provider"])
    for name, field in {"lt-personal-code": "code", "lt-company-code": "company", "eidas-eid": "eidas"}.items():
        if name in asked["attributes"] and person.get(field):
            attribute(answer, name, person[field])
    for name, field in {"firstName": "given_names", "lastName": "family_names", "companyName": "company_name"}.items():
        if name in asked["information"]:
            pair = child(answer, "userInformation")
            child(pair, "information", name)
            value = child(pair, "value")
            if person.get(field):
                child(value, "stringValue", person[field])
    if asked["custom_data"] is not None:
        child(answer, "customData", asked["custom_data"])
    return answer


def envelope(*content, header=()):
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    etree.SubElement(root, f"{{{SOAP}}}Header").extend(header)
    etree.SubElement(root, f"{{{SOAP}}}Body").extend(content)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True).replace(b" xmlns:ns3=", f' xmlns:dsig="{DS}" xmlns:ns3='.encode())


def fault(reason, exception="", code="soap:Server"):
    root = etree.Element(f"{{{SOAP}}}Fault", nsmap={"soap": SOAP})
    etree.SubElement(root, "faultcode").text = code
    etree.SubElement(root, "faultstring").text = reason
    if exception:
        detail = etree.SubElement(root, "detail")
        etree.SubElement(detail, f"{{{A}}}{exception}", nsmap={"authentication": A})
    return envelope(root)


# --- answers with something wrong

def find(answer, *names):
    """The text that a careless reader would want most: the ticket, or the personal code, or a name."""
    return next(answer.iter(*(f"{{{A}}}{name}" for name in names)))


def altered(answer, key):
    signed = sign(answer, key)
    target = find(signed, "ticket", "value")
    target.text = target.text[:-1] + ("0" if target.text[-1] != "0" else "1")
    return envelope(signed)


def two_signatures(answer, key):
    once = sign(answer, key)
    once.append(copy.deepcopy(once.find(f"{{{DS}}}Signature")))
    return envelope(once)


def wrapped(answer, key):
    """A forged answer in the body, which refers to an honest one in the header."""
    signed, forged = sign(answer, key), copy.deepcopy(answer)
    forged.set("id", "forged")
    signature = signed.find(f"{{{DS}}}Signature")
    forged.append(copy.deepcopy(signature))
    signed.remove(signature)
    return envelope(forged, header=[signed])


def with_doctype(declaration, reference):
    def make(answer, key):
        find(answer, "ticket", "value").text = "PLACE"
        return envelope(sign(answer, key)).replace(b"PLACE", reference).replace(b"?>\n", b"?>\n" + declaration, 1)
    return make


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)) + b"]>"

# What happens to the bytes: unsigned answer and key give a message.
BROKEN = {
    "unsigned": lambda answer, _key: envelope(answer),
    "other-key": lambda answer, _key: envelope(sign(answer, rsa.generate_private_key(65537, 2048))),
    "sha1": lambda answer, key: envelope(sign(answer, key, sha1=True)),
    "altered": altered, "two-signatures": two_signatures, "wrapped": wrapped,
    "two-in-body": lambda answer, key: envelope(copy.deepcopy(answer), sign(answer, key)),
    "doctype": with_doctype(b"<!DOCTYPE x>", b"x"), "bomb": with_doctype(BOMB, b"&j;"),
    "external": with_doctype(b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>', b"&f;"), "undeclared": with_doctype(b"", b"&f;"),
    "html": lambda _answer, _key: b"<!DOCTYPE html><html><body>Maintenance</body></html>",
    "html-as-xml": lambda _answer, _key: b"<!DOCTYPE html><html><body>Maintenance</body></html>",
    "empty": lambda _answer, _key: b"", "no-text": lambda _answer, _key: b"\xff" * 100,
    "huge": lambda answer, key: envelope(sign(answer, key)) + b" " * (4 << 20),
    "fault": lambda _answer, _key: fault("not now"),
    "fault-with-code": lambda answer, _key: fault("x", code=find(answer, "ticket", "value").text),
    "other-answer": lambda answer, key: envelope(sign(
        ticket_answer(str(uuid.uuid4())) if etree.QName(answer).localname == "authenticationDataResponse" else person_answer(
            {}, {"provider": "auth.lt.bank", "attributes": [], "information": [], "custom_data": None}), key)),
}


def without(*names):
    def change(answer):
        for element in list(answer.iter(*(f"{{{A}}}{name}" for name in names))):
            element.getparent().remove(element)
    return change


def saying(name, text):
    def change(answer):
        find(answer, name).text = text(find(answer, name).text) if callable(text) else text
    return change


def proxy(answer):
    for pair in answer.findall(f"{{{A}}}authenticationAttribute"):
        pair.tag = f"{{{A}}}proxyAuthenticationAttribute"


# What is said, and properly signed.
CHANGED = {
    "no-custom-data": without("customData"), "other-custom-data": saying("customData", "other-0123456789abcdef"),
    "no-code": without("authenticationAttribute"), "empty-code": saying("value", ""), "proxy-code": proxy,
    "malformed-code": saying("value", lambda code: code[:-1] + str((int(code[-1]) + 1) % 10)),
    "two-codes": lambda answer: attribute(answer, "lt-personal-code", "33309240064"),
    "no-names": without("userInformation"), "other-provider": saying("authenticationProvider", "auth.login.pass"),
    "long-ticket": saying("ticket", "a" * 513), "odd-ticket": saying("ticket", "a b"),
}
# What the connection does; see server.py.
CONNECTION = {"stall", "drip", "cut", "redirect", "status-500", "status-500-signed", "status-503", "other-ticket"}
FAULTS = CONNECTION | BROKEN.keys() | CHANGED.keys()


def message(answer, key, fault_name):
    if fault_name in BROKEN:
        return BROKEN[fault_name](answer, key)
    if fault_name in CHANGED:
        CHANGED[fault_name](answer)
    return envelope(sign(answer, key))
