"""The four formats of a table: CSV with a guard against formulas, JSON, JSON Lines, Parquet with titles in its metadata; as publish/src/formats writes them.

`polars` writes text with Polars and Parquet with pyarrow; `duckdb` lets DuckDB copy all four.
"""

import re

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

UNSEEN = r"[\s\p{Cc}\u{ad}\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2064}\u{feff}]"
# A spreadsheet would run such a text as a formula, telephone numbers apart.
FORMULA = rf"^'*(?:[\t\r\n]|{UNSEEN}*[=+\-@＝＋－＠﹦﹢﹣﹫])"
TELEPHONE = r"^'*\+[0-9][0-9 \u{a0}]*$"
ROW_GROUP = 131_072


def guarded(rows):
    """Text cells as CSV may hold them: behind an apostrophe where a spreadsheet would run them. Most columns have none."""
    risky = []
    for name, kind in rows.schema.items():
        if kind == pl.String and rows[name].str.contains(FORMULA).any():
            text = pl.col(name)
            risky.append(pl.when(text.str.contains(FORMULA) & ~text.str.contains(TELEPHONE)).then("'" + text).otherwise(text).alias(name))
    return rows.with_columns(risky)


def described(column):
    metadata = {"title_lt": column.title["lt"], "title_en": column.title["en"]}
    if column.unit:
        metadata["unit"] = column.unit
    if column.check and column.check.startswith("classifier:"):
        metadata["classifier"] = column.check.split(":")[1]
    return metadata


def table_metadata(table):
    said = {"table": table.name}
    for what, texts in (("title", table.title), ("description", table.description)):
        said |= {f"{what}_lt": texts["lt"], f"{what}_en": texts["en"]}
    return said


def parquet(table, rows, path):
    arrow = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_large_string(field.type) else field.type, metadata=described(table.column(field.name)))
        for field in arrow.schema
    ]
    arrow = arrow.cast(pa.schema(fields, metadata=table_metadata(table)))
    pq.write_table(arrow, path, compression="zstd", row_group_size=ROW_GROUP)


def with_polars(table, rows, stem):
    guarded(rows).write_csv(stem.with_suffix(".csv"), line_terminator="\r\n")
    lines = rows.write_ndjson().encode()
    # Polars writes decimals as texts; in JSON they are numbers. No text holds an unescaped quotation mark, so that this is found in no cell.
    decimals = [re.escape(name) for name, kind in rows.schema.items() if kind.base_type() == pl.Decimal]
    if decimals:
        lines = re.sub(rf'("(?:{"|".join(decimals)})":)"(-?[0-9.]+)"'.encode(), rb"\1\2", lines)
    stem.with_suffix(".jsonl").write_bytes(lines)
    with open(stem.with_suffix(".json"), "wb") as file:
        file.write(b"[")
        if lines:
            file.write(b"\n")
        file.write(lines.removesuffix(b"\n").replace(b"\n", b",\n"))
        file.write(b"\n]\n")
    parquet(table, rows, stem.with_suffix(".parquet"))


def with_duckdb(connection):
    def write(table, rows, stem):
        def copy(rows, extension, options):
            connection.register("shown", rows.to_arrow())
            connection.execute(f"COPY (SELECT * FROM shown) TO '{stem.with_suffix(extension)}' ({options})")
            connection.unregister("shown")

        copy(guarded(rows), ".csv", r"FORMAT csv, HEADER, NEW_LINE '\r\n'")
        # DuckDB writes a DECIMAL(13,12) without its last zeros, one of 18 digits with them.
        whole = rows.with_columns(pl.col(name).cast(pl.Decimal(18, 12)) for name, kind in rows.schema.items() if kind == pl.Decimal(13, 12))
        copy(whole, ".json", "FORMAT json, ARRAY true")
        copy(whole, ".jsonl", "FORMAT json")
        # DuckDB has metadata of a file, but none of its columns.
        said = ", ".join("'{}': '{}'".format(name, text.replace("'", "''")) for name, text in table_metadata(table).items())
        copy(rows, ".parquet", f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, KV_METADATA {{{said}}}")

    return write


def publish(catalog, connection, made, disclosed, out, variant):
    """All tables of both tiers; `made` gives the rows of a table, `disclosed` what of them a tier gets."""
    write = with_polars if variant == "polars" else with_duckdb(connection)
    for table in catalog.layer("out"):
        tiers = [tier for tier in ("public", "open") if tier in table.tiers]
        if not tiers:
            continue
        rows = made(table)
        for tier in tiers:
            folder = out / tier / catalog.dataset_of(table.name)
            folder.mkdir(parents=True, exist_ok=True)
            write(table, disclosed(table, tier, rows), folder / table.name.removeprefix("out_"))
