"""Text tables: aligned columns that fit the page."""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from optimizer.cli.console import clean

WIDTH = 100
"""Widest line."""

LEAST = 8
"""A column is never cut shorter than this."""


def width_of(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if east_asian_width(ch) in "WF" else 1 for ch in text)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> list[str]:
    """Lines of a table with its heads; `align` has a letter for each column: l or r.

    Where the table is wider than the page, its widest left-aligned columns are cut.
    """
    cells = [[clean(cell).replace("\n", " ") for cell in row] for row in (heads, *rows)]
    widths = [max(width_of(row[i]) for row in cells) for i in range(len(heads))]
    texts = [i for i, letter in enumerate(align) if letter == "l"]
    while sum(widths) + 2 * len(widths) > WIDTH and texts:
        widest = max(texts, key=lambda i: widths[i])
        if widths[widest] <= LEAST:
            break
        widths[widest] -= 1
    lines = []
    for row in cells:
        parts = [_fit(cell, widths[i], align[i]) for i, cell in enumerate(row)]
        lines.append(("  " + "  ".join(parts)).rstrip())
    return lines


def pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of names and what they are, wrapped at the page's width."""
    listed = list(rows)
    left = max(width_of(name) for name, _ in listed)
    lines = []
    for name, text in listed:
        first = True
        for part in wrap(text, WIDTH - left - 4):
            lines.append(f"  {_fit(name if first else '', left, 'l')}  {part}".rstrip())
            first = False
    return lines


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of at most so many columns, broken between words."""
    lines = [""]
    for word in clean(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _fit(text: str, width: int, align: str) -> str:
    if width_of(text) > width:
        while width_of(text) > width - 1:
            text = text[:-1]
        text += "…"
    fill = " " * (width - width_of(text))
    return fill + text if align == "r" else text + fill
