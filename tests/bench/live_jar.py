"""JAR's entities in a real Spinta, for tests/bench/live.sh.

    live_jar.py load EXTRACTS    all of them: one in the ordinary way, the others past the server into its table, which takes seconds
    live_jar.py rename NUMBER    another name for one in a hundred, in the ordinary way; each NUMBER is another hundredth
"""

import pathlib
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).parents[1] / "peers" / "spinta"))
from load import ENTITY, prepare, write  # noqa: E402

TABLE = '"datasets/gov/rc/jar/iregistruoti"."JuridinisAsmuo"'
COLUMNS = '_txn, _created, _id, _revision, ja_kodas, ja_pavadinimas, pilnas_adresas, reg_data, "forma._id", "statusas._id", stat_data'


def psql(command, text=""):
    asked = ["psql", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", command]
    return subprocess.run(asked, input=text, text=True, capture_output=True, check=True).stdout


def cell(value):
    return "\\N" if value is None else str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def load(extracts):
    entities, read = prepare(extracts)
    first, *others = entities
    write([first])
    transaction, created = psql(f"select _txn, _created from {TABLE} limit 1").strip().split("|")
    lines = (
        [transaction, created, it["_id"], it["_id"], it["ja_kodas"], it["ja_pavadinimas"], it["pilnas_adresas"], it["reg_data"]]
        + [it["forma"]["_id"], it["statusas"]["_id"], it["stat_data"]]
        for it in others
    )
    psql(f"copy {TABLE} ({COLUMNS}) from stdin", "".join("\t".join(map(cell, line)) + "\n" for line in lines))
    psql(f"analyze {TABLE}")
    print(f"{len(entities)} of {read} entities loaded")


def rename(number):
    chosen = psql(f"select _id, _revision, ja_pavadinimas from {TABLE} where ja_kodas / 10 % 100 = {number}")
    fields = [line.split("|", 2) for line in chosen.splitlines()]
    write(
        {"_op": "patch", "_type": ENTITY, "_where": f"_id='{id}'", "_revision": revision, "ja_pavadinimas": f"{name} {number}"}
        for id, revision, name in fields
    )
    print(f"{len(fields)} entities renamed")


if __name__ == "__main__":
    command, argument = sys.argv[1:]
    load(pathlib.Path(argument)) if command == "load" else rename(int(argument))
