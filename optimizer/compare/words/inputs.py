"""What differs in the data, in few lines."""

import json
from typing import TYPE_CHECKING, Any

from optimizer.cli.layout import table, wrap

if TYPE_CHECKING:
    from optimizer.compare.comparison import Comparison
    from optimizer.compare.folding import Folded

MOST_LINES = 30
MOST_PERIODS = 6


def input_lines(comparison: "Comparison") -> list[str]:
    """One line for each difference, those that are alike as one."""
    if not comparison.inputs_known:
        return ["Inputs: not known", *_why_unknown(comparison)]
    lines, number = comparison.folded_inputs, len(comparison.inputs)
    if not lines:
        same = comparison.before.plan.instance_sha256 == comparison.after.plan.instance_sha256
        return ["Inputs: no difference" + ("" if same else " but the order of names or rows")]
    shown = lines if len(lines) <= MOST_LINES else lines[: MOST_LINES - 1]
    rows = [(line.path, what(line), counted(line)) for line in shown]
    title = f"Inputs that differ: {number:,} {'value' if number == 1 else 'values'}"
    out = [title, *table(("input", "before → after", ""), rows, "lll")]
    if more := len(lines) - len(shown):
        out.append(f"  and {more} more lines; --out writes all")
    return [*out, *_periods(comparison)]


def what(line: "Folded") -> str:
    """What happened to a value, a record, or several of them."""
    if line.kind == "removed":
        return (
            "removed"
            if line.before is None or line.unit != "values"
            else f"{_text(line.before)} removed"
        )
    if line.kind == "added":
        told = "" if line.after is None else f": {_content(line.after)}"
        return f"added{told}"
    if line.ratio is not None and line.number > 1:
        return f"× {line.ratio:.6g}"
    before = "various" if line.number > 1 and line.before is None else _text(line.before)
    times = "" if line.ratio is None else f" (× {line.ratio:.4g})"
    return f"{before} → {_text(line.after)}{times}"


def counted(line: "Folded") -> str:
    """How many values a line stands for, if more than one."""
    return f"({line.number:,} {line.unit})" if line.number > 1 else ""


def _text(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value) or "nothing"


def _content(value: Any) -> str:
    """A number, or the fields of a record without braces."""
    if not (isinstance(value, str) and value.startswith("{")):
        return _text(value)
    return ", ".join(f"{name} {told}" for name, told in json.loads(value).items())


def _why_unknown(comparison: "Comparison") -> list[str]:
    sides = (comparison.before, comparison.after)
    return [
        f"  {line}"
        for side in sides
        if side.note
        for line in wrap(f"{side.label}: {side.note}", 96)
    ]


def _periods(comparison: "Comparison") -> list[str]:
    """Periods that only one of the two has."""
    a, b = comparison.before.instance, comparison.after.instance
    assert a is not None
    assert b is not None
    lines = []
    for word, here, there in (("new", b, a), ("no longer", a, b)):
        names = [t for t in here.periods if t not in there.periods]
        if names:
            more = len(names) - MOST_PERIODS
            rest = f" and {more} more" if more > 0 else ""
            lines.append(f"  periods {word}: {', '.join(names[:MOST_PERIODS])}{rest}")
    return lines
