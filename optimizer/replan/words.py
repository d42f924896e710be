"""An explained difference in words."""

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING

from optimizer.cli.layout import pairs, table, wrap
from optimizer.compare.words import headline
from optimizer.compare.words.costs import signed
from optimizer.compare.words.moved import happened, what_moved
from optimizer.figures import amount, money

if TYPE_CHECKING:
    from optimizer.replan.replan import Replan

MOST_LINES = 30


def in_words(found: "Replan") -> str:
    """What was placed, what the changes cost, and which of them moves what."""
    sections = [_head(found), _placed(found), _causes(found), _waterfall(found), _moves(found)]
    return "\n\n".join("\n".join(lines) for lines in [*sections, _notes(found)] if lines)


def _head(found: "Replan") -> list[str]:
    lines = [] if found.comparison is None else headline(found.comparison)
    told = [("orders placed", f"those of periods that start before {found.as_of}")]
    if abs(found.passed_musd) >= 0.05:
        text = f"{money(found.passed_musd)} beside the plan's cost, kept back by its pools"
        told.append(("still due", f"for orders of periods that have passed: {text}"))
    if abs(found.agreed_musd) >= 0.05:
        word = "more" if found.agreed_musd > 0 else "less"
        text = f"{money(abs(found.agreed_musd))} {word} than the plan's cost counts"
        told.append(("agreed prices", f"orders placed cost {text}, which is at today's prices"))
    return [*lines, *pairs(told)]


def _placed(found: "Replan") -> list[str]:
    if found.placed.empty:
        return ["Orders placed: none"]
    rows = [
        (
            str(row["site"]),
            _thing(str(row["what"]), str(row["name"]), int(row["amount"])),
            str(row["period"]),
            amount(row["paid_musd"]),
            amount(row["due_musd"]),
        )
        for row in found.placed.to_dict("records")
    ]
    heads = ("site", "what", "ordered", f"due before {found.as_of}", "due later")
    shown = _cut(rows)
    return ["Orders placed (MUSD at the prices agreed)", *table(heads, shown, "lllrr")]


def _thing(what: str, name: str, many: int) -> str:
    if what == "opening":
        return "opening"
    if what == "upgrade":
        return f"grid upgrade {name}"
    return f"{many:,} {name}" if name else f"{many:,} hall{'' if many == 1 else 's'}"


def _causes(found: "Replan") -> list[str]:
    if found.comparison is None:
        return []
    if not found.inputs:
        return ["Inputs that changed: none"]
    lines = ["Inputs that changed, and what each costs by itself (plans made again without it)"]
    for row in found.causes.to_dict("records"):
        effect, note = float(row["effect_musd"]), str(row["note"])
        told = note if isnan(effect) else f"{signed(effect)} MUSD"
        if not isnan(effect) and row["high_musd"] - row["low_musd"] > 0.1:
            told += f" ({signed(row['low_musd'])} to {signed(row['high_musd'])} within the gaps)"
        lines.append(f"  {row['input']}: {told}")
        lines += [f"      {line}" for line in wrap(str(row["change"]), 94)]
    return lines


def _waterfall(found: "Replan") -> list[str]:
    rows = found.waterfall.to_dict("records")
    if not rows:
        return []
    shown = [
        (str(row["step"]), amount(row["musd"]) if i in (0, len(rows) - 1) else signed(row["musd"]))
        for i, row in enumerate(rows)
    ]
    title = "From the last plan's cost to the new one's (MUSD, discounted)"
    return [title, *table(("step", "MUSD"), shown, "lr")]


def _moves(found: "Replan") -> list[str]:
    if found.comparison is None:
        return []
    if found.moves.empty:
        return ["What moved: nothing; both plans open and order the same"]
    rows = [
        (str(row["site"]), what_moved(row), happened(row), str(row["because"]) or "other reasons")
        for row in found.moves.to_dict("records")
    ]
    heads = ("site", "what", "happened", "because of")
    return ["What moved, and because of which input", *table(heads, _cut(rows), "llll")]


def _cut(rows: Sequence[tuple[str, ...]]) -> Sequence[tuple[str, ...]]:
    """The first rows, and how many more there are."""
    if len(rows) <= MOST_LINES:
        return rows
    more = f"… {len(rows) - MOST_LINES + 1} more"
    return [*rows[: MOST_LINES - 1], (more, *[""] * (len(rows[0]) - 1))]


def _notes(found: "Replan") -> list[str]:
    if not found.notes:
        return []
    lines = [line for note in found.notes for line in wrap(f"- {note}", 96)]
    return ["Not carried over", *(f"  {line}" for line in lines)]
