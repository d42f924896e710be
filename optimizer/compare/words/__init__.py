"""A comparison in words: what a planner asks first, in text that fits a page.

`inputs` says what differs in the data · `moved` what moved · `costs` what it costs, and whether the
gaps can tell · `binding` which limits bind now · `studies` how far two studies agree.
"""

from typing import TYPE_CHECKING

from optimizer.cli.layout import pairs, table
from optimizer.compare.words.binding import limit_lines
from optimizer.compare.words.costs import cost_lines, difference, doubts
from optimizer.compare.words.inputs import input_lines
from optimizer.compare.words.moved import move_lines, service_lines
from optimizer.figures import gap, money, number

if TYPE_CHECKING:
    from optimizer.compare.comparison import Comparison
    from optimizer.compare.sources import Side


def in_words(comparison: "Comparison") -> str:
    """The whole printed comparison."""
    sections = [headline(comparison), input_lines(comparison)]
    if comparison.has_plans:
        sections += [
            move_lines(comparison),
            cost_lines(comparison),
            limit_lines(comparison),
            service_lines(comparison),
            key_figures(comparison),
        ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def headline(comparison: "Comparison") -> list[str]:
    """Which two are compared, how good they are, and how far their costs are apart."""
    told = [("before", _side(comparison.before)), ("after", _side(comparison.after))]
    if comparison.has_plans:
        told.append(("difference", difference(comparison)))
    told += [("note", text) for text in doubts(comparison)]
    return pairs(told)


def _side(side: "Side") -> str:
    """A plan in one line; an answer without a plan with its reasons."""
    plan = side.plan
    name = side.label if side.label == plan.name else f"{side.label} ({plan.name})"
    if plan.objective_musd is None:
        what = "no plan exists" if plan.status == "infeasible" else "no plan was found"
        reasons = "; ".join(plan.reasons)
        return f"{name}: {plan.status}: {what}{': ' if reasons else ''}{reasons}"
    proof = "no bound is known" if plan.gap is None else f"gap {gap(plan.gap)}"
    return f"{name}: {plan.status}, {money(plan.objective_musd)}, {proof}"


def key_figures(comparison: "Comparison") -> list[str]:
    """Key figures that differ, before and after."""
    rows = [
        (_figure(row["kpi"]), number(row["before"]), number(row["after"]), signed(row["change"]))
        for row in comparison.kpis.to_dict("records")
        if row["change"] != 0
    ]
    if not rows:
        return ["Key figures: no difference"]
    return [
        "Key figures that differ",
        *table(("figure", "before", "after", "change"), rows, "lrrr"),
    ]


def _figure(name: str) -> str:
    """A key figure's name; what is counted in tokens is the sum of all workloads."""
    return f"{name} (all workloads)" if name.endswith("_ttok") else name


def signed(value: float) -> str:
    """A change with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)
