"""Control digits of codes, as Polars expressions over whole columns, and as functions for the few cells that are looked at one by one."""

from datetime import date

import polars as pl

FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]
SECOND = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]


def _control(number, digits):
    """The control digit of `digits` digits, whose number with the control digit itself is `number`."""

    def weighed(weights):
        places = [(number // 10 ** (digits - place)) % 10 * weights[place] for place in range(digits)]
        return pl.sum_horizontal(places) % 11

    first, second = weighed(FIRST), weighed(SECOND)
    return pl.when(first < 10).then(first).when(second < 10).then(second).otherwise(0)


def is_entity_code(text):
    """Nine digits with a right control digit, or an old code of seven digits."""
    number = text.cast(pl.Int64, strict=False)
    right = _control(number, 8) == number % 10
    return (text.str.contains(r"^\d{9}$") & right.fill_null(False)) | text.str.contains(r"^\d{7}$")


def is_personal_code(text):
    number = text.cast(pl.Int64, strict=False)
    right = (_control(number, 10) == number % 10).fill_null(False)
    first = text.str.slice(0, 1)
    century = pl.when(first.is_in(["1", "2"])).then(pl.lit("18")).when(first.is_in(["3", "4"])).then(pl.lit("19"))
    century = century.when(first.is_in(["5", "6"])).then(pl.lit("20")).when(first.is_in(["7", "8"])).then(pl.lit("21"))
    born = (century.otherwise(None) + text.str.slice(1, 6)).str.to_date("%Y%m%d", strict=False)
    return text.str.contains(r"^\d{11}$") & right & ((first == "9") | born.is_not_null())


def personal_birth(digits):
    if len(digits) != 11 or not digits.isascii() or not digits.isdigit() or digits[0] in "09":
        return False
    try:
        date(1800 + (int(digits[0]) - 1) // 2 * 100 + int(digits[1:3]), int(digits[3:5]), int(digits[5:7]))
    except ValueError:
        return False
    return True


def personal(digits):
    if len(digits) != 11 or not digits.isascii() or not digits.isdigit():
        return False
    values = [int(digit) for digit in digits]
    control = sum(value * weight for value, weight in zip(values, FIRST)) % 11
    if control == 10:
        control = sum(value * weight for value, weight in zip(values, SECOND)) % 11 % 10
    return control == values[10] and (digits[0] == "9" or personal_birth(digits))
