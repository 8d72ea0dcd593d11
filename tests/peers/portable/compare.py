"""Whether two engines answered the same: columns, types as far as they matter, every cell, in the same order."""

import pyarrow
from pyarrow import compute


def family(kind: pyarrow.DataType):
    """The one type that stands for all that hold the same values, so that cells can be compared; the width of a number does not matter."""
    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or pyarrow.types.is_string_view(kind):
        return pyarrow.string()
    if pyarrow.types.is_integer(kind):
        return pyarrow.int64()
    if pyarrow.types.is_decimal(kind):
        return pyarrow.decimal128(38, kind.scale)
    return kind


def same(one: pyarrow.Table, other: pyarrow.Table, names: tuple) -> str | None:
    """What differs first, in words; `None` if nothing does."""
    if one.column_names != other.column_names:
        return f"columns: {names[0]} has {one.column_names}, {names[1]} has {other.column_names}"
    for left, right in zip(one.schema, other.schema):
        if family(left.type) != family(right.type):
            hint = " (SUM of BIGINT without CAST?)" if str(left.type) == "decimal128(38, 0)" else ""
            return f"type of column {left.name}: {names[0]} {left.type}, {names[1]} {right.type}{hint}"
    if one.num_rows != other.num_rows:
        return f"{names[0]} has {one.num_rows} rows, {names[1]} has {other.num_rows}"
    found = []
    for place, field in enumerate(one.schema):
        left, right = (table.column(place).cast(family(field.type)).combine_chunks() for table in (one, other))
        if left.equals(right):
            continue
        equal = compute.fill_null(compute.equal(left, right), False)
        both_null = compute.and_(compute.is_null(left), compute.is_null(right))
        row = compute.index(compute.or_(equal, both_null), False).as_py()
        found.append((row, field.name, left[row].as_py(), right[row].as_py()))
    if not found:
        return None
    row, column, left, right = min(found, key=lambda one: one[0])
    return f"column {column}, row {row + 1} of {one.num_rows}: {names[0]} {left!r}, {names[1]} {right!r}"


def fits(rows: pyarrow.Table, defined: pyarrow.Schema) -> str | None:
    """As transforms/src/models.rs: only the width of a decimal may differ from the definition, and in what a text is kept."""
    for found, wanted in zip(rows.schema, defined):
        if found.name != wanted.name:
            return f"column {found.name} stands where the definition has {wanted.name}"
        if family(found.type) != family(wanted.type) or (pyarrow.types.is_integer(wanted.type) and found.type != wanted.type):
            return f"type of column {found.name}: {found.type}, its definition says {wanted.type}; CAST it"
    return None
