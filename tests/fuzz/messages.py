"""Writes VIISP's answers, honest and faulty ones, into a folder: what tests/peers/viisp signs (signxml), about invented people.

    messages.py FOLDER
"""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "peers/viisp"))
sys.dont_write_bytecode = True

import messages  # noqa: E402
import people  # noqa: E402

# Larger than any message may be, which is seen before it is read.
LARGE = {"huge"}


def main(folder):
    key = messages.private_key(TESTS.parent / "connectors/xmlsignature/tests/keys/service.key")
    asked = {
        "provider": "auth.lt.bank", "attributes": ["lt-personal-code", "lt-company-code", "eidas-eid"],
        "information": ["firstName", "lastName", "companyName"], "custom_data": "correlation-0123",
    }
    for number, person in enumerate(people.INVENTED):
        answer = messages.person_answer(person, asked)
        (folder / f"good-{number}.xml").write_bytes(messages.message(answer, key, ""))
    for fault in sorted(messages.BROKEN.keys() - LARGE):
        answer = messages.person_answer(people.INVENTED[0], asked)
        (folder / f"{fault}.xml").write_bytes(messages.message(answer, key, fault))


main(pathlib.Path(sys.argv[1]))
