"""Statuses on random small instances: the connection that counts, written as plain steps."""

from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

from hypothesis import event, given

from models.calendar import add_months, step_value
from models.entities.pipeline import LADDER
from models.instance import Instance
from optimizer import solve
from tests.properties.common import SEEDS, close, examples
from tests.properties.strategies import instances
from tests.small import optimum

DAYS = ("2027-01-01", "2027-06-01", "2028-01-01", "2028-10-15")


def laddered(raw: dict[str, Any], seed: int) -> dict[str, Any]:
    """The instance with connections that grow in steps of some status each."""
    dice = Random(seed)
    more = deepcopy(raw) | {"initial_units": []}
    for site in more["sites"].values():
        days = sorted(dice.sample(DAYS, dice.randint(1, 4)))
        site["grid_mw"] = {day: 1.5 * (i + 1) for i, day in enumerate(days)}
        site["grid_status"] = {day: dice.choice(LADDER) for day in dice.sample(days, 1)}
    slips = {status: dice.choice([0, 3, 7, 14]) for status in LADDER[:3]}
    counts = [*(one for one in LADDER[:3] if dice.random() < 0.8), "energised"]
    return more | {"pipeline": {"slip_months": slips, "counts": counts}}


def plain(raw: dict[str, Any]) -> dict[str, Any]:
    """The same with the connection that counts on each day written out, and no status."""
    out = deepcopy(raw)
    rules = out.pop("pipeline")
    for site in out["sites"].values():
        status = site.pop("grid_status")
        steps = {date.fromisoformat(day): mw for day, mw in site["grid_mw"].items()}
        rises = []
        before = 0.0
        for day, mw in steps.items():
            own = status.get(day.isoformat(), "energised")
            if own in rules["counts"]:
                rises.append((add_months(day, rules["slip_months"].get(own, 0)), mw - before))
            before = mw
        levels = {day: sum(mw for other, mw in rises if other <= day) for day, _ in rises}
        site["grid_mw"] = {day.isoformat(): mw for day, mw in levels.items()} or 0
    return out


@examples(6)
@given(raw=instances(), seed=SEEDS)
def test_plans_are_those_of_plain_steps(raw: dict[str, Any], seed: int) -> None:
    ruled = laddered(raw, seed)
    inst, other = Instance.model_validate(ruled), Instance.model_validate(plain(ruled))
    said = inst.with_changes({"pipeline.remove": True})
    for s, site in other.sites.items():
        for t, period in inst.periods.items():
            assert inst.grid_mw(s, t) == close(step_value(site.grid_mw, period.start))
            assert inst.grid_mw(s, t) <= said.grid_mw(s, t) + 1e-9
    plan = solve(inst)
    event(plan.status)
    if plan.objective_musd is None:
        assert optimum(other) == float("inf")
        return
    assert plan.violations == ()
    assert plan.objective_musd == close(optimum(other))
    assert optimum(said) <= plan.objective_musd + 1e-6 * max(1.0, abs(plan.objective_musd))
