"""What is not portable in ORDER BY."""

from sqlglot import Dialect, exp
from sqlglot.tokens import TokenType

from words import DIALECT

ENDS = {"LIMIT", "OFFSET", "ROWS", "RANGE", ";", "UNION"}


def tokens(sql: str) -> list:
    return Dialect.get_or_raise(DIALECT).tokenize(sql)


def without_nulls(sql: str):
    """Terms of an ORDER BY that do not say where nulls stand, and such that are positions. (A syntax tree does not tell what was not said.)"""
    found = tokens(sql)
    for start, token in enumerate(found):
        if token.token_type != TokenType.ORDER_BY:
            continue
        depth, term = 0, []
        for token in [*found[start + 1 :], None]:
            word = token.text.upper() if token else ";"
            depth += (word == "(") - (word == ")")
            if depth < 0 or (depth == 0 and word in {",", *ENDS}):
                yield from wrong(term)
                term = []
                if depth < 0 or word != ",":
                    break
            else:
                term.append(token)


def wrong(term: list):
    words = [token.text.upper() for token in term]
    if words[0].isdigit() or words == ["ALL"]:
        yield term[0].line, "ORDER BY a position", ""
    elif "NULLS" not in words or words[-1] != "LAST":
        yield term[0].line, "ORDER BY without NULLS LAST", ""


def headings_in_other_letters(tree, line):
    """A bare name in ORDER BY that is the heading of a column in other letters."""
    for select in tree.find_all(exp.Select):
        order = select.args.get("order")
        headings = {part.alias for part in select.expressions if isinstance(part, exp.Alias)}
        for column in order.find_all(exp.Column) if order else []:
            meant = [heading for heading in headings if heading.lower() == column.name.lower() and heading != column.name]
            if meant and not column.table:
                yield line(column), "a heading in other letters", ""
