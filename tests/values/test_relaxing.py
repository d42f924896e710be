"""What a change adds at most: by hand, and on random instances against optima of scipy."""

from collections.abc import Mapping
from math import inf, isinf
from typing import Any

import pytest
from hypothesis import event, given

from models.build import build_model
from models.instance import Instance
from models.problems import InstanceError
from optimizer.compiling import compile_model
from optimizer.highs import Crew
from optimizer.values.compared import Names, Proofs
from optimizer.values.rules import RULES, prices
from tests.properties.common import examples
from tests.properties.strategies import instances
from tests.small import demands, optimum, tiny, twins, years


def adds(inst: Instance, changes: Mapping[str, Any]) -> float:
    """Most that changes add to the least cost, as far as it is proven."""
    moved = inst.with_changes(changes)
    base, changed = (compile_model(build_model(one, merge=True), one) for one in (inst, moved))
    with Crew() as crew:
        found = Names(base).find(changed)
        return Proofs(inst, base).adds_at_most(crew, moved, changed, *found)


def test_more_power_adds_nothing_and_less_may() -> None:
    narrow = tiny(sites={"oslo": {"grid_mw": 10}})
    assert adds(narrow, {"sites.oslo.grid_mw": 20}) == 0
    assert isinf(adds(narrow, {"sites.oslo.grid_mw": 9}))


def test_dearer_units_add_at_most_their_price_for_all_that_fit() -> None:
    # 25 MW hold 10 units of 2 MW at a PUE of 1.25; each costs 4 MUSD more.
    assert adds(tiny(), {"unit_types.gen1.capex_musd": 44}) == pytest.approx(40)
    assert adds(tiny(), {"unit_types.gen1.capex_musd": 40}) == 0


def test_money_that_is_carried_over_adds_nothing() -> None:
    # What is left at the end of each year is 10 and 20 MUSD more, for whatever plan.
    inst = tiny(
        horizon=years(2), budget={"pools": {"world": {"grants": {"2027-01": 100, "2028-01": 100}}}}
    )
    assert adds(inst, {"budget.pools.world.grants.scale": 1.1}) == 0
    assert isinf(adds(inst, {"budget.pools.world.grants.scale": 0.9}))
    # As much money, but a year later, is no relief.
    late = {"budget.pools.world.grants": {"2027-01": 90, "2028-01": 110}}
    assert isinf(adds(inst, late))


def test_money_that_comes_once_is_left_over_in_all_later_years() -> None:
    # The second year has no grant of its own; 10 MUSD more in the first are there in it, too.
    pools = {"world": {"grants": {"2027-01": 100, "2029-01": 50}}}
    inst = tiny(horizon=years(4), budget={"pools": pools})
    assert adds(inst, {"budget.pools.world.grants.scale": 1.1}) == 0


def test_law_that_is_lifted_adds_nothing_where_it_tells_streams_apart() -> None:
    # Health data stay at home, public ones do not: lifted, both are one stream to the model.
    inst = twins(
        data_classes={"health": {"compute": ["HOME"]}},
        demand=demands(("norway", "public", 2027, 30), ("norway", "health", 2027, 10)),
    )
    assert adds(inst, {"data_classes.health.compute": ["ANY"]}) == 0
    assert isinf(adds(inst, {"data_classes.public.compute": ["KE"]}))


CHANGES: tuple[dict[str, Any], ...] = (
    {"demand.*.scale": 0.7},
    {"demand.*.scale": 1.3},
    {"sites.*.grid_mw.scale": 1.4},
    {"sites.*.grid_mw.scale": 0.6},
    {"unit_types.*.capex_musd.scale": 1.2},
    {"unit_types.*.capex_musd.scale": 0.8},
    {"sites.*.open_cost_musd.add": 3.0},
    {"budget.pools.*.grants.scale": 1.3},
    {"budget.pools.*.grants.scale": 0.7},
    {"workloads.*.latency_limit_ms.scale": 0.5},
)
"""Better and worse, so that a proof of what is not so would be found out."""


def check_proof(raw: dict[str, Any]) -> None:
    """No least cost is above that of the instance by more than is proven."""
    inst = Instance.model_validate(raw)
    least = optimum(inst)
    for changes in (*CHANGES, *_lifted(inst)):
        try:
            moved, most = inst.with_changes(changes), adds(inst, changes)
        except InstanceError:
            continue
        event("nothing proven" if isinf(most) else "nothing added" if most == 0 else "added")
        if least < inf:
            close = 3e-6 * max(1.0, abs(least))
            assert optimum(moved) <= least + most + close, changes


def _lifted(inst: Instance) -> list[Mapping[str, Any]]:
    found = []
    for rule in RULES:
        try:
            found.append(prices(inst, rule)[0].changes)
        except ValueError:
            continue
    return found


@pytest.mark.slow
@examples(40)
@given(instances())
def test_no_change_adds_more_than_is_proven(raw: dict[str, Any]) -> None:
    check_proof(raw)
