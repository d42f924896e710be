"""Cells of Excel files: numbers stay numbers, and no text is ever a formula or an address."""

import math
from typing import Any

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""

MOST_CHARACTERS = 32_767
"""Characters that a cell can hold."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def put(sheet: Any, row: int, place: int, value: Any) -> bool:
    """Write a cell: numbers as numbers, all else as text; True if a text had to be cut."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return False
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
        return False
    if isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(row, place, value)
        return False
    text = str(value)
    sheet.write_string(row, place, text[:MOST_CHARACTERS])
    return len(text) > MOST_CHARACTERS
