"""Fills the models of manifest.csv beside this file with JAR as a folder of extracts has it, or changes what is there.

    load.py load EXTRACTS    legal forms, statuses and entities; rows that no such model can hold are left out and counted
    load.py rename CODE NAME    gives an entity another name

Finds the server as tests/peers/spinta.sh says: SPINTA_ADDRESS, SPINTA_CLIENT, SPINTA_SECRET_FILE. No package is needed.
"""

import base64
import csv
import datetime
import json
import os
import pathlib
import sys
import urllib.parse
import urllib.request

ADDRESS = os.environ["SPINTA_ADDRESS"]
FORM = "datasets/gov/rc/jar/formos_statusai/Forma"
STATUS = "datasets/gov/rc/jar/formos_statusai/Statusas"
ENTITY = "datasets/gov/rc/jar/iregistruoti/JuridinisAsmuo"
SCOPE = "uapi:/:getone uapi:/:create uapi:/:patch uapi:/:set_meta_fields"
# Objects in one request.
AT_ONCE = 2000


def call(target, body=None, **headers):
    request = urllib.request.Request(f"{ADDRESS}{target}", body, {name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def token():
    secret = pathlib.Path(os.environ["SPINTA_SECRET_FILE"]).read_text()
    credentials = base64.b64encode(f"{os.environ['SPINTA_CLIENT']}:{secret}".encode()).decode()
    body = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": SCOPE}).encode()
    return call("/auth/token", body, authorization=f"Basic {credentials}")["access_token"]


def write(objects):
    objects, bearer = list(objects), f"Bearer {token()}"
    for first in range(0, len(objects), AT_ONCE):
        body = "".join(json.dumps(object) + "\n" for object in objects[first : first + AT_ONCE]).encode()
        answer = call("/", body, authorization=bearer, content_type="application/x-ndjson")
        assert answer["_status"] == "ok", answer


def id_of(model, code):
    """The same code has the same id each time."""
    return f"{[FORM, STATUS, ENTITY].index(model) + 1}0000000-1111-4111-8111-{code:012}"


def rows(path):
    """Rows of an extract with as many cells as headings, by key: the first of several with the same key."""
    headings, *rest = csv.reader(path.read_text("utf-8-sig", "surrogateescape").splitlines(), delimiter="|")
    found = {}
    for row in rest:
        if len(row) == len(headings) and not any("\udc80" <= letter <= "\udcff" for cell in row for letter in cell):
            found.setdefault(row[0], dict(zip(map(str.lower, headings), row)))
    return found.values(), len(rest)


def date(text):
    """The text, if a date it is; an error otherwise."""
    return datetime.date.fromisoformat(text).isoformat() if text else None


def classifier(model, path, code, title):
    some, _ = rows(path)
    write(
        {"_op": "insert", "_type": model, "_id": id_of(model, int(row[code])), "kodas": int(row[code]), "pavadinimas": row[title] or None}
        for row in some
    )


def entity(row):
    return {
        "_op": "insert",
        "_type": ENTITY,
        "_id": id_of(ENTITY, int(row["ja_kodas"])),
        "ja_kodas": int(row["ja_kodas"]),
        "ja_pavadinimas": row["ja_pavadinimas"] or None,
        "pilnas_adresas": row["adresas"] or None,
        "reg_data": date(row["ja_reg_data"]),
        "forma": {"_id": id_of(FORM, int(row["form_kodas"]))},
        "statusas": {"_id": id_of(STATUS, int(row["stat_kodas"]))},
        "stat_data": date(row["stat_data_nuo"]),
    }


def prepare(extracts):
    """Loads forms and statuses; gives the entities that the model can hold, and how many rows were read."""
    classifier(FORM, extracts / "JAR_TEI_FORM_KLASIFIKATORIUS.csv", "form_kodas", "form_pavadinimas")
    classifier(STATUS, extracts / "JAR_TEI_STATUSU_KLASIFIKATORIUS.csv", "stat_kodas", "stat_pavadinimas")
    some, read = rows(extracts / "JAR_IREGISTRUOTI.csv")
    entities = []
    for row in some:
        try:
            entities.append(entity(row))
        except ValueError:
            pass
    return entities, read


def load(extracts):
    entities, read = prepare(extracts)
    write(entities)
    print(f"{len(entities)} of {read} entities loaded")


def rename(code, name):
    at = f"/{ENTITY}/{id_of(ENTITY, int(code))}"
    now = call(at, authorization=f"Bearer {token()}")
    write([{"_op": "patch", "_type": ENTITY, "_where": f"_id='{now['_id']}'", "_revision": now["_revision"], "ja_pavadinimas": name}])


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    load(pathlib.Path(rest[0])) if command == "load" else rename(*rest)
