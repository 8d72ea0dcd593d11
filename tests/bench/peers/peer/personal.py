"""Personal codes and birth dates in columns where none belong.

Less than the program looks for, and in this the peers have less to do: decimal digits of ASCII only; no letters in the place of digits, no codes of which known
numbers are a part, no names of months, no percent-encoded addresses. An expression finds the few cells worth a look, a function judges them.
"""

import re

import polars as pl

from .codes import personal, personal_birth

ELEVEN_DIGITS = r"(?:[0-9][^0-9]*){11}"
BORN = r"(?i)\b(?:gim|gim[eė]s?|gimus\w*|gimim\w*|born|birth\w*|dob|geb|geboren)\b"
DATE = r"\b(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4})\b"
STATES_WITH_ELEVEN = {"LV", "IT", "HR", "AU"}


def looks_like_code(digits):
    return personal(digits) and not digits.startswith("20") or digits[:1] in ("3", "4", "5", "6") and personal_birth(digits)


def stands_in(text):
    if re.search(BORN, text) and re.search(DATE, text):
        return True
    for run in re.finditer(r"\d+(?:([ ./-])\d+(?:\1\d+)*)?", text):
        plus = text[: run.start()].endswith("+")
        parts = [re.sub(r"\D", "", run.group()), *re.findall(r"\d+", run.group())]
        if any(len(part) == 11 and looks_like_code(part) and not (plus and not personal(part)) for part in parts):
            return True
    digits = re.sub(r"\D", "", text)
    windows = (digits[start : start + 11] for start in range(len(digits) - 10))
    return len(digits) > 11 and "http" not in text and any(window[0] in "3456" and personal(window) for window in windows)


def stands_for_entity(text, state):
    digits = re.sub(r"[ ./-]", "", re.sub(r"^[A-Za-z]{0,2}", "", text.strip()))
    if len(digits) == 11 and digits.isascii() and digits.isdigit():
        return (personal_birth(digits) or personal(digits)) and state not in STATES_WITH_ELEVEN
    return stands_in(text)


def look(column):
    if column.personal in ("code", "birth_date"):
        return None
    if column.kind == "text":
        return {"subjekto_kodas": "entity", "ja_kodas": "checked", "numeris": "checked", "skelbiamas_failas": "checked"}.get(column.check, "text")
    return "number" if column.kind in ("integer", "money", "number") else None


def faults(table, frame):
    """For each row with something personal the rule it breaks, by its place; hardly any row is."""
    found = {}
    columns = [column for column, _ in table.columns if look(column) and frame[column.name].null_count() < frame.height]
    texts = [column for column in columns if look(column) == "text"]
    names = [column.name for column in texts if column.personal == "name"]
    worth = [pl.col(column.name).str.contains(ELEVEN_DIGITS) for column in columns] + [pl.col(column.name).str.contains(BORN) for column in texts]
    if len(names) > 1:
        worth.append(pl.concat_str(names, separator=" ").str.contains(ELEVEN_DIGITS))
    if "gimimo_data" in frame.columns:
        own = [pl.col(column.name).str.contains(pl.col("gimimo_data"), literal=True) for column in texts]
        worth.append(pl.col("gimimo_data").is_not_null() & pl.any_horizontal(own).fill_null(False))
    rows = frame.with_row_index("row").filter(pl.any_horizontal(pl.coalesce(one, False) for one in worth))
    state = "valstybe" in frame.columns
    for row in rows.iter_rows(named=True):
        for column in columns:
            text = row[column.name]
            rule = text and rule_of(look(column), text, row["valstybe"] if state else None)
            if text and not rule and row.get("gimimo_data") and row["gimimo_data"] in text:
                rule = "gimimo_data_tekste"
            if rule:
                found.setdefault(row["row"], rule)
    return found


def rule_of(kind, text, state):
    if kind == "entity":
        return "asmens_kodas_kode" if stands_for_entity(text, state or "") else None
    if kind == "number":
        whole = re.sub(r"\D", "", re.split("[.,]", text)[0])
        return "asmens_kodas_skaiciuje" if len(whole) == 11 and looks_like_code(whole) else None
    # Codes of entities and standard numbers have control digits of their own, and another length.
    if kind == "checked" and re.fullmatch(r"\d{7}|\d{9}|[\d-]{8,17}X?", text):
        return None
    return "asmens_kodas_tekste" if stands_in(text) else None
