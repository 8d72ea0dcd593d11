"""What is in the program: the crates of Cargo.lock that it is linked of, and the pieces of bundled.toml.

    inventory.py METADATA VERSION SECONDS OUT

METADATA is what `cargo metadata --locked` prints, SECONDS the time of the release since 1970. Writes OUT/virsis.cdx.json, a bill of materials
(CycloneDX 1.6, checked against its schema), and OUT/licences.txt, everybody's licences with their texts.
"""

import json
import re
import sys
import tomllib
from datetime import datetime, timezone
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

HERE = Path(__file__).parent
ROOT = HERE.parent
FONTS = ROOT / "data/fonts"
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|unlicense|copyright)", re.IGNORECASE)
SOURCES = {".rs", ".c", ".cc", ".cpp", ".h", ".hpp", ".py"}
# Folders of crates from which nothing gets into the program.
NOT_COMPILED = {"tests", "examples", "contrib", "programs", "sqlcipher", "benches"}


def linked(metadata: dict) -> list[dict]:
    """The packages that the program is linked of, itself first; without what only tests and building need."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    found, next_ones = {}, [next(package["id"] for package in packages.values() if package["name"] == "pipelines")]
    while next_ones:
        name = next_ones.pop()
        if name not in found:
            needs = [need["pkg"] for need in nodes[name]["deps"] if any(kind["kind"] is None for kind in need["dep_kinds"])]
            found[name] = packages[name] | {"needs": needs}
            next_ones += needs
    return list(found.values())


def spdx(licence: str) -> str:
    """Older crates write a slash for OR."""
    return re.sub(r"\s*/\s*", " OR ", licence)


def bill_of_materials(version: str, seconds: int, packages: list[dict], pieces: list[dict]) -> str:
    """One component for each crate and piece, and which crate needs which."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    hashes = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}
    licences = LicenseFactory()

    def of_package(package: dict) -> Component:
        checksum = hashes[package["name"], package["version"]]
        return Component(
            type=ComponentType.LIBRARY,
            name=package["name"],
            version=package["version"],
            bom_ref=f"{package['name']}@{package['version']}",
            purl=PackageURL("cargo", name=package["name"], version=package["version"]) if package["source"] else None,
            licenses=[licences.make_from_string(spdx(package["license"]))],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum)] if checksum else [],
        )

    components = {package["id"]: of_package(package) for package in packages}
    program = Component(
        type=ComponentType.APPLICATION, name="virsis", version=version, bom_ref="virsis", licenses=[licences.make_from_string("EUPL-1.2")]
    )
    bundled = [
        Component(
            type=ComponentType.LIBRARY,
            name=piece["name"],
            bom_ref=f"bundled/{piece['name']}",
            licenses=[licences.make_from_string(piece["licence"])],
            description=piece.get("inside"),
        )
        for piece in pieces
    ]
    bom = Bom(components=[*components.values(), *bundled], serial_number=uuid5(NAMESPACE_URL, json.dumps([version, sorted(map(str, hashes.items()))])))
    bom.metadata.timestamp = datetime.fromtimestamp(seconds, timezone.utc)
    bom.metadata.component = program
    bom.register_dependency(program, [components[packages[0]["id"]], *bundled])
    for package in packages:
        bom.register_dependency(components[package["id"]], [components[need] for need in package["needs"]])
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"the bill of materials does not follow CycloneDX 1.6: {wrong}")
    return text


def is_licence(path: Path) -> bool:
    """Whether a file of a crate is a licence of something that is compiled into the program, a part that the crate took from others included."""
    return bool(LICENCE_FILE.match(path.name)) and path.suffix not in SOURCES and not NOT_COMPILED & set(path.parts)


def licence_texts(packages: list[dict], pieces: list[dict]) -> str:
    """The licences with their texts, equal texts once; where a crate has no file of its own, the standard text of its licence."""
    users: dict[str, set[str]] = {}
    lines = []
    fonts = {"OFL-1.1": FONTS / "OFL.txt", "CC0-1.0": FONTS / "CC0.txt"}
    files = {path.stem: path for path in (HERE / "licences").iterdir()} | fonts
    standard = {name: path.read_text().strip() for name, path in files.items()}

    def by_name(who: str, licence: str) -> None:
        for name in re.findall(r"[A-Za-z0-9.-]+", licence):
            if name in standard:
                users.setdefault(standard[name], set()).add(who)
            elif name not in ("OR", "AND", "WITH"):
                sys.exit(f"{who}: there is no text of {name}; put it into packaging/licences")

    for package in sorted((package for package in packages if package["source"]), key=lambda package: (package["name"], package["version"])):
        who, licence = f"{package['name']} {package['version']}", spdx(package["license"])
        lines.append(f"{who}: {licence}" + "".join(f"; {author}" for author in package["authors"]))
        folder = Path(package["manifest_path"]).parent
        files = [path for path in sorted(folder.rglob("*")) if is_licence(path.relative_to(folder)) and path.is_file()]
        for path in files:
            users.setdefault(path.read_text(errors="replace").strip(), set()).add(who)
        if not any(path.parent == folder for path in files):
            by_name(who, licence)
    for piece in pieces:
        lines.append(f"{piece['name']}: {piece['licence']}; {piece['owner']}" + (f"; in: {piece['inside']}" if "inside" in piece else ""))
        by_name(piece["name"], piece["licence"])
    texts = [f"{'=' * 78}\n{', '.join(sorted(who))}\n{'-' * 78}\n{text}\n" for text, who in sorted(users.items(), key=lambda item: sorted(item[1]))]
    return "VIRSIS Open is under EUPL-1.2. It has in it:\n\n" + "\n".join(lines) + "\n\n" + "\n".join(texts)


def main() -> None:
    metadata, version, seconds, out = sys.argv[1:]
    packages = linked(json.loads(Path(metadata).read_text()))
    pieces = tomllib.loads((HERE / "bundled.toml").read_text())["piece"]
    (Path(out) / "virsis.cdx.json").write_text(bill_of_materials(version, int(seconds), packages, pieces))
    (Path(out) / "licences.txt").write_text(licence_texts(packages, pieces))


main()
