"""Pieces of HTML for notebooks. Names and texts are data: every one is escaped.

Tables name no colours and no fonts, so that they look like the notebook's own, light or dark.
"""

from collections.abc import Iterable, Sequence
from html import escape

BESIDE = "display:flex;flex-wrap:wrap;gap:0.5em 2em;align-items:flex-start"
SIDES = {"l": "left", "r": "right"}


def page(*parts: str) -> str:
    """Parts below each other; dollar signs in texts are not taken for formulas."""
    return f'<div class="tex2jax_ignore mathjax_ignore">{"".join(parts)}</div>'


def beside(*parts: str) -> str:
    """Parts beside each other, where there is room."""
    return f'<div style="{BESIDE}">{"".join(parts)}</div>'


def headline(name: str, text: str) -> str:
    """A name, and what is said of it."""
    return f"<p><b>{escape(name)}</b> {escape(text)}</p>"


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<p>{escape(text)}</p>"


def bullets(texts: Iterable[str]) -> str:
    """A list of texts; nothing if there are none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> str:
    """A table with its title; `align` has a letter for each column: l or r.

    Nothing if there are no rows.
    """
    body = "".join(_line(row, "td", align) for row in rows)
    if not body:
        return ""
    above = f"<div><b>{escape(title)}</b></div>" if title else ""
    head = _line(heads, "th", align)
    return f"<div>{above}<table><thead>{head}</thead><tbody>{body}</tbody></table></div>"


def _line(cells: Sequence[str], tag: str, align: str) -> str:
    """One row of a table."""
    told = (
        f'<{tag} style="text-align:{SIDES[side]}">{escape(cell)}</{tag}>'
        for cell, side in zip(cells, align, strict=True)
    )
    return f"<tr>{''.join(told)}</tr>"
