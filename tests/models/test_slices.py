"""Slices: states, demand at local time, prices by slice, and work that waits (D1, D2)."""

from typing import Any

import pytest

from models.build import build_model
from models.entities.work import Workload
from models.equivalence import group_streams
from models.instance import Instance
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    values,
)

HALVES = {"day": {"from_hour": 0, "hours": 12}, "night": {"from_hour": 12, "hours": 12}}
# By day (UTC) 1.5 of the mean, by night 0.5, where clocks are those of UTC.
PROFILE = [3] * 12 + [1] * 12
UTC = {"norway": {"utc_offset_hours": 0}}


def halves(*, workload: dict[str, Any] | None = None, **changes: Any) -> Instance:
    """The small instance by day and night: chat asks for 15 Mtok/s by day and 5 by night."""
    chat = {"daily_profile": PROFILE} | (workload or {})
    return tiny(
        slices=HALVES,
        workloads={"chat": chat},
        **{"regions": UTC, "demand": demands(("norway", "public", 2027, 10))} | changes,
    )


def test_states_have_their_part_of_the_hours() -> None:
    slices = {"early": {"from_hour": 3, "hours": 6}, "late": {"from_hour": 9, "hours": 18}}
    inst = tiny(slices=slices)

    assert list(inst.states) == ["2027/early", "2027/late"]
    assert [(state.period, state.slice) for state in inst.states.values()] == [
        ("2027", "early"),
        ("2027", "late"),
    ]
    assert [state.share for state in inst.states.values()] == [0.25, 0.75]
    assert inst.slices["late"].utc_hours() == (*range(9, 24), 0, 1, 2)


def test_without_slices_a_state_is_a_period() -> None:
    inst = tiny(workloads={"chat": {"daily_profile": PROFILE, "deferrable_share": 0.5}})

    assert list(inst.states) == ["2027"]
    assert inst.states["2027"].slice == "all"
    assert inst.states["2027"].share == 1
    assert inst.demand_mtok_s == {("norway/chat/public", "2027"): 50}
    assert len(build_model(inst).moved) == 0


def test_a_profile_may_stand_in_a_cell() -> None:
    text = "; ".join(str(hour) for hour in range(1, 25))

    assert Workload.model_validate({"daily_profile": text}).daily_profile == (*range(1, 25),)
    assert Workload.model_validate({"daily_profile": ""}).daily_profile == ()


@pytest.mark.parametrize(
    ("region", "by_day"),
    [
        # The profile is 3 from 8 to 20 local time and 1 else: 2 in the mean of the day.
        # In UTC itself 0 to 12 has 4 busy hours.
        ({"utc_offset_hours": 0}, (4 * 3 + 8) / 24),
        # 4 hours ahead, 0 to 12 UTC is 4 to 16 local time: 8 busy hours.
        ({"utc_offset_hours": 4}, (8 * 3 + 4) / 24),
        # 4.5 hours ahead it is 4:30 to 16:30: 8.5 busy hours, 3.5 others.
        ({"utc_offset_hours": 4.5}, (8.5 * 3 + 3.5) / 24),
        # 10 hours behind it is 14 to 2: 6 busy hours.
        ({"utc_offset_hours": -10}, (6 * 3 + 6) / 24),
        # The clock by longitude: 67.5 degrees east are 4.5 hours ahead.
        ({"lon": 67.5}, (8.5 * 3 + 3.5) / 24),
    ],
)
def test_demand_follows_local_time(region: dict[str, Any], by_day: float) -> None:
    profile = [1] * 8 + [3] * 12 + [1] * 4
    inst = halves(workload={"daily_profile": profile, "fan_out": 2}, regions={"norway": region})

    asked = list(inst.demand_mtok_s.values())
    assert asked == pytest.approx([20 * by_day, 20 * (2 - by_day)])


def test_the_busiest_slice_sizes_the_fleet() -> None:
    # 15 Mtok/s by day, 5 by night; 10 per unit: two units, and one in the mean.
    m = solved(halves())

    assert cost(m) == pytest.approx(2 * 40)
    assert values(m.flow) == {
        ("norway/chat/public", "oslo", "2027/day"): 15,
        ("norway/chat/public", "oslo", "2027/night"): 5,
    }
    # A peak of 1.4 over the mean within each slice: 21 Mtok/s by day take three.
    assert optimum(halves(workload={"peak_factor": 1.4})) == pytest.approx(3 * 40)


def test_energy_is_paid_at_the_price_of_its_slice() -> None:
    # 2.5 MW a unit at the meter, 0.3 of it when idle; 4 380 h by day at 2 · 50 USD/MWh, and by
    # night at 50. Two units stand; 1.5 work by day and 0.5 by night, 1 / 1.25 of that in the mean.
    oslo = {"energy_price_usd_per_mwh": 50, "energy_price_factor": {"day": 2}}
    m = solved(halves(workload={"peak_factor": 1.25}, sites={"oslo": oslo}))

    mwh = 2.5 * 4380
    by_day = mwh * (0.3 * 2 + 0.7 * 15 / 10)
    by_night = mwh * (0.3 * 2 + 0.7 * 5 / 10)
    assert terms(m)["energy"] == pytest.approx((by_day * 100 + by_night * 50) / 1e6)


def test_network_and_shortfall_count_the_seconds_of_the_slice() -> None:
    # One unit fits. By day 5 of 15 Mtok/s fall short, for half of the year.
    zone = {"network_zone": "north"}
    m = solved(
        halves(
            sites={"oslo": zone | {"grid_mw": 2.5}},
            regions={"norway": zone | UTC["norway"]},
            network_prices=[{"zone_a": "north", "zone_b": "north", "usd_per_mtok": 0.1}],
        )
    )

    assert terms(m)["shortfall"] == pytest.approx(5 * SHORT / 2)
    assert terms(m)["network"] == pytest.approx((10 + 5) / 2 * SHORT / 100)


def test_work_that_waits_needs_fewer_units() -> None:
    # A third of the 15 Mtok/s by day may wait: 5 move to the night, 10 remain; one unit does.
    waits = halves(workload={"deferrable_share": 1 / 3 + 1e-9})
    m = solved(waits)

    assert cost(m) == pytest.approx(40)
    assert values(m.moved) == {
        ("norway/chat/public", "2027/day"): -5,
        ("norway/chat/public", "2027/night"): 5,
    }
    # With less than a third a second unit is needed.
    assert optimum(halves(workload={"deferrable_share": 0.3})) == pytest.approx(2 * 40)


def test_what_waits_is_not_lost() -> None:
    """D2 binds: without it work would leave the day and never come back."""
    inst = halves(workload={"deferrable_share": 1})

    assert optimum(inst) == pytest.approx(40)
    assert optimum_without(inst, lambda m: m.deferral_balance) == pytest.approx(0, abs=1e-6)


def test_rows_of_work_that_waits() -> None:
    # Slices of 18 and 6 hours. By local time, which is UTC, the long one has 12 hours at 3 and 6 at
    # 1, mean 42 / 18 / 2 of the day's mean: 70 / 6 Mtok/s; the short one 0.5: 5 Mtok/s.
    slices = {"long": {"from_hour": 0, "hours": 18}, "short": {"from_hour": 18, "hours": 6}}
    inst = tiny(
        slices=slices,
        workloads={"chat": {"daily_profile": PROFILE, "deferrable_share": 0.3}},
        regions=UTC,
        demand=demands(("norway", "public", 2027, 10)),
    )
    m = build_model(inst)

    j = "norway/chat/public"
    assert_row(
        m.demand_balance[j, "2027/long"],
        {
            f"flow[{j},oslo,2027/long]": 1,
            f"shortfall[{j},2027/long]": 1,
            f"moved[{j},2027/long]": -1,
        },
        "=",
        70 / 6,
    )
    assert_row(
        m.deferral_balance[j, "2027"],
        {f"moved[{j},2027/long]": 0.75, f"moved[{j},2027/short]": 0.25},
        "=",
        0,
    )
    # The short slice can take three times what the long one leaves, 0.3 · 70 / 6 = 3.5.
    assert m.moved[j, "2027/short"].bounds == pytest.approx((-1.5, 3 * 3.5))
    assert m.moved[j, "2027/long"].bounds == pytest.approx((-3.5, 0.5))
    assert m.flow[j, "oslo", "2027/short"].ub == pytest.approx(5 + 10.5)
    assert m.shortfall[j, "2027/short"].ub == pytest.approx(5)


def test_streams_that_wait_are_one_only_on_the_same_clock() -> None:
    regions = {
        "norway": {"utc_offset_hours": 1},
        "sweden": {"jurisdiction": "NO", "lat": 59, "lon": 18, "utc_offset_hours": 1},
        "kenya": {"utc_offset_hours": 3},
    }
    rows = demands(*((r, "public", 2027, 10) for r in regions))
    instances = [
        twins(
            slices=HALVES,
            workloads={"chat": {"daily_profile": PROFILE, "deferrable_share": share}},
            regions=regions,
            demand=rows,
        )
        for share in (0, 0.5)
    ]

    members = [
        [group.members for group in group_streams(inst, merge=True).values()] for inst in instances
    ]
    norway, sweden, kenya = (f"{r}/chat/public" for r in regions)
    assert members == [[(norway, sweden, kenya)], [(norway, sweden), (kenya,)]]
    assert optimum(instances[1], merge=True) == pytest.approx(optimum(instances[1]))
