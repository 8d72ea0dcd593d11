"""Cleaning: text becomes typed columns; a row that breaks a rule is set aside, and the first broken rule counts (docs/extract-format.md)."""

from collections import Counter
from dataclasses import dataclass

import polars as pl

from . import codes, personal
from .names import compared_name

SCALES = {"money": 2, "share": 12, "number": 4}
PLAIN_KEY = r"^[0-9A-Z\-/_.]*$"


@dataclass
class Extract:
    """One raw table: good rows with their types, and what was counted on the way."""

    table: object
    rows: pl.DataFrame
    received: int
    quarantined: Counter
    set_aside: Counter
    extract_date: object = None


def clean(table, catalog, frame, rejected, last_day):
    received = frame.height + sum(rejected.values())
    expressions, rules = [], []
    found = personal.faults(table, frame)
    for column, required in table.columns:
        cell, parsed = pl.col(column.name), pl.col(f"typed {column.name}")
        text = cell
        if column.check and column.check.startswith("classifier:"):
            text = as_written(frame[column.name], catalog.classifiers[column.check.split(":")[1]])
        expressions.append(typed(column, text, frame).alias(f"typed {column.name}"))
        if required:
            rules.append((cell.is_null(), "required"))
        rules += broken(column, cell, parsed, catalog, last_day)
    typed_rows = frame.lazy().with_columns(expressions)
    for group in table.require_one:
        rules.append((pl.all_horizontal(pl.col(name).is_null() for name in group), "require_one"))
    for first, second in table.order:
        rules.append((pl.col(f"typed {first}") > pl.col(f"typed {second}"), "order"))
    fault = pl.coalesce([pl.when(broken).then(pl.lit(rule)) for broken, rule in rules])
    typed_rows = typed_rows.with_columns(fault.alias("fault")).collect()
    if found:
        marks = pl.Series("personal", [found.get(row) for row in range(typed_rows.height)], pl.String)
        typed_rows = typed_rows.with_columns(pl.coalesce(marks, "fault").alias("fault"))
    if table.key:
        typed_rows = with_keys(table, typed_rows)

    bad = typed_rows.filter(pl.col("fault").is_not_null())
    quarantined = Counter(rejected) + Counter(bad["fault"].to_list())
    set_aside = Counter()
    if "ja_kodas" in bad.columns:
        set_aside.update(bad.filter(codes.is_entity_code(pl.col("ja_kodas")))["ja_kodas"].to_list())
    good = typed_rows.filter(pl.col("fault").is_null()).select("line", *(pl.col(f"typed {name}").alias(name) for name in table.names))
    return Extract(table, good, received, quarantined, set_aside, made_on(good, last_day))


def typed(column, text, frame):
    match column.kind:
        case "text":
            return standard_numbers(frame[column.name]) if column.check == "numeris" else text
        case "integer":
            number = text.cast(pl.Int64, strict=False)
            return pl.when(number.abs() < 10**14).then(number)
        case "date":
            return pl.when(text.str.len_bytes() == 10).then(text.str.to_date("%Y-%m-%d", strict=False))
        case "boolean":
            return pl.when(text.is_in(["1", "true"])).then(True).when(text.is_in(["0", "false"])).then(False)
        case kind:
            scale = SCALES[kind]
            right = text.str.contains(rf"^-?(?:\d{{1,16}}(?:[.,]\d{{0,{scale}}}0*)?|[.,]\d{{1,{scale}}}0*)$")
            if scale < 3:
                # 1.000 is a thousand to some who write it.
                right &= ~text.str.contains(r"[.,]\d{3}$")
            number = text.str.replace(",", ".", literal=True).cast(pl.Decimal(38, scale), strict=False)
            return pl.when(right & (number.abs() < 10 ** (14 - scale))).then(number).cast(pl.Decimal(18 if scale < 12 else 13, scale), strict=False)


def broken(column, cell, parsed, catalog, last_day):
    """The rules of a column in their order: type or check, a day that lies ahead, the classifier."""
    given = cell.is_not_null()
    if column.kind != "text":
        name = "money" if column.kind in SCALES else column.kind
        yield given & parsed.is_null(), name
        if column.check == "not_negative":
            yield parsed < 0, "not_negative"
    elif column.check == "ja_kodas":
        yield given & ~codes.is_entity_code(cell), "ja_kodas"
    elif column.check == "asmens_kodas":
        yield given & ~codes.is_personal_code(cell), "asmens_kodas"
    elif column.check == "numeris":
        yield given & parsed.is_null(), "numeris"
    if column.past:
        yield parsed > last_day, "ahead"
    if column.check and column.check.startswith("classifier:"):
        yield given & ~parsed.is_in(catalog.classifiers[column.check.split(":")[1]].codes), "classifier"


def as_written(cells, classifier):
    """Codes however a register cases them: „gb“ is GB."""
    cell = pl.col(cells.name)
    others = set(cells.unique().drop_nulls()) - set(classifier.codes)
    by_compared = {compared_name(code): code for code in classifier.codes}
    renamed = {other: by_compared[compared_name(other)] for other in others if compared_name(other) in by_compared}
    return cell.replace(renamed) if renamed else cell


def standard_numbers(cells):
    return cells.map_elements(standard_number, return_dtype=pl.String)


def standard_number(text):
    plain = "".join("-" if letter in "‐‑‒–—―−" else letter for letter in text.strip()).upper()
    bare = plain[:4] + plain[5:] if len(plain) == 9 and plain[4] == "-" else plain
    if len(bare) == 8 and bare[:7].isdigit() and (bare[7].isdigit() or bare[7] == "X"):
        values = [10 if digit == "X" else int(digit) for digit in bare]
        if sum(value * weight for value, weight in zip(values, range(8, 0, -1))) % 11 == 0:
            return f"{bare[:4]}-{bare[4:]}"
    digits = plain.replace("-", "").replace(" ", "")
    if len(digits) == 13 and digits.isdigit() and digits[:3] in ("978", "979") and "--" not in plain and "  " not in plain:
        if plain[0].isdigit() and plain[-1].isdigit() and sum(int(digit) * weight for digit, weight in zip(digits, [1, 3] * 7)) % 10 == 0:
            return digits
    return None


def compared(column, cells):
    """The form in which keys are compared: case, spaces, kinds of hyphens and „Nr.“ before a digit do not matter."""
    cell = pl.col(column)
    if cells.dtype != pl.String:
        return cell
    if not cells.str.contains(PLAIN_KEY).all():
        cell = cell.str.normalize("NFKC").str.replace_all(r"[\s\p{Cc}\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}]", "")
        cell = cell.str.replace_all(r"[\u{2010}-\u{2015}\u{2212}]", "-").str.to_uppercase().str.normalize("NFC")
    return cell.str.replace(r"^(?:NR|NO)[.:]*([0-9])", "$1")


def with_keys(table, rows):
    """Of two rows with the same key the first counts."""
    key = [compared(f"typed {name}", rows[f"typed {name}"]).alias(name) for name in table.key]
    good = rows.filter(pl.col("fault").is_null()).select("line", *key)
    repeated = good.filter(~pl.struct(table.key).is_first_distinct())["line"]
    if repeated.len() == 0:
        return rows
    return rows.with_columns(pl.when(pl.col("line").is_in(repeated.to_list())).then(pl.lit("key")).otherwise("fault").alias("fault"))


def made_on(good, last_day):
    """The newest day on which more than a few rows say that the extract was made."""
    if "formavimo_data" not in good.columns:
        return None
    days = Counter(day for day in good["formavimo_data"].drop_nulls().to_list() if day <= last_day)
    enough = min(max(days.total() // 100, 2), 10, days.total())
    rows = 0
    for day in sorted(days, reverse=True):
        rows += days[day]
        if rows >= enough:
            return day
    return None
