"""Prints every sheet of a workbook as JSON: [name, rows, what is filtered], with numbers as such and days as texts."""

import datetime
import json
import sys

import openpyxl
from openpyxl.utils.escape import unescape


def cell(value):
    # `_x0007_` stands for what XML cannot hold (ECMA-376, ST_Xstring); the library reads texts inside cells as they are written.
    if isinstance(value, str):
        return unescape(value)
    return value.date().isoformat() if isinstance(value, datetime.datetime) else value


def rows(sheet):
    return [[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]


book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps([[sheet.title, rows(sheet), sheet.auto_filter.ref] for sheet in book.worksheets]))
