"""Why the cost differs: the steps from before to after, and what the gaps allow."""

from math import inf
from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import money, percent

if TYPE_CHECKING:
    from optimizer.compare.comparison import Comparison

MOST_PLACES = 2
"""So many places are named for a term; half as many where there is less room."""


def difference(comparison: "Comparison") -> str:
    """How much dearer or cheaper the second plan is."""
    musd, before = comparison.difference_musd, comparison.before.plan.objective_musd
    assert musd is not None
    assert before is not None
    if abs(musd) <= 1e-9 * max(1.0, abs(before)):
        return "none: both plans cost the same"
    share = f" ({percent(abs(musd / before))})" if before else ""
    return f"{money(abs(musd))}{share} {'dearer' if musd > 0 else 'cheaper'} than before"


def doubts(comparison: "Comparison") -> list[str]:
    """What a reader should know before trusting the difference."""
    told = [
        f"{side.label} did not pass the checker"
        for side in (comparison.before, comparison.after)
        if side.has_plan and not side.plan.verified
    ]
    if comparison.open_musd is not None:
        low, high = comparison.open_musd
        musd = money(abs(comparison.difference_musd or 0.0))
        told.append(
            f"the difference of {musd} is within what the two gaps leave open: the least costs may "
            f"differ by anything from {_signed_money(low)} to {_signed_money(high)}"
        )
    return told


def _signed_money(musd: float) -> str:
    if abs(musd) == inf:
        return "any amount" if musd > 0 else "any amount less"
    return f"{'+' if musd > 0 else ''}{money(musd)}"


def cost_lines(comparison: "Comparison") -> list[str]:
    """The steps by term; where it is known how much of each the data make and how much the plan."""
    steps = comparison.waterfall
    split = bool(steps["data_musd"].notna().any())
    columns = ["change_musd", *(["data_musd", "plan_musd"] if split else [])]
    most = MOST_PLACES // 2 if split else MOST_PLACES
    rows = []
    for row in steps.to_dict("records"):
        if row["before_musd"] or row["after_musd"]:
            term = str(row["term"])
            parts = [signed(float(row[name])) for name in columns]
            costs = [f"{row[name]:,.1f}" for name in ("before_musd", "after_musd")]
            rows.append((term.replace("_", " "), *costs, *parts, _places(comparison, term, most)))
    total = [f"{steps[name].sum():,.1f}" for name in ("before_musd", "after_musd")]
    sums = [signed(float(steps[name].sum())) for name in columns]
    rows.append(("net present cost", *total, *sums, ""))
    heads = ["term", "before", "after", "change", *(["same plan,", "plan"] if split else [])]
    if split:
        rows.insert(0, ("", "", "", "", "new data", "changed", ""))
    title = "Why the cost differs (before → after; MUSD, discounted)"
    lines = [title, *table([*heads, "largest part"], rows, "l" + "r" * (len(heads) - 1) + "l")]
    if split:
        lines += [
            "  same plan, new data: what the plan before costs more at the prices after",
            "  plan changed: the rest",
        ]
    return lines


def signed(musd: float) -> str:
    """A change of money with one decimal and its sign, so that columns add up."""
    text = f"{musd:+,.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text


def _places(comparison: "Comparison", term: str, most: int) -> str:
    """The places that change a term most, with their changes."""
    places = comparison.contributors
    found = places[(places["term"] == term) & (places["change_musd"].abs() >= 0.05)]
    top = found.head(most).to_dict("records")
    return ", ".join(f"{row['place']} {signed(float(row['change_musd']))}" for row in top)
