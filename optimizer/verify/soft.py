"""What the plan says it misses of soft limits, and what that costs."""

from collections.abc import Iterable

import numpy as np

from optimizer.verify.arrays import Floats
from optimizer.verify.facts import Facts
from optimizer.verify.facts.soft import EVERY_MOMENT, HORIZON, RUNNING
from optimizer.verify.plan import Plan
from optimizer.verify.specs import EMPTY, LIMITS


def over(plan: Plan, limit: str, places: Iterable[str]) -> Floats:
    """What the table of violations says of a limit, by place and period."""
    return _told(plan, limit, places)[:, :-1]


def short(plan: Plan, limit: str, places: Iterable[str]) -> Floats:
    """The same for limits on the horizon as a whole, by place."""
    return _told(plan, limit, places)[:, EMPTY]


def _told(plan: Plan, limit: str, places: Iterable[str]) -> Floats:
    at = [plan.names["at"].index(place) for place in places]
    told: Floats = plan.missed[LIMITS.index(limit)][np.array(at, dtype=np.int64)]
    return told


def unit_costs(facts: Facts) -> dict[tuple[str, str, int], float]:
    """What missing each soft limit by one unit costs, not discounted [MUSD per unit]."""
    years = facts.calendar.years
    return {
        (limit, at, t): terms.price * (float(years[t]) if limit in EVERY_MOMENT else 1.0)
        for (limit, at, t), terms in facts.soft.terms.items()
    }


def penalties(facts: Facts, plan: Plan) -> tuple[Floats, Floats]:
    """What missing soft limits costs, by period, as paid and discounted [MUSD]."""
    calendar, names = facts.calendar, plan.names["at"]
    paid, worth = np.zeros(calendar.count), np.zeros(calendar.count)
    for (limit, at, t), musd in unit_costs(facts).items():
        missed = plan.missed[LIMITS.index(limit), names.index(at), t] * musd
        when = 0 if t == HORIZON else t
        df = calendar.df_middle if limit in RUNNING else calendar.df_start
        paid[when] += missed
        worth[when] += missed * df[when]
    return paid, worth
