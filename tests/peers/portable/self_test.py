"""That the comparison and the reading of constructs can fail: statements known to differ, and constructs known not to be portable.

A check that never fails proves nothing, so these run every time; what passes that should not is a failure.
"""

from decimal import Decimal

import compare
import constructs
import definitions
import hard_rows
import pyarrow
from engines import DataFusion, DuckDb, Refused
from statements import Statement
from words import ADVICE, TOKENS

ROWS = pyarrow.table({
    "kas": ["a", "b", None, "ΟΔΟΣ", "\u0130"] * 8,
    "kiek": pyarrow.array([1, 2, 3, None, 5] * 8, pyarrow.int64()),
    "nr": pyarrow.array(range(40), pyarrow.int64()),
    # More units than a DOUBLE holds.
    "suma": pyarrow.array([Decimal(n * (10**17 // 41) + n).scaleb(-2) for n in range(1, 41)], pyarrow.decimal128(18, 2)),
})

# What differs, and the statement that does.
DIFFERENT = {
    "rows": "SELECT nr FROM eilutes WHERE LOWER(kas) = 'οδοσ' ORDER BY nr NULLS LAST",
    "cell": "SELECT nr, CAST(CAST(nr AS DOUBLE) + CAST(0.5 AS DOUBLE) AS BIGINT) AS pusiau FROM eilutes ORDER BY nr NULLS LAST",
    "large DECIMAL": "SELECT nr, CAST(suma AS DOUBLE) AS d FROM eilutes ORDER BY nr NULLS LAST",
    "nulls": "SELECT kas, nr FROM eilutes ORDER BY kas DESC, nr",
    "order": "SELECT nr FROM eilutes",
    "ties": "SELECT nr, ROW_NUMBER() OVER (PARTITION BY kas ORDER BY kiek NULLS LAST) AS vieta FROM eilutes ORDER BY nr NULLS LAST",
    "type": "SELECT SUM(kiek) AS s FROM eilutes",
    "division": "SELECT nr, nr / 2 AS pusė FROM eilutes ORDER BY nr NULLS LAST",
    "one engine alone": "SELECT list_sum([nr]) AS s, strftime(CAST('2024-02-29' AS DATE), '%d') AS d FROM eilutes ORDER BY nr NULLS LAST",
}
SAME = "SELECT kas, CAST(SUM(kiek) AS BIGINT) AS s, COUNT(*) AS n FROM eilutes GROUP BY kas ORDER BY kas NULLS LAST"

# What is refused, by its name, in a statement over `core_tirazas` (tirazas is a BIGINT) and `out_lesos` (suma is a DECIMAL(18,2)).
REFUSED = {
    "VARCHAR": "SELECT CAST(vip_nr AS VARCHAR) AS a FROM core_tirazas",
    "type INT": "SELECT CAST(tirazas AS INTEGER) AS a FROM core_tirazas",
    "a :: cast": "SELECT tirazas::BIGINT AS a FROM core_tirazas",
    "division by //": "SELECT tirazas // 2 AS a FROM core_tirazas",
    "a division of other than DOUBLE": "SELECT tirazas / 2 AS a FROM core_tirazas",
    "the remainder %": "SELECT tirazas % 2 AS a FROM core_tirazas",
    "QUALIFY": "SELECT vip_nr FROM core_tirazas QUALIFY ROW_NUMBER() OVER (PARTITION BY vip_nr ORDER BY data NULLS LAST) = 1",
    "EXCLUDE": "SELECT * EXCLUDE (data) FROM core_tirazas",
    "USING SAMPLE": "SELECT vip_nr FROM core_tirazas USING SAMPLE 10",
    "GROUP BY ALL": "SELECT vip_nr, COUNT(*) AS n FROM core_tirazas GROUP BY ALL",
    "DISTINCT ON": "SELECT DISTINCT ON (vip_nr) vip_nr, data FROM core_tirazas",
    "USING": "SELECT a.vip_nr FROM core_tirazas AS a JOIN core_tirazas AS b USING (vip_nr)",
    "SEMI JOIN": "SELECT a.vip_nr FROM core_tirazas AS a SEMI JOIN out_lesos AS b ON a.vip_nr = b.vip_nr",
    "ASOF JOIN": "SELECT a.vip_nr FROM core_tirazas AS a ASOF JOIN out_lesos AS b ON a.vip_nr = b.vip_nr AND a.data >= b.data",
    "WITH RECURSIVE": "WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a WHERE n < 3) SELECT n FROM a",
    "ORDER BY without NULLS LAST": "SELECT vip_nr FROM core_tirazas ORDER BY data DESC, vip_nr NULLS LAST",
    "ORDER BY a position": "SELECT vip_nr FROM core_tirazas ORDER BY 1 NULLS LAST",
    "a quoted name": 'SELECT "vip_nr" FROM core_tirazas',
    "a name with capital or other than ASCII letters": "SELECT vip_nr AS VipNr FROM core_tirazas",
    "a backslash in a text": "SELECT vip_nr FROM core_tirazas WHERE vip_nr = '\\d'",
    "a fraction without CAST": "SELECT vip_nr FROM out_lesos WHERE suma > 0.5",
    "NULL without CAST": "SELECT vip_nr, NULL AS a FROM core_tirazas",
    "a parameter without CAST": "SELECT vip_nr FROM core_tirazas WHERE vip_nr = $kas",
    "CAST of a DOUBLE to DECIMAL": "SELECT CAST(CAST(tirazas AS DOUBLE) / CAST(3 AS DOUBLE) AS DECIMAL(18,4)) AS a FROM core_tirazas",
    "CAST of a DECIMAL to DOUBLE": "SELECT CAST(suma AS DOUBLE) AS a FROM out_lesos",
    "CAST of a fraction to BIGINT": "SELECT CAST(suma AS BIGINT) AS a FROM out_lesos",
    "a product of narrow DECIMALs": "SELECT suma * CAST(100 AS DECIMAL(3,0)) AS a FROM out_lesos",
    "SUM of BIGINT without CAST": "SELECT n FROM (SELECT SUM(CASE WHEN su_reklama = 'taip' THEN tirazas ELSE 0 END) AS n FROM core_tirazas) AS a",
    "function AVG": "SELECT AVG(tirazas) AS a FROM core_tirazas",
    "function ROUND": "SELECT ROUND(tirazas) AS a FROM core_tirazas",
    "function REGEXP_LIKE": "SELECT vip_nr FROM core_tirazas WHERE regexp_matches(vip_nr, 'a')",
    "function TIME_TO_STR": "SELECT strftime(data, '%Y') AS a FROM core_tirazas",
    "function ARRAY_AGG": "SELECT array_agg(vip_nr) AS a FROM core_tirazas",
    "function STRUCT": "SELECT struct_pack(a := vip_nr) AS a FROM core_tirazas",
    "function LEN_OF_NOTHING": "SELECT len_of_nothing(vip_nr) AS a FROM core_tirazas",
    "INTERVAL": "SELECT vip_nr FROM core_tirazas WHERE data + INTERVAL 1 MONTH > data",
    "FILTER": "SELECT COUNT(*) FILTER (WHERE tirazas > 1) AS a FROM core_tirazas",
    "a table function": "SELECT a FROM read_csv('a.csv')",
    "a file or a schema in FROM": "SELECT a FROM 'a.csv'",
    "a statement that cannot be read": "SELECT FROM WHERE",
}
# A report alone may have quoted names.
REFUSED_IN_REPORTS = {"a heading in other letters": 'SELECT vip_nr AS "Vip_nr" FROM tirazas ORDER BY vip_nr NULLS LAST'}
ACCEPTED = [
    "SELECT CAST(CAST(FLOOR(CAST(tirazas AS DOUBLE) / CAST(3 AS DOUBLE) * CAST(10000 AS DOUBLE) + CAST(0.5 AS DOUBLE)) AS BIGINT)"
    " * CAST(0.0001 AS DECIMAL(4,4)) AS DECIMAL(18,4)) AS a FROM core_tirazas ORDER BY a NULLS LAST",
    "SELECT CAST(CAST(suma AS DECIMAL(20,2)) * CAST(100 AS DECIMAL(3,0)) AS BIGINT) AS a, CAST(NULL AS STRING) AS b FROM out_lesos ORDER BY a NULLS LAST",
    "SELECT vip_nr, CAST(SUM(tirazas) AS BIGINT) AS a FROM core_tirazas WHERE data <= CAST($diena AS DATE) GROUP BY vip_nr ORDER BY vip_nr NULLS LAST",
]


def failures(home) -> list:
    return [*of_comparison(), *of_constructs(definitions.tables(home))]


def of_comparison():
    engines = [DuckDb(), DataFusion()]
    for place, engine in enumerate(engines):
        engine.add("eilutes", hard_rows.scattered(ROWS, place))
    for what, sql in {**DIFFERENT, "nothing": SAME}.items():
        answers = []
        for engine in engines:
            try:
                answers.append(engine.ask(sql, {}))
            except Refused:
                pass
        different = len(answers) == 1 or (len(answers) == 2 and compare.same(*answers, ("DuckDB", "DataFusion")) is not None)
        if different != (what != "nothing") or not answers:
            yield f"self-test: {what} should {'not ' if what == 'nothing' else ''}differ in {sql}"
    yield from of_planted()


def of_planted():
    """A cell, a null, an order, a row, a heading and a type of one answer that are not those of the other."""
    one = pyarrow.table({"a": [1, 2, None], "b": ["x", "y", "z"]})
    others = {
        "a cell": pyarrow.table({"a": [1, 3, None], "b": ["x", "y", "z"]}),
        "a null": pyarrow.table({"a": [1, 2, 0], "b": ["x", "y", "z"]}),
        "a null more": pyarrow.table({"a": pyarrow.array([1, None, None], pyarrow.int64()), "b": ["x", "y", "z"]}),
        "an order": one.take([1, 0, 2]),
        "a row": one.slice(0, 2),
        "a heading": one.rename_columns(["a", "c"]),
        "a type": one.set_column(0, "a", one["a"].cast(pyarrow.float64())),
        "a mark": pyarrow.table({"a": [1, 2, None], "b": ["x", "y", "z\u0301"]}),
    }
    for what, other in others.items():
        if compare.same(one, other, ("one", "other")) is None:
            yield f"self-test: {what} that differs was not found"
    if compare.same(one, one.slice(0), ("one", "other")) is not None:
        yield "self-test: equal answers were told apart"


def of_constructs(tables: dict):
    for known in set(TOKENS.values()) - set(ADVICE):
        yield f"self-test: {known} is refused without advice"
    for kind, refused in (("model", REFUSED), ("report", REFUSED_IN_REPORTS)):
        needs = ["core_tirazas", "out_lesos"] if kind == "model" else ["out_tirazas"]
        for construct, sql in refused.items():
            said = constructs.found(Statement("bandymas", "sql/models/bandymas.sql", kind, sql, needs), tables)
            if not any(f"sql/models/bandymas.sql:1 (bandymas): {construct} is not portable; " in line for line in said):
                yield f"self-test: {construct} was not refused in {sql}: {said}"
    for sql in ACCEPTED:
        said = constructs.found(Statement("bandymas", "sql/models/bandymas.sql", "model", sql, ["core_tirazas", "out_lesos"]), tables)
        if said:
            yield f"self-test: {said} in {sql}"
