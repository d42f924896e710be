"""On random instances: effects are differences of optima, steps add up, orders placed stay."""

from typing import Any

import pytest
from hypothesis import event, given

from models.instance import Instance
from models.problems import InstanceError
from optimizer import PlanError, replan, solve
from optimizer.replan.standing import bound
from tests.properties.common import close, examples
from tests.properties.strategies import instances
from tests.small import optimum

CHANGES: dict[str, dict[str, Any]] = {
    "demand": {"demand.scale": 1.3},
    "price": {"unit_types.*.capex_musd.scale": 0.9},
}


@pytest.mark.slow
@examples(20)
@given(raw=instances())
def test_effects_are_differences_of_optima(raw: dict[str, Any]) -> None:
    before = Instance.model_validate(raw | {"solve": {"gap": 0, "threads": 1}})
    starts = [period.start for period in before.periods.values()]
    if len(starts) == 1:
        return
    last = solve(before)
    now = before.with_changes(CHANGES["demand"] | CHANGES["price"])
    try:
        found = replan(last, now, as_of=starts[1], inputs=1, workers=1)
    except (PlanError, InstanceError):
        event("what was ordered does not fit")
        return
    event(f"orders placed: {bool(len(found.placed))}")

    def least(*changes: str) -> float:
        inst = before
        for name in changes:
            inst = inst.with_changes(CHANGES[name])
        return optimum(bound(last, before, inst, starts[1]).instance)

    both = least("demand", "price")
    assert found.plan.violations == ()
    assert found.plan.objective_musd == close(both)
    effects = dict(found.causes[["input", "effect_musd"]].itertuples(index=False, name=None))
    expected = {"demand": both - least("price"), "unit_types": both - least("demand")}
    for name, effect in effects.items():
        kind = name.partition(".")[0]
        assert effect == pytest.approx(expected[kind], abs=1e-5 * max(1.0, abs(both)))
    steps = found.waterfall["musd"].tolist()
    assert sum(steps[:-1]) == close(steps[-1])
