"""Names and codes normalised for comparison: the same name or code, however it was typed."""

import functools
import unicodedata


@functools.lru_cache(maxsize=None)
def compared_name(text):
    return unicodedata.normalize("NFC", " ".join(text.split()).lower().upper())


@functools.lru_cache(maxsize=None)
def compared_code(text):
    """Letters and digits of a register's code; none for what identifies no company."""
    code = "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum()).upper()
    return code if any(letter.isnumeric() and letter != "0" for letter in code) else None


def lithuanian_code(code):
    return code if code.isascii() and code.isdigit() else compared_code(code) or code


def is_abroad(state):
    return bool(state) and state != "LT"


def is_foreign_entity(kind, state):
    return is_abroad(state) or kind == "UJ" and state != "LT"
