"""In which municipality a seat lies: told by how its address begins (transforms/src/core_tables/seat.rs)."""

import re

from .names import compared_name

COUNTRY = {"LT", "LIETUVA", "LIETUVOS", "RESPUBLIKA"}
WRITTEN_OUT = (("MIESTO", "M"), ("RAJONO", "R"), ("SAVIVALDYB", "SAV"))


class Municipalities:
    def __init__(self, catalog):
        beginnings = []
        for one in catalog.classifiers.values():
            for term in one.terms:
                if not term.get("santrumpa"):
                    continue
                title = words(term["lt"])
                if len(title) > 1 and title[-2] in ("M", "R"):
                    beginnings.append((title[:-1], term["kodas"]))
                beginnings.append((title, term["kodas"]))
                beginnings += [(words(town), term["kodas"]) for town in term["miestai"].split(";") if town]
        beginnings.sort(key=lambda one: -len(one[0]))
        self.by_first = {}
        for beginning, code in beginnings:
            self.by_first.setdefault(beginning[0], []).append((beginning, code))
        self.known = {}

    def of(self, address):
        # Seats of one street begin alike: what counts are the words before its number.
        start = address if re.match(r"(?i)\W*(?:LT|LIET|\d)", address) else re.split(r"\d", address, maxsplit=1)[0]
        if start not in self.known:
            self.known[start] = self.find(address)
        return self.known[start]

    def find(self, address):
        rest = words(address)
        while rest and (rest[0] in COUNTRY or rest[0].isascii() and rest[0].isdigit()):
            rest = rest[1:]
        return next((code for beginning, code in self.by_first.get(rest[0] if rest else "", ()) if rest[: len(beginning)] == beginning), None)


def words(text):
    found = []
    for word in re.findall(r"[^\W_]+", compared_name(text)):
        found.append(next((short for long, short in WRITTEN_OUT if word.startswith(long)), word))
    return found
