"""Reads letters with Python's own `email` and prints what it understood: a JSON object a line, in the order of the files given.

    python3 tests/peers/mail/read.py /tmp/letters/*.eml
"""

import email
import email.policy
import email.utils
import json
import pathlib
import sys

# The limit of the policy only matters to writing.
POLICY = email.policy.SMTP

for path in sys.argv[1:]:
    raw = pathlib.Path(path).read_bytes()
    message = email.message_from_bytes(raw, policy=POLICY)
    sender, recipient = message["from"].addresses, message["to"].addresses
    about = {
        "headers": message.keys(),
        "from": [[address.display_name, address.addr_spec] for address in sender],
        "to": [[address.display_name, address.addr_spec] for address in recipient],
        "subject": str(message["subject"]),
        "id": message["message-id"],
        "written": int(message["date"].datetime.timestamp()),
        "automatic": message["auto-submitted"],
        "type": message.get_content_type(),
        "charset": message.get_content_charset(),
        "encoding": message["content-transfer-encoding"],
        "text": message.get_content(),
        "longest_line": max(len(line) for line in raw.split(b"\r\n")),
        "bare_ends": len(raw.replace(b"\r\n", b"").translate(None, bytes(set(range(256)) - {10, 13}))),
        "ascii": raw.isascii(),
        "defects": [type(defect).__name__ for defect in message.defects]
        + [f"{name}: {type(defect).__name__}" for name, value in message.items() for defect in value.defects],
    }
    print(json.dumps(about))
