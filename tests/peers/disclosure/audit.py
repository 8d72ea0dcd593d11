"""What a reader can say of suppressed cells, solved by HiGHS through scipy: nothing in common with the crate `protection`.

    audit.py < systems.json    prints, for each system of a list, the interval of each suppressed cell: [[[cell, least, greatest], …], …]

A system is what `protection::System::published` writes:

    {"cells": [{"shown": 12.5, "least": 0, "greatest": null, "whole": false}, …],
     "relations": [{"terms": [[cell, factor], …], "constant": 0}, …]}

`shown` is null for a suppressed cell; `least` and `greatest` are what is known of it, null where nothing is. Cells are numbered by their place.
A bound that does not exist is printed as null. A system that no values fit ends the program with an error.
"""

import json
import sys

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

OPTIMAL, UNBOUNDED, UNBOUNDED_OR_INFEASIBLE = 0, 3, 4

# A count beyond all that systems here have.
LARGEST = 1e6


def solve(system):
    cells = system["cells"]
    unknown = [number for number, cell in enumerate(cells) if cell["shown"] is None]
    place = {number: column for column, number in enumerate(unknown)}
    if not unknown:
        return []
    matrix = numpy.zeros((len(system["relations"]), len(unknown)))
    rest = numpy.zeros(len(system["relations"]))
    for row, relation in enumerate(system["relations"]):
        rest[row] = relation["constant"]
        for number, factor in relation["terms"]:
            if number in place:
                matrix[row, place[number]] += factor
            else:
                rest[row] -= factor * cells[number]["shown"]
    # Rows of shown cells alone say nothing. Others hold but for the rounding of floating-point numbers.
    used = numpy.abs(matrix).sum(axis=1) > 0
    rounding = 1e-9 * numpy.maximum(1, numpy.abs(rest[used]))
    constraints = LinearConstraint(matrix[used], rest[used] - rounding, rest[used] + rounding) if used.any() else ()
    whole = numpy.array([int(cells[number]["whole"]) for number in unknown])
    least = numpy.array([-numpy.inf if cells[number]["least"] is None else cells[number]["least"] for number in unknown])
    greatest = numpy.array([numpy.inf if cells[number]["greatest"] is None else cells[number]["greatest"] for number in unknown])
    # HiGHS takes some programs for infeasible that have whole numbers without bounds.
    near = numpy.where(whole, numpy.maximum(least, -LARGEST), least), numpy.where(whole, numpy.minimum(greatest, LARGEST), greatest)

    def bound(column, sign):
        cost = numpy.zeros(len(unknown))
        cost[column] = sign
        relaxed = milp(cost, bounds=Bounds(least, greatest), constraints=constraints)
        if relaxed.status in (UNBOUNDED, UNBOUNDED_OR_INFEASIBLE):
            # A program of rational numbers that any whole numbers fit is bounded if its relaxation is.
            fits = milp(0 * cost, integrality=whole, bounds=Bounds(*near), constraints=constraints)
            return None if fits.status == OPTIMAL else sys.exit(f"cell {unknown[column]}: {fits.message}")
        found = milp(cost, integrality=whole, bounds=Bounds(*near), constraints=constraints) if whole.any() else relaxed
        return sign * found.fun if found.status == OPTIMAL else sys.exit(f"cell {unknown[column]}: {found.message}")

    return [[number, bound(column, 1), bound(column, -1)] for column, number in enumerate(unknown)]


print(json.dumps([solve(system) for system in json.load(sys.stdin)]))
