"""compare.py HOME RELEASE PEER: whether the tables that a peer wrote are those of the release, row by row and cell by cell, in all four formats.

RELEASE is the folder of a release (portal/latest), PEER that of `python -m peer`. Every table of the public and of the open tier in all four formats must be there, with the same columns,
rows and cells in the same order. Only of statistics that are protected (`[[protect]]` in their table) less is compared: rows whose key both have, and of these the cells that
`konfidencialu` does not name. Rows that stand for several categories together, and those of the categories, are counted, not compared. Exit code 1: something differs.
"""

import filecmp
import json
import sys
from pathlib import Path

import polars as pl

sys.path.append(str(Path(__file__).parent))
from peer import tiers  # noqa: E402
from peer.definitions import Catalog  # noqa: E402

FORMATS = ("csv", "json", "jsonl", "parquet")


def read(path, columns):
    """A file as texts, exactly as they stand in it: so a number that is written otherwise is another one, too."""
    names = [column.name for column in columns]
    match path.suffix:
        case ".csv":
            frame = pl.read_csv(path, infer_schema=False)
        case ".parquet":
            frame = pl.read_parquet(path)
            if frame.columns != names:
                return frame
            kinds = {column.name: str(frame.schema[column.name]) for column in columns}
            frame = frame.with_columns(pl.col(pl.Boolean, pl.Int64, pl.Date).cast(pl.String), pl.selectors.decimal().cast(pl.String))
            return frame.rename({name: f"{name} {kind}" for name, kind in kinds.items()})
        case suffix:
            frame = read_json(path, suffix, names)
    return frame


def read_json(path, suffix, names):
    """Objects, one a line, in the order of their keys; numbers as they are written."""
    data = path.read_bytes()
    if suffix == ".json":
        if data[:1] != b"[" or data.rstrip()[-1:] != b"]":
            raise ValueError("no array")
    lines = pl.read_csv(data, has_header=False, separator="\x01", quote_char=None, schema={"line": pl.String}) if data else pl.DataFrame(schema={"line": pl.String})
    line = pl.col("line").str.strip_chars("\t").str.strip_suffix(",")
    lines = lines.select(line).filter(pl.col("line").str.starts_with("{"))
    value = r'(?:null|true|false|-?[0-9.eE+-]+|"(?:[^"\\]|\\.)*")'
    whole = r"^\{" + ",".join(f'"{name}":(?P<v{place}>{value})' for place, name in enumerate(names)) + r"\}$"
    cells = lines.select(pl.col("line").str.extract_groups(whole)).unnest("line") if lines.height else pl.DataFrame(schema={f"v{place}": pl.String for place in range(len(names))})
    if cells.height and cells.select(pl.first().null_count()).item():
        raise ValueError("a line that is no object of these columns")
    cells.columns = names
    return cells.with_columns(pl.col(name).replace_strict(decoded(cells[name]), return_dtype=pl.String) for name in names)


def decoded(values):
    """What each JSON value of a column stands for: texts decoded, numbers as they are written."""
    return {value: json.loads(value) if value[:1] == '"' else None if value == "null" else value for value in values.unique()}


def different(ours, theirs):
    """In words how two frames of texts differ; none if they do not."""
    if ours.columns != theirs.columns:
        return f"columns {', '.join(name for name in theirs.columns if name not in ours.columns) or 'in another order'}"
    if ours.height != theirs.height:
        return f"{ours.height} rows, the peer has {theirs.height}"
    cells = {name: ours[name].ne_missing(theirs[name]).sum() for name in ours.columns}
    cells = {name: count for name, count in cells.items() if count}
    return ", ".join(f"{count} cells of {name}" for name, count in cells.items())


def different_statistic(catalog, table, ours, theirs, left):
    """The same of a statistic that is protected in the release and is not in the peer. `left` counts what is left out."""
    if ours.columns != theirs.columns:
        return "other columns"
    # Of Parquet the kind stands beside the name.
    named = {name.split(" ")[0]: name for name in ours.columns}
    key, mark = [named[name] for name in table.key], named["konfidencialu"]
    if ours.select(key).is_duplicated().any() or theirs.select(key).is_duplicated().any():
        return "a key twice"
    ours_alone, theirs_alone = (one.join(other, on=key, how="anti", nulls_equal=True).select(key).rows() for one, other in ((ours, theirs), (theirs, ours)))
    if not merged_alike(catalog, table, ours_alone, theirs_alone):
        return "rows that the other has not, and that are not those of merged categories"
    both = ours.join(theirs, on=key, how="inner", suffix=" of the peer", nulls_equal=True)
    hidden = pl.concat_str(pl.lit(";"), pl.col(mark).fill_null(""), pl.lit(";"))
    left["merged"], left["hidden"], left["compared"], wrong = len(ours_alone), 0, 0, {}
    for plain, name in named.items():
        if name in key or name == mark:
            continue
        is_hidden = hidden.str.contains(f";{plain};", literal=True)
        is_wrong = pl.col(name).ne_missing(pl.col(f"{name} of the peer")) & ~is_hidden | is_hidden & pl.col(name).is_not_null()
        cells = both.select(hidden=is_hidden.sum(), wrong=is_wrong.sum()).row(0)
        left["hidden"] += cells[0]
        left["compared"] += both.height - cells[0]
        if cells[1]:
            wrong[name] = cells[1]
    return ", ".join(f"{count} cells of {name}" for name, count in wrong.items())


def merged_alike(catalog, table, ours, theirs):
    """Whether the rows that only the release has stand for several categories, and those that only the peer has for these categories."""
    if not ours and not theirs:
        return True
    if not table.merge:
        return False
    place = table.key.index(table.merge["column"])
    group_of = {code: group for group, said in catalog.classifiers[table.merge["classifier"]].groups.items() for code in said["of"]}
    merged = {(*key[:place], group_of.get(key[place]), *key[place + 1 :]) for key in theirs}
    return merged == set(ours)


def main(home, release, peer):
    catalog = Catalog(Path(home))
    release, peer = Path(release), Path(peer)
    equal, failed, rows, same_bytes, partly = 0, [], 0, 0, {}
    for table in catalog.layer("out"):
        for tier in ("public", "open"):
            if tier not in table.tiers:
                continue
            columns = tiers.visible(table, tier)
            for extension in FORMATS:
                path = Path(catalog.dataset_of(table.name)) / f"{table.name.removeprefix('out_')}.{extension}"
                ours, theirs = release / tier / "data" / path, peer / tier / path
                if not ours.exists() or not theirs.exists():
                    failed.append(f"{tier}/{path}: there is no such file in {'the release' if not ours.exists() else 'the peer'}")
                    continue
                same = extension != "parquet" and filecmp.cmp(ours, theirs, shallow=False)
                same_bytes += same
                if same and not table.protected:
                    # Nothing can be more equal; the rows are counted when their Parquet is read.
                    equal += 1
                    continue
                try:
                    ours, theirs = read(ours, columns), read(theirs, columns)
                except ValueError as reason:
                    failed.append(f"{tier}/{path}: {reason}")
                    continue
                rows += ours.height if extension == "parquet" else 0
                if table.protected:
                    left = partly.setdefault((table.name, tier), {"hidden": 0, "merged": 0, "compared": 0})
                    wrong = different_statistic(catalog, table, ours, theirs, left)
                else:
                    wrong = different(ours, theirs)
                equal += not wrong
                if wrong:
                    failed.append(f"{tier}/{path}: {wrong}")
    print(f"{'statistic that disclosure control protects':<44}{'tier':<8}{'cells compared':>15}{'hidden':>8}{'rows merged':>13}")
    for (name, tier), left in partly.items():
        print(f"{name:<44}{tier:<8}{left['compared']:>15}{left['hidden']:>8}{left['merged']:>13}")
    for line in failed:
        print(f"differs: {line}", file=sys.stderr)
    print(f"{equal} files equal, {len(failed)} differ; {rows} rows in all, each in four formats; {same_bytes} of the text files are the same bytes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
