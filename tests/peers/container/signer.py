"""Somebody with a qualified signature: signs documents with pyasice as they come, today, as whichever person is asked for.

    signer.py FOLDER    writes root.pem (the authority to trust), prints "ready", then reads JSON lines
                        {"code": personal code, "document": file to sign, "out": container to write}, or
                        {"code": personal code, "documents": files to sign together, "out": container to write}
                        and answers each with a line "done", until input ends
"""

import json
import pathlib
import sys
from datetime import datetime, timezone

import make
from cryptography.hazmat.primitives.asymmetric import ec

make.FORMED = datetime.now(timezone.utc)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    root = make.authority("Root", make.RSA)
    people = {}
    (folder / "root.pem").write_bytes(make.pem(root[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        wish = json.loads(line)
        code = wish["code"]
        if code not in people:
            people[code] = make.person(f"PNOLT-{code}", ec.generate_private_key(ec.SECP256R1()), root)
        # The container calls the first one document.pdf, the others as their files are called.
        first, *others = [pathlib.Path(path) for path in wish.get("documents") or [wish["document"]]]
        others = [(path.name, path.read_bytes()) for path in others]
        container = make.signed(signer=people[code], document=first.read_bytes(), others=others, when=datetime.now(timezone.utc))
        pathlib.Path(wish["out"]).write_bytes(container)
        print("done", flush=True)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
