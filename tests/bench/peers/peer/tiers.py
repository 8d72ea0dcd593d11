"""What the public and the open tier get of a table (transforms/src/disclosure): columns by class, marks, rounding, and in the open tier no rows about persons, pseudonyms in the
place of numbers, k-anonymity of days, an order of its own.

Statistics are left as they were counted: primary and secondary suppression, merging and holding (transforms/src/statistics) are not done here.
"""

import polars as pl

ALLOWED = {"public": {"none", "title", "name", "contact", "file", "record_number", "share"}, "open": {"none", "title", "record_number", "share"}}
WITHHELD = {("public", "contact"): "sava_imone", ("open", "title"): "asmenvardis", ("open", "share"): "su_asmenimis"}
MARKS = {"sava_imone", "asmenvardis", "su_asmenimis", "apie_asmeni"}
FIRST_STEPS = [0, 1, 2, 3, 4, 5, 6, 8]
STEPS = [10, 13, 16, 20, 25, 32, 40, 50, 64, 80]


def visible(table, tier):
    marked = tier == "open"
    return [column for column, _ in table.columns if column.personal in ALLOWED[tier] and not (marked and column.name in MARKS)]


def disclose(table, tier, rows, persons, known):
    """The rows and columns of a table that a tier may see. `known` remembers pseudonyms."""
    if tier == "open" and table.column("apie_asmeni"):
        rows = rows.filter(pl.col("apie_asmeni").eq_missing(False))
    columns = []
    for column in visible(table, tier):
        cell = pl.col(column.name)
        mark = WITHHELD.get((tier, column.personal))
        if mark:
            columns.append(pl.when(pl.col(mark).eq_missing(False)).then(cell).alias(column.name) if mark in rows.columns else pl.lit(None).alias(column.name))
        elif tier == "open" and column.personal == "record_number":
            columns.append(pseudonyms(rows[column.name], persons, known))
        elif column.name in table.round:
            columns.append(rounded(rows[column.name], table.round[column.name]))
        else:
            columns.append(cell)
    shown = rows.select(columns)
    if tier == "open":
        if table.k_anonymity:
            shown = anonymised(table, shown, persons)
        shown = arranged(table, shown)
    return shown


def pseudonyms(numbers, persons, known):
    of = known.setdefault(numbers.name, {})
    pseudonym = persons.pseudonyms(numbers.name)
    unique = numbers.unique().drop_nulls()
    replaced = pl.Series([of.get(number) or of.setdefault(number, pseudonym(number)) for number in unique], dtype=pl.String)
    return numbers.replace_strict(unique, replaced, default=None, return_dtype=pl.String) if unique.len() else numbers


def rounded(counts, base):
    steps = [step * base for step in FIRST_STEPS]
    decade = base
    while steps[-1] < 2 * max(counts.max() or 0, 1):
        steps += [step * decade for step in STEPS]
        decade *= 10

    def nearest(count):
        shown = 0
        for step in steps:
            if count * 2 < shown + step:
                break
            shown = step
        return shown

    return pl.Series(counts.name, [nearest(count) for count in counts], dtype=pl.Int64)


def arranged(table, rows):
    """Open rows in an order that follows from what they show, numbered in it."""
    numbered = any(column.name == "eil_nr" or column.personal == "record_number" for column, _ in table.columns)
    if not table.column("apie_asmeni") or not numbered or rows.height == 0:
        return rows

    def rank(name):
        if name == "ja_kodas":
            return 0
        return 1 if rows.schema[name] == pl.Date else 2 if name in table.key else 3

    order = sorted((name for name in rows.columns if name != "eil_nr"), key=rank)
    rows = rows.sort(order, nulls_last=False, maintain_order=True)
    if "eil_nr" not in rows.columns:
        return rows
    others = [name for name in table.key if name != "eil_nr"]
    number = pl.int_range(1, pl.len() + 1)
    return rows.with_columns(eil_nr=number.over(others) if others else number)


def anonymised(table, rows, persons):
    """Where too few individuals share what a row shows of its quasi-identifiers, cells are emptied, step by step."""
    rule = table.k_anonymity
    steps, k, everything = rule["steps"], rule["k"], len(rule["steps"])
    withheld = [column.name for column in visible(table, "open") if WITHHELD.get(("open", column.personal)) == rule["mark"]]
    places = rows.with_row_index("place").filter(pl.all_horizontal(pl.col(name).is_null() for name in withheld))
    individuals = places[rule["individual"]].to_list()
    shown = [places.select(name for step in steps[done:] for name in step).rows() for done in range(everything)] + [[()] * places.height]
    emptied = [0] * places.height

    def sharing():
        found = {}
        for row, done in enumerate(emptied):
            found.setdefault((done, shown[done][row]), set()).add(individuals[row])
        return found

    for step in range(everything):
        found = sharing()
        short = [row for row, done in enumerate(emptied) if done == step and len(found[step, shown[step][row]]) < k]
        for row in short:
            emptied[row] = step + 1
    left_out = False
    while True:
        found = sharing()
        lost = found.get((everything, ()), set())
        if not lost or len(lost) >= k:
            break
        drawn = draw(found, lost, k, everything, persons)
        if drawn is None:
            left_out = True
            break
        combination, chosen = drawn
        for row, done in enumerate(emptied):
            if (done, shown[done][row]) == combination and individuals[row] in chosen:
                emptied[row] = everything
    done = pl.DataFrame({"place": places["place"], "emptied": emptied}, schema={"place": pl.UInt32, "emptied": pl.Int64})
    rows = rows.with_row_index("place").join(done, on="place", how="left", maintain_order="left").with_columns(pl.col("emptied").fill_null(0))
    cells = [pl.when(pl.col("emptied") <= step).then(pl.col(name)).alias(name) for step, names in enumerate(steps) for name in names]
    said = {number: ";".join(name for step in steps[:number] for name in step) for number in range(1, everything + 1)}
    rows = rows.with_columns(*cells, konfidencialu=pl.col("emptied").replace_strict(said, default=None, return_dtype=pl.String))
    if left_out:
        rows = rows.filter(pl.col("emptied") < everything)
    return rows.drop("place", "emptied")


def draw(sharing, lost, k, everything, persons):
    """Whom to empty, too, so that those who lost all are lost among enough others."""
    wanting = k - len(lost)
    others = [(combination, own) for combination, own in sorted(sharing.items(), key=lambda one: sortable(one[0])) if combination[0] < everything]
    rich = [(combination, own) for combination, own in others if len(own - lost) >= wanting and len(own) - wanting >= k]
    if rich:
        # Of equal ones the last counts.
        combination, own = max(enumerate(rich), key=lambda one: (one[1][0][0], len(one[1][1]), one[0]))[1]
        return combination, set(sorted(own - lost, key=persons.rank)[:wanting])
    if others:
        return min(others, key=lambda one: (-one[0][0], len(one[1])))
    return None


def sortable(combination):
    done, cells = combination
    return done, tuple((cell is not None, cell) if cell is not None else (False,) for cell in cells)
