"""Invented people, with the codes that registers would give them. Run alone it prints people.json anew."""

import json
import re

FIELDS = {"code", "given_names", "family_names", "company", "eidas", "provider"}


def control_digit(body):
    """Of a personal code (10 digits before it) or a legal entity's (8)."""
    for shift in (0, 2):
        rest = sum(int(digit) * (1 + (place + shift) % 9) for place, digit in enumerate(body)) % 11
        if rest < 10:
            return str(rest)
    return "0"


def with_control_digit(body):
    return body + control_digit(body)


def load(path):
    with open(path, encoding="utf-8") as file:
        people = json.load(file)
    for number, person in enumerate(people):
        unknown = person.keys() - FIELDS
        code = person.get("code", "")
        if unknown or not (code == "" or re.fullmatch(r"[1-69]\d{10}", code) and control_digit(code[:-1]) == code[-1]):
            raise SystemExit(f"{path}: person {number} has {unknown or 'a code that is none'}")
    return people


INVENTED = [
    {"code": with_control_digit("4900101001"), "given_names": "JONĖ", "family_names": "IŠGALVOTOJI"},
    {"code": with_control_digit("3850217002"), "given_names": "PETRAS PAULIUS", "family_names": "PRAMANYTAS-O'BRIEN", "provider": "auth.lt.identity.card"},
    {"code": with_control_digit("5010630003"), "given_names": "ŽYGIMANTAS", "family_names": "<NIEKAS> & SŪNUS"},
    {"code": with_control_digit("4720312004"), "given_names": "ONA", "family_names": "VADOVAITĖ", "company": with_control_digit("30000001")},
    {"code": "", "given_names": "MĀRA", "family_names": "ĀRZEMNIECE", "eidas": "LV/LT/invented-1", "provider": "auth.eidas"},
]

if __name__ == "__main__":
    print("[\n" + ",\n".join("  " + json.dumps(person, ensure_ascii=False) for person in INVENTED) + "\n]")
