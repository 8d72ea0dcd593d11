"""A real mail server (aiosmtpd) on 127.0.0.1 that keeps what it accepts as files and misbehaves where it is told to.

    "$(tests/peers/mail/python.sh)" tests/peers/mail/server.py --port 2525 --folder /tmp/letters

It prints `port 2525` when it listens (`--port 0` takes a free one) and runs until it is killed. An accepted letter is `0001.eml`, as it
came, and `0001.json` with its envelope: `from`, `to`, `hello`, `tls`, `user`. Addresses of the options may be given several times.
"""

import argparse
import asyncio
import json
import os
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="made if there is none")
    parser.add_argument("--fail-first", type=int, default=0, metavar="N", help="the first N recipients are told 450, as greylisting does")
    parser.add_argument("--reject", action="append", default=[], metavar="ADDRESS", help="this recipient is told 550")
    parser.add_argument("--refuse", action="append", default=[], metavar="ADDRESS", help="letters to this one are told 554 once read")
    parser.add_argument("--stall", action="append", default=[], metavar="ADDRESS", help="this recipient is never answered")
    parser.add_argument("--close", action="append", default=[], metavar="ADDRESS", help="letters to this one are kept, not confirmed")
    parser.add_argument("--starttls", action="store_true", help="STARTTLS is offered and needed")
    parser.add_argument("--tls", action="store_true", help="TLS from the first byte")
    parser.add_argument("--certificate", type=pathlib.Path, help="PEM")
    parser.add_argument("--key", type=pathlib.Path, help="PEM")
    parser.add_argument("--user", help="a login is needed")
    parser.add_argument("--password-file", type=pathlib.Path)
    parser.add_argument("--until-input-ends", action="store_true", help="end when the standard input does")
    chosen = parser.parse_args()
    if (chosen.starttls or chosen.tls) and not (chosen.certificate and chosen.key):
        parser.error("--starttls and --tls need --certificate and --key")
    if (chosen.user is None) != (chosen.password_file is None):
        parser.error("--user and --password-file go together")
    return chosen


class Handler:
    def __init__(self, chosen):
        self.chosen, self.failures, self.kept = chosen, chosen.fail_first, len(list(chosen.folder.glob("*.eml")))

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.chosen.stall:
            await asyncio.Event().wait()
        if address in self.chosen.reject:
            return f"550 5.1.1 <{address}>: no such user here"
        if self.failures > 0:
            self.failures -= 1
            return f"450 4.2.0 <{address}>: greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        if any(address in self.chosen.refuse for address in envelope.rcpt_tos):
            return "554 5.7.1 " + envelope.content.decode(errors="replace").splitlines()[-1][:200]
        self.keep(session, envelope)
        if any(address in self.chosen.close for address in envelope.rcpt_tos):
            server.transport.abort()
        return "250 2.0.0 kept"

    def keep(self, session, envelope):
        self.kept += 1
        about = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "hello": session.host_name,
            "tls": self.chosen.tls or session.ssl is not None,
            "user": session.auth_data.decode() if session.authenticated else None,
        }
        self.write(f"{self.kept:04}.json", json.dumps(about).encode())
        # The letter last: who waits for it finds its envelope, too.
        self.write(f"{self.kept:04}.eml", envelope.original_content)

    def write(self, name, content):
        partial = self.chosen.folder / f".{name}.partial"
        partial.write_bytes(content)
        partial.rename(self.chosen.folder / name)


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        right = data.login == user.encode() and data.password == password
        return AuthResult(success=right, handled=False, auth_data=data.login)

    return check


async def serve(chosen):
    chosen.folder.mkdir(parents=True, exist_ok=True)
    handler = Handler(chosen)
    context = None
    if chosen.starttls or chosen.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chosen.certificate, chosen.key)
    settings = {"hostname": "localhost", "auth_require_tls": chosen.starttls}
    if chosen.starttls:
        settings |= {"tls_context": context, "require_starttls": True}
    if chosen.user is not None:
        password = chosen.password_file.read_bytes().rstrip(b"\r\n")
        settings |= {"auth_required": True, "authenticator": authenticator(chosen.user, password)}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, loop=loop, **settings), "127.0.0.1", chosen.port, ssl=context if chosen.tls else None
    )
    print("port", server.sockets[0].getsockname()[1], flush=True)
    if chosen.until_input_ends:
        await loop.run_in_executor(None, sys.stdin.read)
        # Stalled conversations would be waited for.
        os._exit(0)
    await server.serve_forever()


if __name__ == "__main__":
    # Connections that end early are what this server is for.
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        asyncio.run(serve(options()))
    except KeyboardInterrupt:
        pass
