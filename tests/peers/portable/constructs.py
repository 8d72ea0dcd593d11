"""Constructs that engines read each in their own way, found by reading a statement, with what to write instead.

What is allowed is a list (`ALLOWED`, `FUNCTIONS`, `TYPES`): a construct that nobody has tried on all engines is refused by its name until somebody does.
"""

from sqlglot import exp, parse_one
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.tokens import TokenType

import orders
from words import DIALECT, TOKENS, advice

# What a column of each kind is to the reader of types.
KINDS = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "money": "DECIMAL(18,2)",
    "share": "DECIMAL(13,12)",
    "number": "DECIMAL(18,4)",
    "date": "DATE",
    "boolean": "BOOLEAN",
}
TYPE = exp.DataType.Type
# Types of a CAST: one for each kind of value, and DOUBLE for ratios.
TYPES = {TYPE.TEXT, TYPE.VARCHAR, TYPE.BIGINT, TYPE.DECIMAL, TYPE.DATE, TYPE.BOOLEAN, TYPE.DOUBLE}
WHOLE = {TYPE.BIGINT, TYPE.INT}
FLOATING = {TYPE.DOUBLE, TYPE.FLOAT}
FUNCTIONS = (
    exp.Cast, exp.Case, exp.If, exp.Coalesce, exp.Count, exp.Sum, exp.Min, exp.Max, exp.RowNumber,
    exp.Extract, exp.Lower, exp.Translate, exp.Length, exp.Floor, exp.And, exp.Or,
)
ALLOWED = (
    exp.Select, exp.Union, exp.With, exp.CTE, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order,
    exp.Ordered, exp.Limit, exp.Distinct, exp.Subquery, exp.Table, exp.TableAlias, exp.Alias, exp.Identifier,
    exp.Column, exp.Star, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Tuple, exp.Window, exp.DataType,
    exp.DataTypeParam, exp.Var, exp.Parameter, exp.Placeholder, exp.DPipe, exp.Add, exp.Sub, exp.Mul, exp.Div,
    exp.Neg, exp.Not, exp.In, exp.Is, exp.Between, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
)
UNITS = {"YEAR", "MONTH", "DAY"}


def found(statement, tables: dict) -> list:
    """A line for each construct of a statement that is not portable."""
    try:
        seen = [*of_words(statement), *orders.without_nulls(statement.sql), *of_tree(statement, parse_one(statement.sql, dialect=DIALECT))]
        # Only what reads so is understood well enough to tell types.
        seen += [] if seen else of_types(statement, tables)
    except Exception as error:  # noqa: BLE001 - of many kinds, none of which may pass
        seen = [(1, "a statement that cannot be read", str(error).splitlines()[0])]
    lines = [f"{statement.file}:{line} ({statement.name}): {construct} is not portable; {advice(construct, said)}" for line, construct, said in seen]
    return list(dict.fromkeys(lines))


def of_words(statement):
    for token in orders.tokens(statement.sql):
        word = token.text.upper()
        if token.token_type == TokenType.STRING:
            if "\\" in token.text:
                yield token.line, "a backslash in a text", ""
        elif token.token_type == TokenType.IDENTIFIER:
            if statement.kind != "report":
                yield token.line, "a quoted name", ""
        elif word in TOKENS:
            yield token.line, TOKENS[word], ""


def line(node) -> int:
    """Where a node stands, as near as it is known."""
    for part in node.walk():
        if "line" in part.meta:
            return part.meta["line"]
    return line(node.parent) if node.parent else 1


def of_tree(statement, tree):
    for node in tree.walk():
        construct = name(node)
        if construct:
            yield line(node), construct, ""
    yield from orders.headings_in_other_letters(tree, line)


def name(node) -> str | None:
    """What a node is called if it is not portable."""
    parent = node.parent
    if isinstance(node, exp.Func) and not isinstance(node, FUNCTIONS):
        return f"function {(node.name if isinstance(node, exp.Anonymous) else node.sql_name()).upper()}"
    if not isinstance(node, (*ALLOWED, *FUNCTIONS)):
        return type(node).__name__
    match node:
        case exp.TryCast():
            return "function TRY_CAST"
        case exp.Cast() if node.to.this not in TYPES:
            return f"type {node.to.sql(dialect=DIALECT)}"
        case exp.Cast() if node.to.this == TYPE.DECIMAL and len(node.to.expressions) != 2:
            return "DECIMAL without width and places"
        case exp.Extract() if node.name.upper() not in UNITS:
            return f"EXTRACT of {node.name.upper()}"
        case exp.Count() if isinstance(node.this, exp.Distinct) and len(node.this.expressions) > 1 or node.args.get("expressions"):
            return "COUNT of several columns"
        case exp.Literal() if node.is_number and not node.name.isdigit() and not isinstance(parent, exp.Cast):
            return "a fraction without CAST"
        case exp.Identifier() if not node.quoted and (node.name != node.name.lower() or not node.name.isascii()):
            return "a name with capital or other than ASCII letters"
        case exp.Null() if not isinstance(parent, (exp.Cast, exp.Is)):
            return "NULL without CAST"
        case exp.Parameter() | exp.Placeholder() if not isinstance(parent, exp.Cast):
            return "a parameter without CAST"
        case exp.With() if node.recursive:
            return "WITH RECURSIVE"
        case exp.Join() if node.args.get("using") or node.method:
            return "USING" if node.args.get("using") else f"{node.method} JOIN"
        case exp.Join() if node.kind in ("SEMI", "ANTI"):
            return f"{node.kind} JOIN"
        case exp.Star() if node.args.get("except_") or node.args.get("except"):
            return "EXCLUDE"
        case exp.Star() if node.args.get("replace") or node.args.get("rename"):
            return "REPLACE"
        case exp.Group() if node.args.get("all") or node.args.get("rollup") or node.args.get("cube") or node.args.get("grouping_sets"):
            return "GROUP BY ALL" if node.args.get("all") else "GROUPING SETS"
        case exp.Distinct() if node.args.get("on"):
            return "DISTINCT ON"
        case exp.Window() if node.args.get("spec"):
            return "a window frame"
        case exp.Union() if node.args.get("by_name"):
            return "UNION BY NAME"
        case exp.Select() if node.args.get("sample"):
            return "USING SAMPLE"
        case exp.Table() if isinstance(node.this, exp.Func):
            return "a table function"
        case exp.Table() if isinstance(node.this, exp.Identifier) and (node.db or "/" in node.name or "." in node.name):
            return "a file or a schema in FROM"
    return None


def of_types(statement, tables: dict):
    """What follows from the types of columns, as the definitions have them."""
    shown = {need.removeprefix("out_") if statement.kind == "report" else need: tables[need] for need in statement.needs}
    schema = {name: {column.name: KINDS[column.kind] for column in table.columns} for name, table in shown.items()}
    tree = qualify(parse_one(statement.sql, dialect=DIALECT), schema=schema, dialect=DIALECT, quote_identifiers=False, validate_qualify_columns=False)
    tree = annotate_types(tree, schema=schema, dialect=DIALECT)
    for node in tree.find_all(exp.Cast, exp.Div, exp.Mul, exp.Sum):
        construct = typed(node)
        if construct:
            yield line(node), construct, ""


def typed(node) -> str | None:
    inner = node.this
    while isinstance(inner, exp.Paren):
        inner = inner.this
    if isinstance(node, exp.Sum):
        cast = node.parent.this if isinstance(node.parent, exp.Window) else node
        is_cast = isinstance(cast.parent, exp.Cast) and cast.parent.to.this == TYPE.BIGINT
        return "SUM of BIGINT without CAST" if whole(inner) and not is_cast else None
    if isinstance(node, exp.Div):
        return None if kind(node.left) in FLOATING and kind(node.right) in FLOATING else "a division of other than DOUBLE"
    if isinstance(node, exp.Mul):
        widths = [width(node.left), width(node.right)]
        return "a product of narrow DECIMALs" if all(0 < one <= 18 for one in widths) and sum(widths) > 18 else None
    if isinstance(inner, exp.Literal):
        return None
    target, source = node.to.this, kind(inner)
    if target == TYPE.DECIMAL and source in FLOATING:
        return "CAST of a DOUBLE to DECIMAL"
    if target == TYPE.DOUBLE and source == TYPE.DECIMAL:
        return "CAST of a DECIMAL to DOUBLE"
    if target == TYPE.BIGINT and source in FLOATING and not isinstance(inner, exp.Floor):
        return "CAST of a fraction to BIGINT"
    if target == TYPE.BIGINT and source == TYPE.DECIMAL and not units(inner):
        return "CAST of a fraction to BIGINT"
    return None


def kind(node):
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.Floor):
        # It keeps the type of what it rounds.
        return kind(node.this)
    return node.type.this if node.type else None


def width(node) -> int:
    """Digits of a DECIMAL; 0 where it is none, or nobody knows."""
    digits = node.type.expressions if kind(node) == TYPE.DECIMAL else []
    return int(digits[0].name) if digits else 0


def whole(node) -> bool:
    if isinstance(node, exp.Case):
        return all(whole(part) for part in [*(when.args["true"] for when in node.args["ifs"]), node.args.get("default")] if part)
    return kind(node) in WHOLE or (isinstance(node, exp.Literal) and node.is_int)


def units(node) -> bool:
    """Whether it is a DECIMAL times a whole power of ten, so that nothing is left to round."""
    if not isinstance(node, exp.Mul):
        return False
    factors = [side.to for side in (node.left, node.right) if isinstance(side, exp.Cast) and side.to.this == TYPE.DECIMAL]
    return any(factor.expressions[1].name == "0" for factor in factors)
