"""Surrogate ids of natural persons: HMAC-SHA-256 under the installation's person key, as docs/architecture.md says.

The peers have the same key, which is generated for the benchmark, and so the same ids: no mapping of ids is needed to compare tables. They hash each person once, and only those
whose rows are kept; the program hashes every row as it is read, since no code may outlive the cleaner.
"""

import hashlib
import hmac

import polars as pl

from .names import compared_name


class Persons:
    def __init__(self, key: bytes):
        self.key = key
        self.ids = {}

    def digest(self, message):
        return hmac.digest(self.key, message, "sha256")

    def id(self, person):
        """Of (code, given, family, born, state)."""
        code, given, family, born, state = person
        if code:
            return self.digest(b"LT\x1f" + code.encode()).hex()[:32]
        given, family, state = (compared_name(cell or "") for cell in (given, family, state))
        if not given and not family:
            return None
        return self.digest(f"UF\x1f{given}\x1f{family}\x1f{born or ''}\x1f{state}".encode()).hex()[:32]

    def named(self, rows):
        """Rows with the ids of the persons whom they name, and whether each has no code."""
        cells = [
            pl.col(name) if name in rows.columns else pl.lit(None, pl.String).alias(name)
            for name in ("asmens_kodas", "vardas", "pavarde", "gimimo_data", "valstybe")
        ]
        # Whoever has a code is told by it alone.
        others = [pl.when(pl.col("asmens_kodas").is_null()).then(cell).alias(f"person {cell.meta.output_name()}") for cell in cells[1:]]
        rows = rows.with_columns(cells[0], *others)
        told_by = ["asmens_kodas", *(f"person {name}" for name in ("vardas", "pavarde", "gimimo_data", "valstybe"))]
        people = rows.select(told_by).unique()
        ids = []
        for person in people.iter_rows():
            known = self.ids.get(person)
            if known is None:
                known = self.ids[person] = self.id(person)
            ids.append(known)
        people = people.with_columns(pl.Series("asmens_id", ids, pl.String))
        rows = rows.join(people, on=told_by, how="left", nulls_equal=True, maintain_order="left")
        return rows.with_columns(be_kodo=pl.col("asmens_kodas").is_null()).drop(told_by[1:])

    def pseudonyms(self, column):
        """What stands for the numbers of a column in the open tier, as a function."""
        secret = self.digest(f"record numbers of {column}\x1f".encode())
        letters = bytes.maketrans(b"0123456789abcdef", b"abcdefghijklmnop")
        return lambda number: hmac.digest(secret, number.encode(), "sha256").hex()[:16].encode().translate(letters).decode()

    def rank(self, individual):
        """The place of an individual in the order in which some are drawn for k-anonymity."""
        secret = self.digest(b"k-anonymity\x1f")
        return hmac.new(secret, individual.encode(), hashlib.sha256).digest()
