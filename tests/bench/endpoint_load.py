"""Load for tests/bench/endpoint.sh: people, drafts, and submissions up to the signature.

    endpoint_load.py sessions --people N       puts N people with mandates and sessions into the store; prints a cookie a line
    endpoint_load.py draft --cookie COOKIE     begins a draft; prints its number
    endpoint_load.py submissions --cookies FILE --seconds S --clients N
                                               enters, saves, checks, forms and reviews; counts what the store then has

Each with --store FILE and --port N. `submissions` runs in two processes, each of which leads half of the clients, so that the load costs
as little as Python lets it.
"""

import argparse
import base64
import datetime
import hashlib
import multiprocessing
import os
import re
import selectors
import socket
import sqlite3
import time
import urllib.parse

FUNDS = {"lesos.0.sutarties_rusis": "dotacija", "lesos.0.suma": "10,50", "lesos.0.data": "2026-02-02"}
PROCESSES = 2
# One organisation's drafts; the endpoint allows fifty.
DRAFTS = 40


def token():
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def csrf_of(cookie):
    """The token of a session's forms: one that the load can tell from the cookie, and nobody else can guess."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"csrf " + cookie.encode()).digest()).rstrip(b"=").decode()


def sessions(chosen):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with sqlite3.connect(chosen.store, timeout=30) as store:
        for number in range(chosen.people):
            cookie, organisation = f"__Host-virsis={token()}", f"{100000000 + number}"
            cursor = store.execute(
                "INSERT INTO account (person, given_names, family_names, created) VALUES (?, 'Ona', 'Išgalvotoji', ?)", (f"p{number}", now)
            )
            store.execute(
                "INSERT INTO mandate (person, role, organisation_code, organisation_name, valid_from) VALUES (?, 'istaiga', ?, 'Įstaiga', '2020-01-01')",
                (f"p{number}", organisation),
            )
            store.execute(
                "INSERT INTO session (token, account, csrf, role, organisation_code, organisation_name, created, seen)"
                " VALUES (?, ?, ?, 'istaiga', ?, 'Įstaiga', ?, ?)",
                (hashlib.sha256(cookie.split("=", 1)[1].encode()).digest(), cursor.lastrowid, csrf_of(cookie), organisation, now, now),
            )
            print(cookie)


def exchange(connection, chosen, method, path, cookie, fields=None):
    """A generator: yields while it waits for the endpoint, returns status, location, body."""
    body = urllib.parse.urlencode(fields or {}).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{chosen.port}\r\nCookie: {cookie}\r\n"
    if method == "POST":
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    connection.sendall(head.encode() + b"\r\n" + body)
    answer = b""
    while b"\r\n\r\n" not in answer:
        yield
        answer += connection.recv(1 << 16)
    head, _, body = answer.partition(b"\r\n\r\n")
    head = head.decode()
    length = int(re.search(r"(?i)content-length: (\d+)", head)[1])
    while len(body) < length:
        yield
        body += connection.recv(1 << 16)
    location = re.search(r"(?i)\r\nlocation: (\S+)", head)
    return int(head.split(" ")[1]), location and location[1], body


def run(steps):
    """Leads a generator to its end, alone."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value


def virs(chosen, cookie):
    connection = socket.create_connection(("127.0.0.1", chosen.port))
    _, _, body = run(exchange(connection, chosen, "GET", "/teikti/lesos?ieskoti=a", cookie))
    found = re.search(rb'name="virs" value="(\d+)"', body)
    csrf = re.search(rb'name="_csrf" value="([^"]+)"', body)[1].decode()
    return found[1].decode(), csrf


def draft(chosen):
    code, csrf = virs(chosen, chosen.cookie)
    connection = socket.create_connection(("127.0.0.1", chosen.port))
    status, location, _ = run(exchange(connection, chosen, "POST", "/teikti/lesos", chosen.cookie, {"_csrf": csrf, "virs": code}))
    assert status == 303, status
    print(location.rsplit("/", 1)[1])


def client(connection, chosen, cookies, code, until, done):
    """Somebody who enters one submission after another, four requests each; versions grow by one for saving, and by three for saving, checking and forming the document."""
    begun = 0
    while time.monotonic() < until:
        # An organisation has only so many drafts open: then it is the next one's turn.
        cookie = cookies[begun // DRAFTS % len(cookies)]
        csrf = csrf_of(cookie)
        begun += 1
        status, location, body = yield from exchange(connection, chosen, "POST", "/teikti/lesos", cookie, {"_csrf": csrf, "virs": code})
        assert status == 303, body
        fields = {"_csrf": csrf, "_versija": "0", "veiksmas": "saugoti"} | FUNDS
        status, _, body = yield from exchange(connection, chosen, "POST", location, cookie, fields)
        assert status == 200, body
        fields |= {"_versija": "1", "veiksmas": "tikrinti"}
        status, _, body = yield from exchange(connection, chosen, "POST", location, cookie, fields)
        assert status == 303, body
        status, _, body = yield from exchange(connection, chosen, "POST", location + "/perziureta", cookie, {"_csrf": csrf, "_versija": "4"})
        assert status == 303, body
        done.append(location)


def lead(chosen, cookies, code, results):
    done, selector, until = [], selectors.DefaultSelector(), time.monotonic() + chosen.seconds
    for own in cookies:
        connection = socket.create_connection(("127.0.0.1", chosen.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        steps = client(connection, chosen, own, code, until, done)
        next(steps)
        selector.register(connection, selectors.EVENT_READ, steps)
    while selector.get_map():
        for key, _ in selector.select():
            if next(key.data, "end") == "end":
                selector.unregister(key.fileobj)
    results.put(len(done))


def led(*arguments):
    try:
        lead(*arguments)
    except BaseException as error:
        arguments[-1].put(error)


def submissions(chosen):
    cookies = open(chosen.cookies).read().split()
    code, _ = virs(chosen, cookies[0])
    ready = "SELECT count(*) FROM submission WHERE state = 'reviewed' AND document IS NOT NULL"
    store = sqlite3.connect(chosen.store, timeout=30)
    (before,) = store.execute(ready).fetchone()
    results, began = multiprocessing.Queue(), time.monotonic()
    leading = [
        multiprocessing.Process(target=led, args=(chosen, [cookies[own :: chosen.clients] for own in range(place, chosen.clients, PROCESSES)], code, results))
        for place in range(PROCESSES)
    ]
    for one in leading:
        one.start()
    counts = [results.get() for _ in leading]
    took = time.monotonic() - began
    for one in leading:
        one.join()
    for count in counts:
        if isinstance(count, BaseException):
            raise count
    told = sum(counts)
    (after,) = store.execute(ready).fetchone()
    print(f"{'submissions up to the signature, four requests each':52} {told / took:5.0f} /s; {told} told, {after - before} in the store")
    assert told == after - before, "something was lost"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["sessions", "draft", "submissions"])
    parser.add_argument("--store", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--people", type=int)
    parser.add_argument("--cookie")
    parser.add_argument("--cookies")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--clients", type=int)
    chosen = parser.parse_args()
    {"sessions": sessions, "draft": draft, "submissions": submissions}[chosen.what](chosen)
