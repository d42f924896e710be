"""What a plan is, in words."""

from typing import TYPE_CHECKING

from models.objectives import MONEY
from optimizer.figures import gap, money, number, percent

if TYPE_CHECKING:
    from optimizer.plan.plan import Plan

MEASURES = {
    "expected": "expected net present cost",
    "cvar": "net present cost, expected and in the worst scenarios",
    "regret": "largest regret of a scenario",
}
"""What is least in a plan with scenarios, by risk measure."""

LARGE_PROMISE = 0.1
"""Value at the end of the horizon, relative to the cost, from which the headline tells of it."""


def promise(plan: "Plan") -> str:
    """What part of the cost is not paid but hoped for; nothing where it is small.

    The value of units and halls at the end of the horizon lowers the cost, though nobody pays it.
    """
    worth = -plan.costs_musd.get("end_value", 0.0)
    cost = plan.objective_musd or 0.0
    if worth <= LARGE_PROMISE * abs(cost):
        return ""
    share = f" ({percent(worth / abs(cost))} of the cost)" if cost else ""
    return (
        f"{money(cost + worth)} are paid; {money(worth)} is what units and halls are still worth "
        f"at the end of the horizon{share}"
    )


def how_good(plan: "Plan") -> str:
    """How far from the least cost a plan can be, and whether that was asked."""
    if plan.gap is None:
        text = "a plan, but how good it is is not known: no bound was found"
    elif plan.gap <= 1e-9:
        text = "proven best possible"
    else:
        text = f"proven: no plan is more than {gap(plan.gap)} cheaper"
    if plan.status == "optimal":
        return text
    asked = plan.options.get("gap")
    why = "interrupted" if plan.interrupted else "stopped early"
    return f"{text}; {why}" + (f" ({gap(asked)} was asked)" if asked is not None else "")


def total_of(plan: "Plan") -> str:
    """What the terms of a plan add up to."""
    if plan.by_scenario and plan.instance is not None:
        return MEASURES[plan.instance.risk.measure]
    return "cost less revenue" if plan.objective == "profit" else "net present cost"


def goals_before_cost(plan: "Plan") -> list[tuple[str, str]]:
    """The goals other than cost: what each is brought down to, and how far down it could be."""
    told = []
    for goal in plan.goals:
        if goal["name"] not in MONEY and goal["value"] is not None:
            text = f"{number(goal['value'])} {goal['unit']}"
            if goal["bound"] is not None:
                text += (
                    f"; no plan that holds the goals before has less than {number(goal['bound'])}"
                )
            told.append((f"least {goal['name']}", text))
    return told
