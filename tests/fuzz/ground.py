"""What the fuzz targets start from, made with the peers of the tests once: signed containers, their parts, signed messages.

    ground.py FOLDER PYTHON_OF_CONTAINERS PYTHON_OF_MESSAGES

FOLDER/containers is what tests/peers/container/make.py makes; the others are seeds, a folder for each target.
"""

import base64
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

TESTS = pathlib.Path(__file__).resolve().parent.parent


def main(folder, containers, messages):
    if folder.exists():
        return
    # Whole or not at all: only when everything is there it gets its name.
    making = folder.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)
    for name in ("containers", "container", "signature", "manifest", "certificate", "message", "form", "attachment"):
        (making / name).mkdir(parents=True)
    subprocess.run([containers, TESTS / "peers/container/make.py", making / "containers"], check=True)
    for path in sorted((making / "containers").glob("*.asice")):
        shutil.copy(path, making / "container" / path.name)
        with zipfile.ZipFile(path) as archive:
            for entry in archive.namelist():
                if "signatures" in entry:
                    signatures = archive.read(entry)
                    (making / "signature" / path.stem).write_bytes(signatures)
                    for number, certificate in enumerate(re.findall(rb"X509Certificate>([^<]+)<", signatures)):
                        (making / "certificate" / f"{path.stem}-{number}").write_bytes(base64.b64decode(certificate))
                elif entry.endswith("manifest.xml"):
                    (making / "manifest" / path.stem).write_bytes(archive.read(entry))
    for path in (making / "containers").glob("*.pem"):
        body = "".join(path.read_text().split("-----")[2].split())
        (making / "certificate" / path.stem).write_bytes(base64.b64decode(body))
    for name in ("good-p256", "good-streamed"):
        shutil.copy(making / "containers" / f"{name}.asice", making / "attachment" / name)
    # One field more than a form may have.
    (making / "form" / "many").write_bytes(b"application/x-www-form-urlencoded\n" + b"&a" * 40_001)
    subprocess.run([messages, TESTS / "fuzz/messages.py", making / "message"], check=True)
    making.rename(folder)


main(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3])
