"""Reading extracts: delimited text after RFC 4180 and not otherwise, as docs/extract-format.md has it.

Lines that are rows by themselves are found by expressions over all lines at once and split by Polars; the few others are read one by one.
"""

import io
import re
import unicodedata

import polars as pl

# Headings of files that have their own; what is `None` is not read.
JAR = {"form_kodas": "forma", "stat_kodas": "statusas", "ja_reg_data": "reg_data", "ja_pavadinimas": "pavadinimas"}
OWN_HEADINGS = {
    "raw_jar__iregistruoti": (
        "JAR_IREGISTRUOTI.csv",
        ["ja_kodas", "ja_pavadinimas", "adresas", "ja_reg_data", "form_kodas", "form_pavadinimas", "stat_kodas", "stat_pavadinimas", "stat_data_nuo", "formavimo_data"],
        {**JAR, "form_pavadinimas": None, "stat_pavadinimas": None, "stat_data_nuo": "statusas_nuo"},
    ),
    "raw_jar__isregistruoti": (
        "JAR_ISREGISTRUOTI.csv",
        ["ja_kodas", "ja_pavadinimas", "adresas", "ja_reg_data", "form_kodas", "form_pavadinimas", "isreg_data", "formavimo_data"],
        {**JAR, "form_pavadinimas": None},
    ),
    "raw_jar__formos": (
        "JAR_TEI_FORM_KLASIFIKATORIUS.csv",
        ["form_kodas", "form_pavadinimas", "form_pav_ilgas", "form_name", "tipas", "type", "formavimo_data"],
        {**JAR, "form_pavadinimas": "forma_pavadinimas", "form_pav_ilgas": None, "form_name": None, "tipas": None, "type": None},
    ),
    "raw_jar__statusai": (
        "JAR_TEI_STATUSU_KLASIFIKATORIUS.csv",
        ["stat_kodas", "stat_pavadinimas", "stat_name", "formavimo_data"],
        {**JAR, "stat_pavadinimas": "statusas_pavadinimas", "stat_name": None},
    ),
    "raw_vrk__reklama": (
        "vrk_reklama.v1.csv",
        None,
        {
            "reklamos_id": "reklamos_nr",
            "p_kamp_rusis": "kampanija",
            "dal_tipo_kodas": "kampanijos_dalyvis",
            "p_kamp_dal_vardas": "vardas",
            "p_kamp_dal_pavarde": "pavarde",
            "p_kamp_dal_asmens_kodas": "asmens_kodas",
            "p_kamp_dal_gimimo_data": "gimimo_data",
            "p_kamp_dal_valstybe": "valstybe",
            "p_kamp_dal_kodas": "dal_kodas",
            "p_kamp_dal_pavad": "dal_pavadinimas",
            "grupes_pavad": "grupe",
            "virs_ja_kodas": "ja_kodas",
            "virs_pavad": None,
            "virs_tipo_kodas": None,
            "reklamos_data_nuo": "reklamos_nuo",
            "reklamos_data_iki": "reklamos_iki",
            "reklamos_kaina": "kaina",
        },
    ),
}
WINDOWS_1257 = {"raw_libis__numeriai"}
MOST_LINES_OF_ROW = 8

FIELD = r'(?:"(?:[^"]|"")*"|[^"|]*)'
# What tidying would change: anything but usual letters, and spaces at the ends of a field or beside one another.
UNUSUAL = r"[^ -~\u{a1}-\u{ac}\u{ae}-\u{2ff}\u{2010}-\u{2027}€]"
UNTIDY = UNUSUAL + r'|  |^"? |\|"? | "?\|| "?$'


def file_of(table):
    if table.name in OWN_HEADINGS:
        return OWN_HEADINGS[table.name][0]
    return f"{table.source}_{table.name.split('__')[1]}.v1.csv"


def read(folder, table):
    """The rows as text, a column `line` for their place in the file, and how many lines were no rows, by rule."""
    data = (folder / file_of(table)).read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert data.endswith(b"\n"), f"{file_of(table)} is cut"
    if table.name in WINDOWS_1257:
        data = from_windows_1257(data)
    lines = pl.read_csv(
        io.BytesIO(data), has_header=False, separator="\x01", quote_char=None, encoding="utf8-lossy", schema={"text": pl.String}, truncate_ragged_lines=True
    )
    lines = lines.with_columns(pl.col("text").str.strip_chars_end("\r")).with_row_index("line").filter(pl.col("text").str.len_bytes() > 0)
    first = next(iter(csv_row(lines["text"][0])), "")
    headings, has_line = headings_of(table, lines["text"][0], first)
    rows = lines[1:] if has_line else lines

    text = pl.col("text")
    fields = len(headings)
    quoted = text.str.contains('"', literal=True)
    whole = pl.when(quoted).then(text.str.contains(f"^{FIELD}(?:\\|{FIELD}){{{fields - 1}}}$")).otherwise(text.str.count_matches("|", literal=True) == fields - 1)
    rows = rows.with_columns(whole=whole, lost=text.str.contains("\ufffd", literal=True), untidy=text.str.contains(UNTIDY))
    odd, rows = rows.filter(~pl.col("whole")), rows.filter("whole")
    bad, more, taken = one_by_one(lines, odd, fields)
    if taken:
        rows = rows.filter(~pl.col("line").is_in(list(taken)))
    lost = rows["lost"].sum()
    if lost:
        bad["encoding"] = bad.get("encoding", 0) + lost
        rows = rows.filter(~pl.col("lost"))

    buffer = io.BytesIO()
    rows.select("text").write_csv(buffer, include_header=False, quote_style="never")
    buffer.seek(0)
    schema = {str(place): pl.String for place in range(fields)}
    cells = pl.read_csv(buffer, has_header=False, separator="|", schema=schema) if rows.height else pl.DataFrame(schema=schema)
    assert cells.height == rows.height
    cells = cells.with_columns(rows["line"], rows["untidy"])
    if more:
        extra = pl.DataFrame([[*row, line, True] for line, row in more], schema={**schema, "line": pl.UInt32, "untidy": pl.Boolean}, orient="row")
        cells = pl.concat([cells, extra]).sort("line")
    cells = tidied(cells, list(schema))
    kept = [pl.col(str(place)).alias(name) for place, name in enumerate(headings) if name]
    frame = cells.select("line", *kept)
    missing = [pl.lit(None, pl.String).alias(name) for name in table.names if name not in frame.columns]
    return frame.with_columns(missing).select("line", *table.names), bad


def from_windows_1257(data):
    """The same in UTF-8. A row with letters that are whole in UTF-8, or bytes without a letter, is marked as lost."""
    lines = []
    for line in data.split(b"\n"):
        if not line.isascii():
            try:
                line.decode()
                line = "\ufffd".encode() + line
            except UnicodeDecodeError:
                line = line.decode("cp1257", errors="replace").encode()
        lines.append(line)
    return b"\n".join(lines)


def headings_of(table, line, first):
    """For each field the column it fills, and whether there is a line of headings."""
    said = [heading.strip().lower() for heading in csv_row(line)]
    _, by_place, renamed = OWN_HEADINGS.get(table.name, (None, None, {}))
    known = set(by_place or renamed or table.names)
    if by_place and not known & set(said):
        assert len(said) == len(by_place), f"{file_of(table)} has no headings"
        return [renamed.get(heading, heading) for heading in by_place], False
    assert set(said) <= known, f"{file_of(table)} has an unknown heading"
    return [renamed.get(heading, heading) for heading in said], True


def csv_row(line):
    return [field.strip('"').replace('""', '"') for field in re.findall(rf"(?:^|\|)({FIELD})", line)]


def one_by_one(lines, odd, fields):
    """Lines that are no rows by themselves: bad ones by rule, rows that go over several lines, and the lines that these took in."""
    bad, more, taken = {}, [], set()
    if odd.height == 0:
        return bad, more, taken
    texts = lines["text"]
    for line, text in odd.select("line", "text").iter_rows():
        if line in taken:
            continue
        if '"' not in text:
            bad["columns"] = bad.get("columns", 0) + 1
            continue
        place, count, row = lines["line"].search_sorted(line), 1, None
        whole = text
        while count <= MOST_LINES_OF_ROW:
            match = re.fullmatch(rf"{FIELD}(?:\|{FIELD})*", whole)
            if match:
                row = csv_row(whole)
                break
            if not re.fullmatch(rf'(?:{FIELD}\|)*"(?:[^"]|"")*', whole):
                break
            count += 1
            assert count <= MOST_LINES_OF_ROW and place + count <= len(texts), "a quotation mark is never closed"
            whole += "\n" + texts[place + count - 1]
        lines_of_row = [lines["line"][place + step] for step in range(count)]
        doubtful = count > 1 and row is not None and (any("\n" in cell and "|" in cell for cell in row) or "\n" in row[0])
        if row is None or doubtful or (count > 1 and len(row) != fields):
            bad["quotes"] = bad.get("quotes", 0) + count
        elif len(row) != fields:
            bad["columns"] = bad.get("columns", 0) + 1
        elif "\ufffd" in whole:
            bad["encoding"] = bad.get("encoding", 0) + 1
        else:
            more.append((line, row))
        if count > 1:
            taken.update(lines_of_row)
    return bad, more, taken


def tidied(cells, names):
    cells = cells.with_columns(pl.when(pl.col(name).str.len_bytes() > 0).then(pl.col(name)).alias(name) for name in names)
    if not cells["untidy"].any():
        return cells
    # Nearly always it is white space alone.
    spaced = [pl.col(name).str.replace_all(r"\s+", " ").str.strip_chars(" ").alias(name) for name in names]
    seen = [
        pl.when(pl.col(name).str.contains(UNUSUAL)).then(pl.col(name).map_elements(tidy, return_dtype=pl.String)).otherwise(pl.col(name)).alias(name)
        for name in names
    ]
    filled = [pl.when(pl.col(name).str.len_bytes() > 0).then(pl.col(name)).alias(name) for name in names]
    rows, others = cells.filter("untidy").with_columns(spaced).with_columns(seen).with_columns(filled), cells.filter(~pl.col("untidy"))
    return pl.concat([rows, others]).sort("line")


def tidy(text):
    """Unicode form C; format characters are left out, white space and controls become one space between words."""
    kept, gap = [], False
    for letter in text:
        category = unicodedata.category(letter)
        if letter.isspace() or letter == "\u2800":
            gap = True
        elif category == "Cf" or "\ufe00" <= letter <= "\ufe0f" or letter in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0":
            continue
        elif category in ("Cc", "Co", "Cn", "Cs", "Zs", "Zl", "Zp"):
            gap = True
        else:
            if gap and kept:
                kept.append(" ")
            gap = False
            kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept)) or None
