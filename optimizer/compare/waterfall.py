"""From one plan's cost to another's: a step for each cost term, and who makes it."""

from collections.abc import Iterable, Mapping

import pandas as pd

from models.instance import Instance
from models.prices import TERMS
from optimizer.compare.pricing import paid_under, place_payments
from optimizer.errors import PlanError
from optimizer.plan.frame import make_frame
from optimizer.plan.plan import Plan

RELATIVE = 1e-6
"""How exactly the steps must add up to the difference."""


def terms_of(*costs: Mapping[str, float]) -> list[str]:
    """The cost terms of some plans: those of the objective in its order, then any others."""
    names: Iterable[str] = (name for cost in costs for name in cost)
    order = {term: place for place, term in enumerate(TERMS)}
    return sorted(dict.fromkeys(names), key=lambda term: order.get(term, len(TERMS)))


def waterfall(a: Plan, b: Plan, inst_a: Instance | None, inst_b: Instance | None) -> pd.DataFrame:
    """The steps from the objective of a to that of b [MUSD, discounted]; they add up.

    Columns: term, before_musd, after_musd, change_musd, data_musd, plan_musd. The data's part of a
    step is what the first plan, unchanged, costs more at the second one's data; the plan's part is
    the rest. Both are empty where the first plan cannot be priced so.

    Raises PlanError if the terms do not add up to the objectives.
    """
    data = paid_under(a, inst_a, inst_b)
    rows = []
    for term in terms_of(a.costs_musd, b.costs_musd, data or {}):
        before, after = a.costs_musd.get(term, 0.0), b.costs_musd.get(term, 0.0)
        by_data = float("nan") if data is None else data.get(term, 0.0) - before
        rows.append((term, before, after, after - before, by_data, after - before - by_data))
    names = ["before_musd", "after_musd", "change_musd", "data_musd", "plan_musd"]
    frame = make_frame(rows, ["term"], names)
    _check(a, b, frame)
    return frame


def _check(a: Plan, b: Plan, frame: pd.DataFrame) -> None:
    """Raise PlanError unless terms, steps and parts add up: a wrong waterfall is never shown."""
    assert a.objective_musd is not None
    assert b.objective_musd is not None
    scale = RELATIVE * max(1.0, abs(a.objective_musd), abs(b.objective_musd))
    difference = b.objective_musd - a.objective_musd
    total = float(frame["change_musd"].sum())
    parts = frame["data_musd"] + frame["plan_musd"]
    split_off = float((parts - frame["change_musd"]).abs().max()) if parts.notna().any() else 0.0
    if not (abs(total - difference) <= scale and split_off <= scale):
        raise PlanError(
            f"the cost terms do not add up to the objectives: by term the second plan costs "
            f"{total:,.6g} MUSD more than the first, by the objectives {difference:,.6g} MUSD"
        )


def contributors(
    a: Plan, b: Plan, inst_a: Instance | None, inst_b: Instance | None
) -> pd.DataFrame:
    """Each term's change by place [MUSD, discounted]; for each term they add up to its step.

    Columns: term, place, before_musd, after_musd, change_musd; largest change of a term first.
    A place is a site, and where no site pays, a period. Where the payments of the sites are not
    known, because an instance is not, it is a pool with a period.
    """
    before, after = place_payments(a, inst_a), place_payments(b, inst_b)
    if before is None or after is None:
        before, after = _by_pool(a), _by_pool(b)
    rows = []
    for term in terms_of(a.costs_musd, b.costs_musd):
        places = dict.fromkeys(place for name, place in (*before, *after) if name == term)
        found = [(p, before.get((term, p), 0.0), after.get((term, p), 0.0)) for p in places]
        found.sort(key=lambda one: -abs(one[2] - one[1]))
        rows += [(term, place, x, y, y - x) for place, x, y in found if (x, y) != (0.0, 0.0)]
    return make_frame(rows, ["term", "place"], ["before_musd", "after_musd", "change_musd"])


def _by_pool(plan: Plan) -> dict[tuple[str, str], float]:
    """Discounted cash by term and 'pool, period' [MUSD]."""
    found: dict[tuple[str, str], float] = {}
    for row in plan.tables["cash"].to_dict("records"):
        place = ", ".join(part for part in (str(row["pool"]), str(row["period"])) if part)
        key = str(row["term"]), place
        found[key] = found.get(key, 0.0) + float(row["discounted_musd"])
    return found
