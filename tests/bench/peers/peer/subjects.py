"""Codes of entities in columns: as registers of Lithuania write them, and none that are persons'."""

import polars as pl

from .codes import personal
from .names import is_abroad, lithuanian_code


def lithuanian(column):
    """Codes as registers of Lithuania write them; most are plain digits."""
    code = pl.col(column)
    return pl.when(code.str.contains(r"^\d+$")).then(code).otherwise(code.map_elements(lithuanian_code, return_dtype=pl.String)).alias(column)


def entities_only(rows, column):
    """The rows, with no person's code in a column of entities' codes."""
    odd = {code for code in rows.filter(pl.col(column).str.contains(r"^\d{11}$"))[column].unique() if personal(code)}
    if not odd:
        return rows
    state = pl.col("valstybe").map_elements(is_abroad, return_dtype=pl.Boolean).fill_null(False)
    return rows.with_columns(pl.when(~(pl.col(column).is_in(list(odd)) & ~state)).then(pl.col(column)).alias(column))
