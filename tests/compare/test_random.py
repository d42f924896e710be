"""On pairs of random small instances, and on Southgate: the waterfall adds up exactly."""

from typing import Any

import pytest
from hypothesis import given

from models.instance import Instance
from optimizer import Comparison, Plan, compare, read_instance, solve
from optimizer.hashing import instance_sha256
from optimizer.plan.assemble import assemble
from tests.properties.common import examples
from tests.properties.strategies import instances
from tests.small import solved


def assert_adds_up(found: Comparison) -> None:
    """Steps, their parts and their places add up; every word and figure can be written."""
    steps = found.waterfall
    a, b = found.before.plan.objective_musd, found.after.plan.objective_musd
    scale = 1e-9 * max(1.0, abs(a or 0), abs(b or 0))
    assert steps["change_musd"].sum() == pytest.approx(found.difference_musd, rel=0, abs=scale)
    parts = (steps["data_musd"] + steps["plan_musd"]).dropna()
    assert (parts - steps["change_musd"].loc[parts.index]).abs().max() <= scale or parts.empty
    by_place = found.contributors.groupby("term")["change_musd"].sum()
    for term, musd in steps.set_index("term")["change_musd"].items():
        assert by_place.get(term, 0.0) == pytest.approx(musd, rel=0, abs=1e3 * scale)
    assert found.in_words()
    assert found.as_dict()["inputs_known"]


def assert_moves_lead_over(found: Comparison) -> None:
    """The first plan's orders with all moves made are the second one's."""
    counts = {}
    for sign, plan in ((1, found.before.plan), (-1, found.after.plan)):
        for s, u, t, units in plan.tables["orders"].itertuples(index=False):
            counts[s, u, t] = counts.get((s, u, t), 0) + sign * units
    for row in found.moves[found.moves["what"] == "units"].to_dict("records"):
        for period, sign in ((row["period_before"], -1), (row["period_after"], 1)):
            key = row["site"], row["unit_type"], period
            if period:
                counts[key] = counts.get(key, 0) + sign * row["units"]
    assert not any(counts.values())


def planned(inst: Instance) -> Plan:
    """The optimal plan, by scipy: much faster than `solve`, which checks every answer."""
    contents = assemble(solved(inst), inst)
    claim = contents.claim("optimal", contents.objective, contents.objective)
    return Plan(
        name=inst.name,
        **claim,
        verified=True,
        instance_sha256=instance_sha256(inst),
        seconds={},
        versions={},
        options={},
        tables=contents.tables,
        instance=inst,
    )


@examples(8)
@given(instances(), instances())
def test_random_pairs_add_up(one: dict[str, Any], other: dict[str, Any]) -> None:
    first = Instance.model_validate(one)
    near = first.with_changes(
        {"demand.scale": 1.3, "unit_types.u0.capex_musd.scale": 0.9, "sites.s0.pue.liquid": 1.3}
    )
    plans = [planned(inst) for inst in (first, near, Instance.model_validate(other))]
    for a, b in ((0, 1), (0, 2)):
        found = compare(plans[a], plans[b])
        assert found.has_plans
        assert_adds_up(found)
        assert_moves_lead_over(found)


@pytest.fixture(scope="module")
def southgate() -> Plan:
    return solve(read_instance("instances/southgate"), gap=0.2, time_limit=10)


@pytest.mark.parametrize(
    "changed",
    [
        {"demand.scale": 1.1, "budget.pools.southgate.scale": 0.8},
        {"finance.discount_rate_per_year": 0.06, "sites.*.energy_price_usd_per_mwh.scale": 1.5},
    ],
)
def test_southgate_adds_up(southgate: Plan, changed: dict[str, object]) -> None:
    new = solve(southgate.instance.with_changes(changed), gap=0.2, time_limit=10)
    found = compare(southgate, new)

    assert found.waterfall["data_musd"].notna().all()
    assert_adds_up(found)
    assert_moves_lead_over(found)
