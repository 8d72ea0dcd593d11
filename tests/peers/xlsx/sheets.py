"""Prints every sheet of a workbook as JSON: its name, its rows, and which cells can be filtered, with numbers and truth values as such, days as texts."""

import datetime
import json
import sys

import openpyxl
from openpyxl.utils.escape import unescape


def cell(value):
    # `_x0007_` stands for what XML cannot hold (ECMA-376, ST_Xstring); the library reads texts inside cells as they are written.
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, datetime.datetime):
        assert value.time() == datetime.time(0), "a day is no moment"
        return value.date().isoformat()
    return value


def rows(sheet):
    return [[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]


book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps([{"name": sheet.title, "rows": rows(sheet), "filtered": sheet.auto_filter.ref} for sheet in book.worksheets]))
