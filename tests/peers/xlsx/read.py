"""Prints the rows of a workbook's first sheet as JSON: numbers and truth values as such, days as texts."""

import datetime
import json
import sys

import openpyxl


def cell(value):
    if isinstance(value, datetime.datetime):
        assert value.time() == datetime.time(0), "a day is no moment"
        return value.date().isoformat()
    return value


sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
print(json.dumps([[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]))
