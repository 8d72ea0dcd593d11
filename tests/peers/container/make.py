"""Signed containers for tests, made with tools that share no code with ours: pyasice (lxml), xmlsec1 (libxml2), OpenSSL.

    make.py FOLDER    writes document.pdf, authorities in PEM and one .asice for each case

Good ones begin with "good-". Every other name says what is wrong. Times are fixed (see FORMED); people and codes are invented.
"""

import base64
import hashlib
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from lxml import etree

# oscrypto 1.3.0 knows versions of OpenSSL with one digit in each place only; 3.0.19 it does not recognise.
_search = re.search


def search(pattern, text, flags=0):
    return _search(pattern, re.sub(r"(\d\.\d\.\d)\d+", r"\1", text) if isinstance(text, str) else text, flags)


re.search = search
import pyasice.xmlsig  # noqa: E402
from pyasice import Container, XmlSignature  # noqa: E402

re.search = _search

FORMED = datetime(2026, 3, 2, 10, 0, tzinfo=timezone.utc)
SIGNED = FORMED + timedelta(minutes=20)
ONE, TWO = "39001010005", "49001010010"
DOCUMENT = b"%PDF-1.7\n% not a real one: nobody looks inside\n" + bytes(range(256)) * 8 + b"%%EOF\n"
NAMESPACES = XmlSignature.NAMESPACES
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SHA1, SHA256 = "http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmlenc#sha256"
INCLUSIVE, INCLUSIVE11 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11"
HASHES = {"1": hashes.SHA1(), "256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


# --- authorities and people

def authority(name, key, issuer=None):
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "LT"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = certificate(subject, key, issuer[1].subject if issuer else subject, -365, 3650)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return key, builder.sign(issuer[0] if issuer else key, hashes.SHA256())


def certificate(subject, key, issuer, first_day, last_day):
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FORMED + timedelta(days=first_day)).not_valid_after(FORMED + timedelta(days=last_day))
    )


def person(serial, key, issuer, first_day=-30, last_day=300, login=False, usage=True):
    names = [x509.NameAttribute(NameOID.COUNTRY_NAME, "LT"), x509.NameAttribute(NameOID.COMMON_NAME, "VARDAS IŠGALVOTASIS")]
    names += [x509.NameAttribute(NameOID.SERIAL_NUMBER, number) for number in ([serial] if isinstance(serial, str) else serial)]
    subject = x509.Name(names)
    builder = certificate(subject, key, issuer[1].subject if issuer else subject, first_day, last_day)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    if usage:
        builder = builder.add_extension(
            x509.KeyUsage(digital_signature=login, content_commitment=not login, key_encipherment=False, data_encipherment=False,
                          key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False),
            critical=True)
    purpose = ExtendedKeyUsageOID.CLIENT_AUTH if login else ExtendedKeyUsageOID.EMAIL_PROTECTION
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return key, builder.sign(issuer[0] if issuer else key, hashes.SHA256())


RSA = rsa.generate_private_key(65537, 2048)
P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
ROOT = authority("Root", RSA)
ISSUER = authority("Issuer", P384, ROOT)
STRANGER = authority("Root", ec.generate_private_key(ec.SECP256R1()))
SIGNER = person(f"PNOLT-{ONE}", P256, ISSUER)


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


# --- signatures

def find(xml, path):
    return xml.xml.find(path, NAMESPACES)


def references(xml):
    """To the document, to the signed properties."""
    return xml.xml.findall(".//ds:SignedInfo/ds:Reference", NAMESPACES)


def value(key, message, method):
    """What stands in a SignatureValue: two numbers of fixed length for curves."""
    hash = HASHES[re.search(r"sha(\d+)", method)[1]]
    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hash), hash.digest_size)
        return key.sign(message, pss if method.endswith("MGF1") else padding.PKCS1v15(), hash)
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hash)))
    length = (key.curve.key_size + 7) // 8
    return r.to_bytes(length, "big") + s.to_bytes(length, "big")


def sign(signer=SIGNER, document=DOCUMENT, name="document.pdf", others=(), when=SIGNED, method=None, edit=lambda xml: None, late=lambda xml: None, unsigned=False):
    """A signature by pyasice over a document, and over `others` (name and content) with it; `edit` changes it before the signed properties are digested, `late` before everything is signed."""
    key, certificate = signer
    pyasice.xmlsig.get_utc_time = lambda: when
    xml = XmlSignature.create().add_document(name, document, "application/pdf")
    for other in others:
        xml.add_document(*other, "application/pdf")
    xml.set_certificate(der(certificate))
    if not unsigned:
        properties = find(xml, ".//xades:UnsignedProperties")
        properties.getparent().remove(properties)
    method = method or MORE + ("rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ecdsa-sha256")
    find(xml, ".//ds:SignatureMethod").set("Algorithm", method)
    edit(xml)
    xml.update_signed_info()
    late(xml)
    signed = xml.canonicalize(find(xml, ".//ds:SignedInfo"))
    return xml.set_signature_value(value(key, signed, method))


def contain(*signatures, document=DOCUMENT, name="document.pdf", others=()):
    container = Container().add_file(name, document, "application/pdf")
    for other in others:
        container.add_file(*other, "application/pdf")
    for signature in signatures:
        container.add_signature(signature)
    return container.finalize().getvalue()


def signed(**how):
    """A container with one signature by pyasice over `document` and `others`."""
    return contain(sign(**how), document=how.get("document", DOCUMENT), others=how.get("others", ()))


def by_xmlsec(signer, method, form, digest):
    """A signature whose digests and value are xmlsec1's: it does the canonical forms, too."""
    xml = sign(signer=signer)
    find(xml, ".//ds:SignatureMethod").set("Algorithm", method)
    find(xml, ".//ds:CanonicalizationMethod").set("Algorithm", form)
    find(xml, ".//ds:Transform").set("Algorithm", form)
    for reference in references(xml):
        reference.find("ds:DigestMethod", NAMESPACES).set("Algorithm", digest)
        reference.find("ds:DigestValue", NAMESPACES).text = None
    find(xml, ".//ds:SignatureValue").text = None
    key, certificate = signer
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "document.pdf").write_bytes(DOCUMENT)
        (folder / "template.xml").write_bytes(xml.dump())
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "key.pem").write_bytes(private)
        id = ["--id-attr:Id", f"{NAMESPACES['xades']}:SignedProperties"]
        command = ["xmlsec1", "--sign", "--privkey-pem", "key.pem", *id, "--output", "signed.xml", "template.xml"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return contain(XmlSignature((folder / "signed.xml").read_bytes()))


# --- changes

def set_form(form):
    def edit(xml):
        find(xml, ".//ds:CanonicalizationMethod").set("Algorithm", form)
        find(xml, ".//ds:Transform").set("Algorithm", form)
    return edit


def with_comments(xml):
    """There is none, so this is the same as the form without them."""
    xml.C14N_METHODS = (*XmlSignature.C14N_METHODS, INCLUSIVE + "#WithComments")
    find(xml, ".//ds:CanonicalizationMethod").set("Algorithm", INCLUSIVE + "#WithComments")


def no_transform(xml):
    """Then the canonical form is inclusive 1.0, whatever the form of SignedInfo. pyasice takes it for the latter's, so both are the same."""
    find(xml, ".//ds:CanonicalizationMethod").set("Algorithm", INCLUSIVE)
    reference = references(xml)[1]
    reference.remove(reference.find("ds:Transforms", NAMESPACES))


def set_uri(uri):
    return lambda xml: references(xml)[0].set("URI", uri)


def set_time(text):
    """After pyasice wrote its own."""
    def late(xml):
        find(xml, ".//xades:SigningTime").text = text
        xml._calc_signed_properties_hash(update=True)
    return late


def second_version(xml):
    """SigningCertificateV2, as newer tools write it, with SHA-512."""
    old = find(xml, ".//xades:SigningCertificate")
    new = etree.Element(f"{{{NAMESPACES['xades']}}}SigningCertificateV2")
    cert = etree.SubElement(new, f"{{{NAMESPACES['xades']}}}Cert")
    digest = deepcopy(old.find(".//xades:CertDigest", NAMESPACES))
    digest.find("ds:DigestMethod", NAMESPACES).set("Algorithm", "http://www.w3.org/2001/04/xmlenc#sha512")
    digest.find("ds:DigestValue", NAMESPACES).text = base64.b64encode(hashlib.sha512(xml.get_certificate_value()).digest())
    cert.append(digest)
    old.getparent().replace(old, new)


def add_issuer(xml):
    """The issuer's certificate beside the signer's."""
    data = find(xml, ".//ds:X509Data")
    etree.SubElement(data, f"{{{NAMESPACES['ds']}}}X509Certificate").text = base64.b64encode(der(ISSUER[1]))


def digest_with(path, algorithm, hash, content):
    def edit(xml):
        node = find(xml, path)
        node.find("ds:DigestMethod", NAMESPACES).set("Algorithm", algorithm)
        node.find("ds:DigestValue", NAMESPACES).text = base64.b64encode(hash(content(xml)).digest())
    return edit


def another_reference(xml):
    reference = deepcopy(references(xml)[0])
    reference.set("Id", "r-id-2")
    find(xml, ".//ds:SignedInfo").append(reference)


def stamped():
    """With certificates among the unsigned properties, as signatures for long times have them."""
    xml = sign(unsigned=True)
    xml.set_root_ca_cert(pem(ISSUER[1]))
    return contain(xml)


def swapped():
    """One key, two certificates: the signature of one person with the certificate of the other."""
    xml = sign()
    find(xml, ".//ds:X509Certificate").text = base64.b64encode(der(person(f"PNOLT-{TWO}", P256, ISSUER)[1]))
    return contain(xml)


def countersigned():
    xml = sign()
    properties = xml._get_unsigned_properties_node()
    counter = etree.SubElement(properties, f"{{{NAMESPACES['xades']}}}CounterSignature")
    inner = deepcopy(find(xml, "ds:Signature"))
    for node in inner.iter():
        node.attrib.pop("Id", None)
    counter.append(inner)
    return contain(xml)


def two_in_one_file():
    xml = sign()
    second = deepcopy(find(xml, "ds:Signature"))
    for node in second.iter():
        node.attrib.pop("Id", None)
    xml.xml.append(second)
    return contain(xml)


def data_references(xml):
    return [reference for reference in references(xml) if not reference.get("Type")]


def signed_twice(xml):
    """Both references lead to the first file."""
    for reference in data_references(xml):
        reference.set("URI", "document.pdf")
        reference.find("ds:DigestValue", NAMESPACES).text = base64.b64encode(hashlib.sha256(DOCUMENT).digest())


def names_swapped(xml):
    """Each reference leads to the other file."""
    first, second = data_references(xml)
    first.set("URI", "second.pdf")
    second.set("URI", "document.pdf")


class Pipe(io.RawIOBase):
    """A file that cannot be rewound: sizes then stand behind the entries, as Java's tools write them."""

    def __init__(self):
        self.written = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.written += data
        return len(data)


def streamed():
    pipe = Pipe()
    with zipfile.ZipFile(io.BytesIO(signed())) as source, zipfile.ZipFile(pipe, "w") as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry), zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED)
    return bytes(pipe.written)


OTHER = DOCUMENT.replace(b"not a real one", b"another one   ")
SECOND = DOCUMENT.replace(b"not a real one", b"the second    ")
THIRD = DOCUMENT.replace(b"not a real one", b"the third     ")
WITH_SECOND = [("second.pdf", SECOND)]
SIGNING_CERTIFICATE = ".//xades:SigningCertificate//xades:CertDigest"
SPACED = "prašymas nr. 1.pdf"
CASES = {
    "good-p256": signed,
    "good-p384": lambda: signed(signer=person(f"PNOLT-{ONE}", P384, ISSUER), method=MORE + "ecdsa-sha384"),
    "good-rsa": lambda: signed(signer=person(f"PNOLT-{ONE}", RSA, ISSUER)),
    "good-rsa-384": lambda: signed(signer=person(f"PNOLT-{ONE}", RSA, ISSUER), method=MORE + "rsa-sha384"),
    "good-rsa-512": lambda: signed(signer=person(f"PNOLT-{ONE}", RSA, ISSUER), method=MORE + "rsa-sha512"),
    "good-pss": lambda: signed(signer=person(f"PNOLT-{ONE}", RSA, ISSUER), method="http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
    "good-inclusive": lambda: signed(edit=set_form(INCLUSIVE)),
    "good-inclusive-11": lambda: signed(edit=set_form(INCLUSIVE11)),
    "good-no-transform": lambda: signed(edit=no_transform),
    "good-second-version": lambda: signed(edit=second_version),
    "good-zone": lambda: signed(late=set_time("2026-03-02T12:20:00.000+02:00")),
    "good-no-usage": lambda: signed(signer=person(f"PNOLT-{ONE}", P256, ISSUER, usage=False)),
    "good-name-escaped": lambda: contain(sign(name=SPACED, edit=set_uri(quote(SPACED))), name=SPACED),
    "good-name-plain": lambda: contain(sign(name=SPACED), name=SPACED),
    "good-streamed": streamed,
    "good-xmlsec-exclusive": lambda: by_xmlsec(SIGNER, MORE + "ecdsa-sha256", "http://www.w3.org/2001/10/xml-exc-c14n#", SHA256),
    "good-xmlsec-inclusive": lambda: by_xmlsec(SIGNER, MORE + "ecdsa-sha256", INCLUSIVE, MORE + "sha384"),
    "good-xmlsec-inclusive-11": lambda: by_xmlsec(
        person(f"PNOLT-{ONE}", RSA, ISSUER), MORE + "rsa-sha512", INCLUSIVE11, "http://www.w3.org/2001/04/xmlenc#sha512"),
    "issuer-beside": lambda: signed(late=add_issuer),
    "issuer-in-values": stamped,
    "other-person": lambda: signed(signer=person(f"PNOLT-{TWO}", ec.generate_private_key(ec.SECP256R1()), ISSUER)),
    "other-document": lambda: signed(document=OTHER),
    "signature-of-other-document": lambda: contain(sign(document=OTHER)),
    "swapped-certificate": swapped,
    "stranger": lambda: signed(signer=person(f"PNOLT-{ONE}", P256, STRANGER)),
    "self-signed": lambda: signed(signer=person(f"PNOLT-{ONE}", P256, None)),
    "expired-at-signing": lambda: signed(signer=person(f"PNOLT-{ONE}", P256, ISSUER, -300, -1)),
    "expired-since": lambda: signed(signer=person(f"PNOLT-{ONE}", P256, ISSUER, -300, 0.02)),
    "not-yet-valid": lambda: signed(signer=person(f"PNOLT-{ONE}", P256, ISSUER, 0.02, 300)),
    "login": lambda: signed(signer=person(f"PNOLT-{ONE}", P256, ISSUER, login=True)),
    "foreigner": lambda: signed(signer=person(f"PNOEE-{ONE}", P256, ISSUER)),
    "seal": lambda: signed(signer=person("NTRLT-300000001", P256, ISSUER)),
    "nobody": lambda: signed(signer=person([], P256, ISSUER)),
    "two-codes": lambda: signed(signer=person([f"PNOLT-{ONE}", f"PNOLT-{TWO}"], P256, ISSUER)),
    "sha1-signature": lambda: signed(signer=person(f"PNOLT-{ONE}", RSA, ISSUER), method="http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
    "sha1-digest": lambda: signed(late=digest_with(".//ds:SignedInfo/ds:Reference", SHA1, hashlib.sha1, lambda xml: DOCUMENT)),
    "sha1-certificate": lambda: signed(edit=digest_with(SIGNING_CERTIFICATE, SHA1, hashlib.sha1, XmlSignature.get_certificate_value)),
    "p384-with-256": lambda: signed(signer=person(f"PNOLT-{ONE}", P384, ISSUER)),
    "short-key": lambda: signed(signer=person(f"PNOLT-{ONE}", rsa.generate_private_key(65537, 1024), ISSUER)),
    "early": lambda: signed(when=FORMED - timedelta(minutes=6)),
    "late": lambda: signed(when=FORMED + timedelta(minutes=66)),
    "good-slow-clock": lambda: signed(when=FORMED - timedelta(minutes=4)),
    "good-fast-clock": lambda: signed(when=FORMED + timedelta(minutes=64)),
    "no-zone": lambda: signed(late=set_time("2026-03-02T10:20:00")),
    "no-time": lambda: signed(late=set_time("")),
    "three-references": lambda: signed(late=another_reference),
    "other-name": lambda: signed(edit=set_uri("other.pdf")),
    "name-like-reference": lambda: contain(sign(name="#S1"), name="#S1"),
    "with-comments": lambda: signed(edit=with_comments),
    "two-signatures": lambda: contain(sign(), sign(signer=person(f"PNOLT-{TWO}", P384, ISSUER), method=MORE + "ecdsa-sha384")),
    "two-in-one-file": two_in_one_file,
    "countersigned": countersigned,
    "no-signature": lambda: contain(),
    "several": lambda: signed(others=WITH_SECOND),
    "several-twice": lambda: signed(others=[("second.pdf", DOCUMENT)]),
    "several-one-unsigned": lambda: contain(sign(), others=WITH_SECOND),
    "several-one-missing": lambda: contain(sign(others=[*WITH_SECOND, ("third.pdf", THIRD)]), others=WITH_SECOND),
    "several-one-signed-twice": lambda: contain(sign(others=WITH_SECOND, edit=signed_twice), others=WITH_SECOND),
    "several-swapped": lambda: contain(sign(others=WITH_SECOND, edit=names_swapped), others=WITH_SECOND),
    # A reference that could mean either of two files.
    "several-names-escaped": lambda: contain(
        sign(name="a%20b.pdf", others=[("a b.pdf", SECOND)]), name="a%20b.pdf", others=[("a b.pdf", SECOND)]),
    "extra-file": lambda: Container(io.BytesIO(signed())).add_file("other.pdf", b"other").finalize().getvalue(),
}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in {"document": DOCUMENT, "second": SECOND, "third": THIRD}.items():
        (folder / f"{name}.pdf").write_bytes(document)
    for name, (_, certificate) in {"root": ROOT, "issuer": ISSUER, "stranger": STRANGER, "signer": SIGNER}.items():
        (folder / f"{name}.pem").write_bytes(pem(certificate))
    for name, case in CASES.items():
        (folder / f"{name}.asice").write_bytes(case())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
