"""Containers that no signing program makes: bombs, and wrecks of a good one.

    python3 tests/peers/container/bombs.py GOOD.asice FOLDER
"""

import io
import pathlib
import sys
import zipfile

MIB = 1 << 20
LAUGHS = '<!DOCTYPE a [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"


def main(good, folder):
    folder.mkdir()
    with zipfile.ZipFile(good) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    signature = next(entry.filename for entry, _ in entries if "signatures" in entry.filename)
    manifest = next((entry.filename for entry, _ in entries if entry.filename.endswith("manifest.xml")), None)
    document = next(entry.filename for entry, _ in entries if not entry.filename.startswith("META-INF") and entry.filename != "mimetype")

    def write(name, changed=None, added=()):
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as archive:
            for entry, content in entries:
                change = (changed or {}).get(entry.filename)
                kind = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
                archive.writestr(entry.filename, content if change is None else change(content), kind)
            for title, content in added:
                archive.writestr(title, content, zipfile.ZIP_DEFLATED)
        (folder / name).write_bytes(kept.getvalue())

    # Four gigabytes, in four megabytes, would be read in full by whoever trusts the archive.
    write("zip-bomb-document", {document: lambda _: b"\0" * (1024 * MIB)})
    write("zip-bomb-signature", {signature: lambda _: b"<a>" + b" " * (1024 * MIB) + b"</a>"})
    write("many-entries", added=[(f"META-INF/{number}.xml", b"<a/>") for number in range(20_000)])

    def laughing(content):
        text = content.decode()
        start = text.index("?>") + 2 if text.startswith("<?xml") else 0
        body = text[start:]
        at = body.index(">") + 1
        return (text[:start] + LAUGHS + body[:at] + "&a11;" + body[at:]).encode()

    def leaking(content):
        text = content.decode()
        start = text.index("?>") + 2 if text.startswith("<?xml") else 0
        body = text[start:]
        at = body.index(">") + 1
        outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        return (text[:start] + outside + body[:at] + "&x;" + body[at:]).encode()

    write("xml-bomb", {signature: laughing})
    write("xml-outside", {signature: leaking})
    write("xml-deep", {signature: lambda _: b"<a>" * 400_000})
    if manifest is not None:
        write("xml-bomb-manifest", {manifest: laughing})
    write("name-outside", added=[("../../outside", b"x")])
    write("no-signature", {signature: lambda _: b""})


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
