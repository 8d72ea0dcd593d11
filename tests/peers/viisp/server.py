"""VIISP for tests: its SOAP service and its portal, on 127.0.0.1, with invented people.

    server.py --make-keys FOLDER
        ours.key ours.pub service.key service.pub (RSA), and authority.crt tls.crt tls.key (of `localhost`) for --tls

    server.py --port P --service-key service.key --client-key ours.pub --people people.json [--tls FOLDER]
        prints "listening P" once it serves (P = 0: any free port), until it is killed; --until-stdin-ends is for tests

POST /service            SOAP; with ?fault=NAME this answer is faulty, with &at=ticket or &at=data only if it is that exchange
GET|POST /portal         `ticket`: a page on which somebody chooses whom to be
POST /portal/confirm     `ticket`, `person` (its number), `provider`: a page that posts `ticket` and `customData` to the postback address
POST /portal/cancel      the same for somebody who does not sign in
POST /control?fault=NAME&at=ticket|data&times=N    the next N answers (1 unless told) are faulty; without a fault: no more of them
GET /seen                JSON: what was asked, and what was refused and why

The faults are messages.FAULTS. Tickets are forgotten when it ends.
"""

import argparse
import html
import http.server
import json
import os
import pathlib
import ssl
import sys
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

# Nothing is to be left beside these files.
sys.dont_write_bytecode = True

import messages  # noqa: E402
import people  # noqa: E402

LARGEST = 1 << 20

PAGE = """<!doctype html>
<html lang="lt"><head><meta charset="utf-8"><title>VIISP (bandomasis)</title></head>
<body><main><h1>Elektroniniai valdžios vartai (bandomieji, išgalvoti žmonės)</h1>
{content}
</main></body></html>
"""


class Viisp:
    """Everything the double remembers."""

    def __init__(self, key, client, invented):
        self.key, self.client, self.people = key, client, invented
        self.lock = threading.Lock()
        self.tickets, self.faults, self.seen = {}, [], []

    def note(self, **what):
        with self.lock:
            self.seen.append(what)

    def fault_of(self, exchange, query):
        """The fault of this answer, if it shall have one."""
        if query.get("at", exchange) == exchange and query.get("fault"):
            return query["fault"]
        with self.lock:
            for fault in self.faults:
                if fault["at"] in (exchange, None):
                    fault["times"] -= 1
                    self.faults = [fault for fault in self.faults if fault["times"] > 0]
                    return fault["fault"]
        return None

    def give_ticket(self, element):
        def only(name):
            return (messages.texts(element, name) or [None])[0]

        asked = {
            "providers": messages.texts(element, "authenticationProvider"),
            "attributes": messages.texts(element, "authenticationAttribute"),
            "information": messages.texts(element, "userInformation"),
            "custom_data": only("customData"),
            "postback": only("postbackUrl"),
        }
        ticket = str(uuid.uuid4())
        with self.lock:
            self.tickets[ticket] = {**asked, "person": None, "provider": None}
        return ticket

    def give_person(self, ticket, fault):
        """Once: whoever asks again hears nothing."""
        with self.lock:
            found = self.tickets.get(ticket)
            if found is None or found["person"] is None:
                raise messages.Refused("no data for this ticket")
            if fault == "other-ticket":
                # Another sign-in that nobody has fetched yet, such as a man in the middle would send.
                found = next((other for name, other in self.tickets.items() if name != ticket and other["person"]), None)
                if found is None:
                    raise messages.Refused("there is no other sign-in")
            else:
                del self.tickets[ticket]
        return messages.person_answer(found["person"], found)

    def confirm(self, ticket, number, provider):
        with self.lock:
            found = self.tickets.get(ticket)
            if found is None or not number.isdigit() or int(number) >= len(self.people):
                return None
            person = self.people[int(number)]
            found["person"] = person
            found["provider"] = provider or person.get("provider") or (found["providers"] or ["auth.lt.bank"])[0]
            return found


def field(name, value):
    return f'<input type="hidden" name="{name}" value="{html.escape(value)}">'


def choice(viisp, ticket):
    """The page on which somebody chooses whom to be."""
    options = "".join(
        f'<option value="{number}">{html.escape(person["given_names"])} {html.escape(person["family_names"])} ({person.get("code") or "be asmens kodo"})</option>'
        for number, person in enumerate(viisp.people))
    providers = "".join(f"<option>{html.escape(provider)}</option>" for provider in viisp.tickets[ticket]["providers"])
    return f"""<form method="post" action="/portal/confirm">{field("ticket", ticket)}
<p><label for="person">Asmuo</label> <select id="person" name="person">{options}</select></p>
<p><label for="provider">Būdas</label> <select id="provider" name="provider"><option value="">(asmens įprastas)</option>{providers}</select></p>
<p><button type="submit" id="sign-in">Prisijungti</button></p></form>
<form method="post" action="/portal/cancel">{field("ticket", ticket)}<p><button type="submit" id="cancel">Atšaukti</button></p></form>"""


def way_back(ticket, found):
    """The page that brings the browser back: by itself, or with the button where scripts do not run."""
    custom = field("customData", found["custom_data"]) if found["custom_data"] is not None else ""
    return f"""<form id="back" method="post" action="{html.escape(found["postback"] or "")}">{field("ticket", ticket)}{custom}
<p><button type="submit" id="continue">Grįžti į paslaugą</button></p></form>
<script>document.getElementById("back").submit();</script>"""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer("GET", b"")

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST:
            self.reply(413, "text/plain", b"")
            return
        self.answer("POST", self.rfile.read(length))

    def answer(self, method, body):
        viisp, address = self.server.viisp, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        match (method, address.path):
            case ("POST", "/service"):
                self.soap(viisp, query, body)
            case (_, "/portal") | ("POST", "/portal/confirm") | ("POST", "/portal/cancel"):
                posted = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}
                self.portal(viisp, address.path, posted if method == "POST" else query)
            case ("POST", "/control"):
                self.control(viisp, query)
            case ("GET", "/seen"):
                self.reply(200, "application/json", json.dumps(viisp.seen).encode())
            case _:
                self.reply(404, "text/plain", b"not here\n")

    def control(self, viisp, query):
        fault = query.get("fault")
        if fault and fault not in messages.FAULTS:
            self.reply(400, "text/plain", b"no such fault\n")
            return
        with viisp.lock:
            if fault:
                viisp.faults.append({"fault": fault, "at": query.get("at"), "times": int(query.get("times", 1))})
            else:
                viisp.faults = []
        self.reply(200, "text/plain", b"so be it\n")

    def portal(self, viisp, path, fields):
        ticket = fields.get("ticket", "")
        found = viisp.tickets.get(ticket)
        if found and path == "/portal":
            content = choice(viisp, ticket)
        elif found and path == "/portal/cancel":
            content = way_back(ticket, found)
        elif found and (confirmed := viisp.confirm(ticket, fields.get("person", ""), fields.get("provider", ""))):
            content = way_back(ticket, confirmed)
        else:
            self.reply(404, "text/html; charset=utf-8", PAGE.format(content="<p>Tokio bilieto nėra.</p>").encode())
            return
        self.reply(200, "text/html; charset=utf-8", PAGE.format(content=content).encode())

    def soap(self, viisp, query, body):
        try:
            name, element = messages.question(body, viisp.client)
            exchange = "ticket" if name == "authenticationRequest" else "data"
            fault = viisp.fault_of(exchange, query)
            viisp.note(name=name, pid=messages.texts(element, "pid"), action=self.headers["soapaction"], type=self.headers["content-type"], fault=fault)
            if exchange == "ticket":
                answer = messages.ticket_answer(viisp.give_ticket(element))
            else:
                answer = viisp.give_person(messages.texts(element, "ticket")[0], fault)
            self.send(messages.message(answer, viisp.key, fault), fault)
        except messages.Refused as refusal:
            viisp.note(refused=str(refusal), exception=refusal.exception)
            self.reply(500, "text/xml; charset=utf-8", messages.fault(str(refusal), refusal.exception))

    def send(self, message, fault):
        kind = "text/html" if fault == "html" else "text/xml; charset=utf-8"
        match fault:
            case "stall":
                time.sleep(8)
            case "status-500" | "status-503":
                self.reply(int(fault[-3:]), "text/html", b"<html>out of order</html>")
            case "redirect":
                self.reply(307, kind, b"", location="/service")
            case "cut" | "drip":
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(message)))
                self.end_headers()
                self.close_connection = True
                # Ten bytes each fifth of a second: no single wait is long.
                for place in range(0, len(message) // 2 if fault == "cut" else len(message), 10):
                    self.wfile.write(message[place : place + 10])
                    time.sleep(0.2 if fault == "drip" else 0)
            case _:
                self.reply(500 if fault in ("fault", "fault-with-code", "status-500-signed") else 200, kind, message)

    def reply(self, status, kind, body, **headers):
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), "cache-control": "no-store", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, viisp, context):
        super().__init__(("127.0.0.1", port), Handler)
        self.viisp, self.context = viisp, context

    def finish_request(self, request, address):
        # In the connection's own thread, so that a failed handshake stops nobody else.
        if self.context:
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, address)

    def handle_error(self, *_):
        """A client that went away is none of the server's troubles."""


def make_keys(folder):
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM

    def write(name, content):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)

    def private(key):
        return key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    for name in ("ours", "service"):
        key = rsa.generate_private_key(65537, 2048)
        write(f"{name}.key", private(key))
        write(f"{name}.pub", key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))

    def certificate(name, key, issuer, issuer_key, authority):
        now = datetime.now(timezone.utc)
        # Not for 127.0.0.1, so that a wrong name can be tried.
        names = [x509.DNSName("localhost")]
        builder = (
            x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False))
        return builder.sign(issuer_key, hashes.SHA256()).public_bytes(pem)

    authority, server = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    write("authority.crt", certificate("authority", authority, "authority", authority, True))
    write("tls.crt", certificate("tls", server, "authority", authority, False))
    write("tls.key", private(server))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make-keys", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--service-key", type=pathlib.Path)
    parser.add_argument("--client-key", type=pathlib.Path)
    parser.add_argument("--people", type=pathlib.Path, default=pathlib.Path(__file__).with_name("people.json"))
    parser.add_argument("--tls", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--until-stdin-ends", action="store_true")
    options = parser.parse_args()
    if options.make_keys:
        make_keys(options.make_keys)
        return
    if not (options.service_key and options.client_key):
        parser.error("--service-key and --client-key are needed")
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.tls / "tls.crt", options.tls / "tls.key")
    viisp = Viisp(messages.private_key(options.service_key), messages.public_numbers(options.client_key), people.load(options.people))
    server = Server(options.port, viisp, context)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening", server.server_address[1], flush=True)
    if options.until_stdin_ends:
        sys.stdin.read()
        os._exit(0)
    threading.Event().wait()


if __name__ == "__main__":
    main()
