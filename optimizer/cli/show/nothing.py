"""Why there is no plan, as far as it is known, and what to try."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.problems import Problem
from optimizer.cli.layout import WIDTH, wrap
from optimizer.cli.problems import in_words
from optimizer.cli.show.pasted import pasted

if TYPE_CHECKING:
    from optimizer.plan import Plan


def no_plan_in_words(plan: "Plan", warnings: Sequence[Problem]) -> str:
    """What can be said without a plan: the outcome, warnings of the instance, where to ask."""
    if plan.status != "infeasible":
        reasons = "; ".join(plan.reasons) or "the search ended before one was found"
        known = (
            ""
            if plan.bound_musd is None
            else f" No plan costs less than {plan.bound_musd:,.0f} MUSD."
        )
        return f"{plan.name}: no plan was found: {reasons}.{known}"
    lines = [f"{plan.name}: infeasible. No plan satisfies all limits of the instance."]
    for reason in plan.reasons:
        words, *options = reason.split(" --set ")
        lines += [f"  {line}" for line in wrap(words, WIDTH - 2)]
        lines += [f"    {line}" for line in pasted([f"--set {text}" for text in options])]
    if warnings:
        lines += ["These may be the reason:", in_words(warnings, "warning")]
    lines.append("`buildplan explain` tells more, and what would help.")
    return "\n".join(lines)
