"""What others' programs say of the descriptions of a tier: rdflib, pySHACL and mlcroissant.

    validate.py [--files] FOLDER...

Each FOLDER is a tier's folder with dcat.ttl, dcat.jsonld, dcat-ap-2.1.1.ttl and croissant.json. With --files, every file that the descriptions name
must lie in it, with the size and checksum that they say. Prints what is wrong, each with the file and the rule; exit code 1 if anything is.
"""

import hashlib
import json
import sys
from pathlib import Path

import mlcroissant
import pyshacl
from rdflib import BNode, Graph, Namespace, URIRef
from rdflib.compare import graph_diff, isomorphic, to_isomorphic
from rdflib.namespace import DCTERMS, FOAF, RDF

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SHAPES = Path(__file__).parent / "shapes"

# Which shapes judge which file.
PROFILES = [
    ("DCAT-AP-LT 2.0", "dcat.ttl", ["dcat-ap-lt-2.0-shapes.ttl"]),
    ("DCAT-AP 3.0.0", "dcat.ttl", ["dcat-ap-3.0.0-shapes.ttl"]),
    ("DCAT-AP 3.0.0, ranges", "dcat.ttl", ["dcat-ap-3.0.0-range.ttl"]),
    ("DCAT-AP 2.1.1", "dcat-ap-2.1.1.ttl", ["dcat-ap-2.1.1-shapes.ttl"]),
]
# Shapes say nothing of a graph that has nothing of their classes.
LOOKED_AT = [DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, FOAF.Agent]


def same_graph(folder, turtle, json_ld):
    if isomorphic(turtle, json_ld):
        return
    _, only_turtle, only_json_ld = graph_diff(to_isomorphic(turtle), to_isomorphic(json_ld))
    for name, only in [("dcat.ttl", only_turtle), ("dcat.jsonld", only_json_ld)]:
        for triple in sorted(only)[:10]:
            yield f"{folder}/{name}: the other format lacks {triple}"


def without_checksums(folder, whole, smaller):
    """The file for 2.1.1 is the graph without checksums, and nothing else."""
    for triple in sorted(smaller - whole)[:10]:
        yield f"{folder}/dcat-ap-2.1.1.ttl: dcat.ttl lacks {triple}"
    checksums = set(whole.subjects(RDF.type, SPDX.Checksum))
    for subject, predicate, other in sorted(whole - smaller):
        if subject not in checksums and predicate != SPDX.checksum:
            yield f"{folder}/dcat-ap-2.1.1.ttl: lacks {(subject, predicate, other)}"


def whole_graph(folder, name, graph):
    """Something of every kind is there, all that the file names of its own is described, nothing is anonymous."""
    for kind in LOOKED_AT:
        if not any(graph.subjects(RDF.type, kind)):
            yield f"{folder}/{name}: has no {kind}"
    for term in {term for triple in graph for term in triple}:
        if isinstance(term, BNode):
            yield f"{folder}/{name}: has a blank node"
        elif isinstance(term, URIRef) and "dcat.ttl#" in term and (term, None, None) not in graph:
            yield f"{folder}/{name}: names {term} and does not say what it is"


def shapes(folder, graphs):
    for profile, name, files in PROFILES:
        rules = Graph()
        for file in files:
            rules.parse(SHAPES / file)
        conforms, report, _ = pyshacl.validate(graphs[name], shacl_graph=rules, advanced=False, inplace=False)
        if conforms:
            continue
        told = (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
        results = [[report.value(result, what) for what in told] for result in report.subjects(RDF.type, SH.ValidationResult)]
        for line in sorted(" | ".join(str(one) for one in result if one is not None) for result in results):
            yield f"{folder}/{name}: {profile}: {line}"


def described_files(folder, graph):
    """Every distribution's file lies where its access address says, and is what the description says."""
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    base = str(catalogue).rsplit("/", 1)[0] + "/"
    for one in sorted(graph.subjects(RDF.type, DCAT.Distribution)):
        address = str(graph.value(one, DCAT.accessURL))
        path = folder / address.removeprefix(base)
        if not address.startswith(base) or not path.is_file():
            yield f"{folder}/dcat.ttl: there is no file behind {address}"
            continue
        data = path.read_bytes()
        if int(graph.value(one, DCAT.byteSize)) != len(data):
            yield f"{folder}/dcat.ttl: {path} has another size"
        said = graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)
        if hashlib.sha256(data).digest() != said.toPython():
            yield f"{folder}/dcat.ttl: {path} has another checksum"
    for other in sorted({*graph.objects(None, DCAT.landingPage), *graph.objects(None, DCTERMS.conformsTo)}):
        path = folder / (str(other).removeprefix(base) or "index.html")
        if not path.is_file():
            yield f"{folder}/dcat.ttl: there is nothing behind {other}"
    for file in json.loads((folder / "croissant.json").read_text())["distribution"]:
        path = folder / file["@id"]
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            yield f"{folder}/croissant.json: {path} is missing or another"


def croissant(folder):
    path = folder / "croissant.json"
    try:
        dataset = mlcroissant.Dataset(jsonld=path)
    except (mlcroissant.ValidationError, ValueError) as error:
        yield f"{path}: {error}"
        return
    for issue in sorted(dataset.metadata.ctx.issues.warnings):
        yield f"{path}: {issue}"
    if not dataset.metadata.record_sets or not dataset.metadata.file_objects:
        yield f"{path}: has no record sets or no files"


def problems(folder, with_files):
    graphs = {name: Graph().parse(folder / name) for name in ("dcat.ttl", "dcat.jsonld", "dcat-ap-2.1.1.ttl")}
    yield from same_graph(folder, graphs["dcat.ttl"], graphs["dcat.jsonld"])
    yield from without_checksums(folder, graphs["dcat.ttl"], graphs["dcat-ap-2.1.1.ttl"])
    for name in ("dcat.ttl", "dcat-ap-2.1.1.ttl"):
        yield from whole_graph(folder, name, graphs[name])
    yield from shapes(folder, graphs)
    yield from croissant(folder)
    if with_files:
        yield from described_files(folder, graphs["dcat.ttl"])


def main():
    arguments = sys.argv[1:]
    with_files = "--files" in arguments
    folders = [Path(one) for one in arguments if one != "--files"]
    if not folders:
        sys.exit(__doc__)
    found = []
    for folder in folders:
        found += problems(folder, with_files)
        graph = Graph().parse(folder / "dcat.ttl")
        counted = {kind.fragment: len(set(graph.subjects(RDF.type, kind))) for kind in LOOKED_AT[:3]}
        print(f"{folder}: {len(graph)} statements, {counted}")
    for problem in found:
        print(problem)
    print(f"{len(found)} problems")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
