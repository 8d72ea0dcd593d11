"""A register's web service for tests, made with tools that share no code with ours: signxml, lxml, OpenSSL.

    ws_server.py prepare FOLDER    keys and certificates
    ws_server.py serve FOLDER SCHEMA [EXTRACTS]    prints "plain PORT" and "mutual PORT" (TLS that wants a client certificate), serves
                                   until stdin ends; with EXTRACTS it answers out of a generated country's files

The path says how to behave: /valid, /altered ... (see ANSWERS). Questions that are not signed with our key, or do not fit the
schema, are answered with a fault. Every question is noted in FOLDER/seen.jsonl. All data is invented.
"""

import base64
import csv
import http.server
import io
import ipaddress
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, SignatureConfiguration, SignatureMethod, DigestAlgorithm, XMLSigner, XMLVerifier

V = "urn:virsis:registrai:1"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0


# --- invented data

def with_check_digit(body):
    """Legal-entity codes have 8 digits and a control digit, personal codes 10 and one."""
    for shift in (0, 2):
        rest = sum(int(digit) * (1 + (place + shift) % 9) for place, digit in enumerate(body)) % 11
        if rest < 10:
            return f"{body}{rest}"
    return f"{body}0"


def entity(number):
    return with_check_digit(f"3{number:07}")


def person(number):
    return with_check_digit(f"3900101{number:03}")


def holding(number, of, kind, **owner):
    return {"dalyvio_nr": str(number), "ja_kodas": of, "dalyvio_rusis": kind, **owner, "akcijos": "10", "visos_akcijos": "100", "nuo": "2020-01-01"}


# 1 is owned by 2, by a person and by a foreign firm; 2 by 3 and by 4; 3 by 1 again, which is a circle; 4 and 5 by nobody.
HOLDINGS = [
    holding(1, entity(1), "J", dal_kodas=entity(2), dal_pavadinimas="UAB „Antra & trečia“"),
    holding(2, entity(1), "F", vardas="Jonė", pavarde="Išgalvotoji", asmens_kodas=person(1)),
    holding(3, entity(1), "UJ", dal_kodas=entity(9), dal_pavadinimas="Foreign <Ltd>", valstybe="LV"),
    holding(4, entity(2), "J", dal_kodas=entity(3), dal_pavadinimas="Trečia"),
    holding(5, entity(2), "J", dal_kodas=entity(4), dal_pavadinimas="Ketvirta"),
    holding(6, entity(3), "J", dal_kodas=entity(1), dal_pavadinimas="Pirma"),
]
DATA = {
    "jadis__dalyviai": ("ja_kodas", HOLDINGS),
    "gr__asmenys": ("asmens_kodas", [{"asmens_kodas": person(n), "vardas": f"Vardas{n}", "pavarde": "Išgalvotas"} for n in range(1, 8)]),
    "jar__kontaktai": ("ja_kodas", [{"ja_kodas": entity(n), "el_pastas": f"info@{n}.example"} for n in range(1, 100) if n % 7]),
}


def country(extracts):
    """Rows of a generated country, by extract: those that are rows at all."""
    found = {}
    for extract in ("gr__asmenys", "gypas__parama", "imis__parama", "jadis__dalyviai", "jar__finansai", "jar__kontaktai", "jar__valdymas", "libis__numeriai"):
        path = extracts / f"{extract.replace('__', '_')}.v1.csv"
        text = path.read_bytes().decode("windows-1257" if extract.startswith("libis") else "utf-8-sig", "surrogateescape")
        headings, *rows = csv.reader(io.StringIO(text, newline=""), delimiter="|")
        whole = [row for row in rows if len(row) == len(headings) and not any(0xDC80 <= ord(letter) <= 0xDCFF for cell in row for letter in cell)]
        column = "asmens_kodas" if extract.startswith("gr__") else "ja_kodas"
        found[extract] = (column, [{name.lower(): cell for name, cell in zip(headings, row) if cell} for row in whole])
    # Read at each question: a test changes it while the service runs.
    found["naudotojai__igaliojimai"] = ("valdytojo_kodas", lambda: mandates(extracts.parent / "served-mandates.csv"))
    return found


def mandates(path):
    """Who may act for whom, as in a file that is imported, with the code of the institution that manages the system."""
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]


# --- keys

def prepare(folder):
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, *parts):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(b"".join(parts))

    def make(name, issuer=None, authority=False):
        key = rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(timezone.utc)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[1].subject if issuer else subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        )
        certificate = builder.sign(issuer[0] if issuer else key, hashes.SHA256())
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        public = certificate.public_bytes(serialization.Encoding.PEM)
        write(f"{name}.key", private)
        write(f"{name}.crt", public)
        write(f"{name}.pem", public, private)
        return key, certificate

    for name in ("ours", "service", "other"):
        make(name)
    authority = make("authority", authority=True)
    make("tls-server", authority)
    make("tls-client", authority)
    stranger = make("stranger-authority", authority=True)
    make("tls-stranger", stranger)


# --- questions

class Refused(Exception):
    pass


class Service:
    def __init__(self, folder, schema):
        self.folder = folder
        self.schema = etree.XMLSchema(etree.parse(str(schema)))
        self.lock = threading.Lock()

    def pem(self, name):
        return (self.folder / name).read_bytes()

    def question(self, body):
        """The question, if two independent tools find it signed with our key and the schema accepts it."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(body, parser)
        config = SignatureConfiguration(
            signature_methods={SignatureMethod.RSA_SHA256}, digest_algorithms={DigestAlgorithm.SHA256}, location=f"./{{{SOAP}}}Body/{{{V}}}uzklausa/")
        verified = XMLVerifier().verify(body, x509_cert=self.pem("ours.crt").decode(), id_attribute="id", expect_config=config, parser=parser)
        question = root.find(f"{{{SOAP}}}Body/{{{V}}}uzklausa")
        if verified.signed_xml.get("id") != question.get("id"):
            raise Refused("something else is signed")
        if not self.schema.validate(question):
            raise Refused(str(self.schema.error_log))
        if shutil.which("xmlsec1"):
            command = ["xmlsec1", "--verify", "--pubkey-cert-pem", str(self.folder / "ours.crt"), "--id-attr:id", f"{V}:uzklausa", "/dev/stdin"]
            result = subprocess.run(command, input=body, capture_output=True)
            if result.returncode != 0:
                raise Refused(f"xmlsec1: {result.stderr.decode()}")
        return question

    def note(self, **what):
        with self.lock, open(self.folder / "seen.jsonl", "a") as seen:
            seen.write(json.dumps(what) + "\n")

    def sign(self, answer, name="service", sha1=False):
        signer = Sha1Signer() if sha1 else XMLSigner(c14n_algorithm=EXCLUSIVE)
        cert = self.pem(f"{name}.crt").decode()
        return signer.sign(answer, key=self.pem(f"{name}.key"), cert=cert, reference_uri=f"#{answer.get('id')}", id_attribute="id")


class Sha1Signer(XMLSigner):
    def __init__(self):
        super().__init__(signature_algorithm="rsa-sha1", digest_algorithm="sha1", c14n_algorithm=EXCLUSIVE)

    def check_deprecated_methods(self):
        """What some state services still do."""


# --- answers

def answer_to(question, codes=None, id="atsakymas-1"):
    """What an honest service says, unsigned."""
    extract = question.get("israsas")
    column, rows = DATA[extract]
    rows = rows() if callable(rows) else rows
    answer = etree.Element(f"{{{V}}}atsakymas", nsmap={"r": V}, id=id, uzklausa=question.get("id"), israsas=extract)
    for code in codes or [kodas.text for kodas in question.iterfind(f"{{{V}}}kodas")]:
        about = etree.SubElement(answer, f"{{{V}}}apie", kodas=code)
        for row in rows:
            if row.get(column) == code:
                element = etree.SubElement(about, f"{{{V}}}{extract}")
                names = [name for name in ORDER[extract] if name in row]
                for name in names:
                    etree.SubElement(element, f"{{{V}}}{name}").text = row[name]
    return answer


def envelope(*content, header=()):
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP})
    if header:
        etree.SubElement(root, f"{{{SOAP}}}Header").extend(header)
    etree.SubElement(root, f"{{{SOAP}}}Body").extend(content)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def codes_of(question):
    return [kodas.text for kodas in question.iterfind(f"{{{V}}}kodas")]


def copy(element):
    return etree.fromstring(etree.tostring(element))


def cell(answer):
    """A cell of the answer's first row, not the code that was asked for."""
    column = DATA[answer.get("israsas")][0]
    return next(element for element in answer.iterfind(f"{{{V}}}apie/*/*") if etree.QName(element).localname != column)


def forged(question):
    answer = answer_to(question, id="suklastotas")
    cell(answer).text = "suklastota"
    return answer


def valid(service, question):
    answer = service.sign(answer_to(question))
    service.schema.assertValid(answer)
    return envelope(answer)


def of_country(service, question):
    """Some rows of a generated country are bad, and no schema accepts them."""
    return envelope(service.sign(answer_to(question)))


def pretty(service, question):
    """Line breaks, a comment inside a cell, another prefix: the same content."""
    answer = answer_to(question)
    etree.indent(answer)
    divided = cell(answer)
    start, end = divided.text[:3], divided.text[3:]
    divided.text = start
    divided.append(etree.Comment("x"))
    divided[0].tail = end
    return envelope(service.sign(answer))


def wrapped_in_header(service, question):
    signed, evil = service.sign(answer_to(question)), forged(question)
    evil.append(copy(signed.find(f"{{{DS}}}Signature")))
    original = copy(signed)
    original.remove(original.find(f"{{{DS}}}Signature"))
    return envelope(evil, header=[original])


def wrapped_with_same_id(service, question):
    signed, evil = service.sign(answer_to(question)), forged(question)
    evil.set("id", signed.get("id"))
    evil.append(copy(signed.find(f"{{{DS}}}Signature")))
    signed.remove(signed.find(f"{{{DS}}}Signature"))
    return envelope(evil, header=[signed])


def wrapped_inside(service, question):
    signed, evil = service.sign(answer_to(question)), forged(question)
    signature = copy(signed.find(f"{{{DS}}}Signature"))
    signed.remove(signed.find(f"{{{DS}}}Signature"))
    etree.SubElement(signature, f"{{{DS}}}Object").append(signed)
    evil.append(signature)
    return envelope(evil)


def two_in_body(service, question):
    return envelope(forged(question), service.sign(answer_to(question)))


def two_signatures(service, question):
    once = service.sign(answer_to(question))
    second = service.sign(copy(once)).findall(f"{{{DS}}}Signature")[-1]
    once.append(second)
    return envelope(once)


def without_signature(_service, question):
    return envelope(answer_to(question))


def altered(service, question):
    answer = service.sign(answer_to(question))
    cell(answer).text += "x"
    return envelope(answer)


def doctype(declaration, use):
    def make(service, question):
        answer = answer_to(question)
        cell(answer).text = "PLACE"
        text = envelope(service.sign(answer)).replace(b"PLACE", use)
        return text.replace(b"?>\n", b"?>\n" + declaration, 1)
    return make


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)) + b"]>"


def stranger(service, question):
    return envelope(service.sign(answer_to(question, codes_of(question) + [entity(99)])))


def strange_row(service, question):
    answer = answer_to(question)
    answer.find(f".//{{{V}}}{DATA[answer.get('israsas')][0]}").text = entity(99)
    return envelope(service.sign(answer))


def missing(service, question):
    return envelope(service.sign(answer_to(question, codes_of(question)[1:])))


def replayed(service, question):
    question.set("id", "_0123456789abcdef0123456789abcdef")
    return of_country(service, question)


def unknown_field(service, question):
    answer = answer_to(question)
    etree.SubElement(cell(answer).getparent(), f"{{{V}}}slaptas").text = person(1)
    return envelope(service.sign(answer))


def fault(_service, question):
    return f"""<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>s:Server.NoContract</faultcode>
        <faultstring>no contract for {codes_of(question)[0]}</faultstring></s:Fault></s:Body></s:Envelope>""".encode()


ANSWERS = {
    "valid": valid, "second-try": valid, "pretty": pretty, "country": of_country,
    "slow": of_country, "cut": of_country, "endless": of_country,
    "altered": altered, "unsigned": without_signature,
    "other-key": lambda service, question: envelope(service.sign(answer_to(question), "other")),
    "sha1": lambda service, question: envelope(service.sign(answer_to(question), sha1=True)),
    "wrapped-in-header": wrapped_in_header, "wrapped-with-same-id": wrapped_with_same_id, "wrapped-inside": wrapped_inside,
    "two-in-body": two_in_body, "two-signatures": two_signatures,
    "bomb": doctype(BOMB, b"&j;"), "external": doctype(b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>', b"&f;"),
    "undeclared": doctype(b"", b"&f;"),
    "stranger": stranger, "strange-row": strange_row, "missing": missing, "replayed": replayed, "unknown-field": unknown_field,
    "empty": lambda _service, _question: b"", "no-text": lambda _service, _question: b"\xff" * 100,
    "html": lambda _service, _question: b"<!DOCTYPE html><html><body>Maintenance</body></html>", "fault": fault,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        service, mode = self.server.service, self.path.strip("/").split("?")[0]
        body = self.rfile.read(int(self.headers["content-length"]))
        began = time.monotonic()
        try:
            question = service.question(body)
            asked, extract, date = codes_of(question), question.get("israsas"), question.get("data")
            # Later codes are answered first, so that the order of answers is not the order of questions.
            time.sleep(0.02 / (1 + int(asked[0][-3:])))
            service.note(mode=self.path.strip("/"), extract=extract, codes=asked, date=date, path=self.path, action=self.headers["soapaction"], began=began)
            if mode == "slow":
                time.sleep(5)
            if mode.isdigit():
                self.send_error(int(mode))
                return
            if mode == "elsewhere":
                self.send_response(307)
                self.send_header("location", "http://registrai.invalid/")
                self.send_header("content-length", "0")
                self.end_headers()
                return
            if mode == "second-try" and self.server.first_try():
                self.send_error(503)
                return
            self.reply(mode, ANSWERS[mode](service, question))
        except Exception as refusal:  # a test reads the reason in the notes
            service.note(mode=self.path.strip("/"), refused=f"{type(refusal).__name__}: {refusal}", body=base64.b64encode(body).decode())
            text = f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>s:Client.Refused</faultcode></s:Fault></s:Body></s:Envelope>'
            self.reply("fault", text.encode())

    def reply(self, mode, body):
        self.send_response(500 if mode == "fault" else 200)
        self.send_header("content-type", "text/html" if mode == "html" else "text/xml; charset=utf-8")
        if mode == "endless":
            self.send_header("connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                self.wfile.write(body[:-200])
                while True:
                    self.wfile.write(b" " * 65536)
            except OSError:
                return
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if mode == "cut":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, service, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.service, self.context, self.tries = service, context, 0

    def first_try(self):
        self.tries += 1
        return self.tries == 1

    def finish_request(self, request, address):
        # In the connection's own thread, so that a failed handshake stops nobody else.
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, address)

    def handle_error(self, *_):
        pass


def serve(folder, schema, extracts=None):
    global DATA, ORDER
    if extracts:
        DATA = country(extracts)
    fields = {"x": "http://www.w3.org/2001/XMLSchema"}
    tree = etree.parse(str(schema))
    ORDER = {extract: tree.xpath(f"//x:complexType[@name='{extract}']/x:sequence/x:element/@name", namespaces=fields) for extract in DATA}
    service = Service(folder, schema)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(folder / "authority.crt"))
    context.load_cert_chain(folder / "tls-server.crt", folder / "tls-server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    for name, server in {"plain": Server(service), "mutual": Server(service, context)}.items():
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(name, server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    command, folder, *rest = sys.argv[1:]
    prepare(pathlib.Path(folder)) if command == "prepare" else serve(pathlib.Path(folder), *map(pathlib.Path, rest))
