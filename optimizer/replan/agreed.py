"""Money for orders placed: what pools must keep for them, beside what the model counts.

An order in a period of today's horizon is a commitment, which the model counts at today's prices;
one of a passed period is no longer a decision. What they cost is what was agreed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from models.entities.base import write_steps
from models.finance import discount
from models.instance import Instance
from optimizer.errors import PlanError
from optimizer.replan.placed import Order, payments_of

ROUNDING = 1e-9
"""Smaller amounts are rounding [MUSD]."""


class Owed(NamedTuple):
    """What is to be paid beside what the model counts; less than 0 where it counts too much.

    Attributes:
        by_pool: by pool and period [MUSD].
        passed_musd: for orders of passed periods, discounted [MUSD].
        agreed_musd: for commitments at the prices agreed, less at today's, discounted [MUSD].
    """

    by_pool: dict[tuple[str, str], float]
    passed_musd: float
    agreed_musd: float


def owed(before: Instance, now: Instance, passed: Iterable[Order], placed: Iterable[Order]) -> Owed:
    """What falls due from the start of today's horizon on, at the prices of the last instance."""
    by_pool: dict[tuple[str, str], float] = defaultdict(float)
    sums = {"passed": 0.0, "placed": 0.0}
    names = {period.start: t for t, period in now.periods.items()}
    for kind, orders in (("passed", passed), ("placed", placed)):
        for order in orders:
            site = order.thing[0]
            flows = [(due.day, musd) for due, musd in payments_of(before, order, order.period)]
            if kind == "placed":
                counted = payments_of(now, order, names[order.day])
                flows += [(due.day, -musd) for due, musd in counted]
            for day, musd in flows:
                if day < now.horizon.start:
                    continue
                sums[kind] += musd * discount(now, day)
                if (pool := now.pool_of.get(site)) is not None:
                    by_pool[pool, _period(now, day)] += musd
    rest = {key: musd for key, musd in by_pool.items() if abs(musd) > ROUNDING}
    return Owed(rest, sums["passed"], sums["placed"])


def _period(inst: Instance, day: date) -> str:
    """The period that holds a day; the last one for later days."""
    names = list(inst.periods)
    return next((t for t in names if day < inst.periods[t].end), names[-1])


def with_money_kept(inst: Instance, keep: Mapping[tuple[str, str], float]) -> Instance:
    """The instance whose pools have money to keep, by pool and period, taken from their grants.

    What a grant cannot pay is taken from the one before it, which is the same where money is
    carried over. Raises PlanError if all grants to that day are too small.
    """
    changes, problems = {}, []
    for pool in sorted({pool for pool, _ in keep}):
        grants = dict(inst.budget.pools[pool].grants)
        for (owner, t), musd in keep.items():
            if owner == pool and (missing := _take(grants, inst, t, musd)) > ROUNDING:
                problems.append(
                    f"orders placed fall due in {t}, and the pool {pool} is {missing:,.6g} MUSD "
                    f"short of them; raise budget.pools.{pool}.grants"
                )
        changes[f"budget.pools.{pool}.grants"] = write_steps(grants)
    if problems:
        raise PlanError("; ".join(problems))
    return inst.with_changes(changes) if changes else inst


def _take(grants: dict[date, float], inst: Instance, t: str, musd: float) -> float:
    """Take money from the latest grants to a period; return what is missing [MUSD]."""
    start = inst.periods[t].start
    if musd < 0:
        grants[start] = grants.get(start, 0.0) - musd
        return 0.0
    for day in sorted((day for day in grants if day <= start), reverse=True):
        taken = min(grants[day], musd)
        grants[day] -= taken
        musd -= taken
    return musd
