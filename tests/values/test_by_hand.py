"""Values of small instances by hand: power, dates, law, latency and money."""

from functools import partial

import pandas as pd
import pytest

from models.instance import Instance
from optimizer import Values, values
from tests.small import SHORT, demands, tiny, twins

alone = partial(values, workers=1)
"""A second worker takes longer to start than so few cases to solve."""


def row(found: Values, lever: str) -> "pd.Series":
    """The row of a lever."""
    rows = found.table[found.table["lever"] == lever]
    assert len(rows) == 1, f"{lever} is not among {found.table['lever'].tolist()}"
    return rows.iloc[0]


@pytest.fixture(scope="module")
def narrow() -> Instance:
    """The connection holds 4 of 5 units: 10 / (1.25 · 2); a fifth of the demand falls short."""
    return tiny(sites={"oslo": {"grid_mw": 10}})


def test_power_is_worth_what_a_unit_more_saves(narrow: Instance) -> None:
    found = values(narrow)
    power = row(found, "site power oslo: 10 MW more")

    # Without: 4 · 40 + 10 · SHORT. With: 5 · 40, and all is served.
    assert found.base.objective_musd == pytest.approx(160 + 10 * SHORT)
    assert power["change_musd"] == pytest.approx(40 - 10 * SHORT)
    assert power["change_low_musd"] == pytest.approx(power["change_musd"])
    assert power["change_high_musd"] == pytest.approx(power["change_musd"])
    assert power["change_musd_per_unit"] == pytest.approx((40 - 10 * SHORT) / 10)
    assert power["set"] == "--set sites.oslo.grid_mw.add=10.0"
    # Units in parts: a MW feeds 0.4 of a unit, 4 Mtok/s, for 16 MUSD. With the fleet fixed: none.
    assert power["marginal_musd_per_unit"] == pytest.approx(16 - 4 * SHORT)
    assert power["estimate_sites_musd"] == pytest.approx(10 * (16 - 4 * SHORT))
    assert power["estimate_built_musd"] == pytest.approx(0, abs=1e-6)


def test_the_step_is_the_planners(narrow: Instance) -> None:
    found = alone(narrow, steps=["site_power=20%"])
    # 12 MW hold no fifth unit, which takes 12.5.
    assert row(found, "site power oslo: 20 % more")["change_musd"] == pytest.approx(0, abs=1e-6)


def test_a_quarter_earlier_serves_a_quarter_more() -> None:
    inst = tiny(
        horizon={"start": 2027, "months": [3, 9]}, sites={"oslo": {"grid_mw": {"2027-04": 25}}}
    )
    found = alone(inst)
    earlier = row(found, "energisation oslo: 3 months earlier")

    # January to March have 90 of the 365 days.
    assert earlier["change_musd"] == pytest.approx(-50 * SHORT * 90 / 365)
    assert earlier["change_musd_per_unit"] == pytest.approx(-50 * SHORT * 90 / 365 / 3)
    assert earlier["unit"] == "months"
    assert '{"2027-01-01": 25.0}' in earlier["set"]


def test_steps_of_power_come_no_earlier_by_being_larger() -> None:
    # Nothing in the first quarter stays nothing: 10 MW more count from April on.
    inst = tiny(
        horizon={"start": 2027, "months": [3, 9]},
        sites={"oslo": {"grid_mw": {"2027-01": 0, "2027-04": 10}}},
    )
    found = alone(inst)
    power = row(found, "site power oslo: 10 MW more")
    assert power["set"] == "--set sites.oslo.grid_mw.2027-04-01.add=10.0"
    assert power["change_musd"] == pytest.approx(40 - 10 * SHORT * 275 / 365)


def test_money_is_worth_the_unit_that_it_buys() -> None:
    inst = tiny(budget={"pools": {"world": {"grants": {"2027-01": 190}}}})
    found = alone(inst, steps=["budget=10%"])
    # 190 buy 4 units, 209 buy 5.
    change = row(found, "budget world: 10 % more")["change_musd"]
    assert change == pytest.approx(40 - 10 * SHORT)


def test_least_amounts_give_way_downwards() -> None:
    inst = twins(sufficiency={"kenya": {"jurisdictions": ["KE"], "host_it_mw": 4}})
    found = alone(inst, steps=["sufficiency_mw=50%"])
    floor = row(found, "sufficiency mw kenya: 50 % less")
    # Two units in Nairobi need a hall of 4 MW; so does one: 20 MUSD either way.
    assert floor["change_musd"] == pytest.approx(0, abs=1e-6)
    assert floor["set"] == "--set sufficiency.kenya.host_it_mw.scale=0.5"
    lifted = alone(inst, price_of="sufficiency")
    assert row(lifted, "sufficiency kenya: lifted")["change_musd"] == pytest.approx(-20)


@pytest.fixture(scope="module")
def sovereign() -> Instance:
    """Health data stay at home; a hall in Nairobi costs 20 MUSD, Oslo has room for five more."""
    return twins(
        data_classes={"health": {"compute": ["HOME"]}},
        demand=demands(
            ("norway", "public", 2027, 30),
            ("norway", "health", 2027, 10),
            ("kenya", "health", 2027, 10),
        ),
    )


def test_the_price_of_sovereignty(sovereign: Instance) -> None:
    found = alone(sovereign, price_of="residency")
    # Served from Oslo, Kenya's health data need no hall of their own. Norway's are at home anyway.
    assert row(found, "residency: lifted as a whole")["change_musd"] == pytest.approx(-20)
    assert row(found, "residency KE/health: lifted")["change_musd"] == pytest.approx(-20)
    assert row(found, "residency NO/health: lifted")["change_musd"] == pytest.approx(0, abs=1e-6)
    kenya = row(found, "residency KE/health: lifted")
    assert kenya["path"] == "data_classes.health"
    assert "residency.add" in kenya["set"]


def test_law_is_a_lever_among_the_others(sovereign: Instance) -> None:
    law = row(alone(sovereign), "residency health: lifted")
    assert law["change_musd"] == pytest.approx(-20)
    assert pd.isna(law["step"])
    assert pd.isna(law["marginal_musd_per_unit"])


def test_a_latency_limit_that_keeps_a_site_away() -> None:
    # 75 ms are too far for 72, and near enough for 79.2.
    inst = twins(
        workloads={"chat": {"latency_limit_ms": 72}},
        demand=demands(("norway", "public", 2027, 10), ("kenya", "public", 2027, 10)),
        rtt=[{"region": "kenya", "site": "oslo", "rtt_ms": 75}],
    )
    found = alone(inst)
    assert row(found, "latency chat: 10 % more")["change_musd"] == pytest.approx(-20)
    # Where a longer limit opens no route, it is no lever.
    far = inst.with_changes({"rtt.kenya.oslo.rtt_ms": 90})
    assert not (values(far, top=0).table["kind"] == "latency").any()


def test_a_stream_that_may_go_to_two_new_sites_is_expected_to_be_served_once() -> None:
    # Four units stand at each site, of 10 Mtok/s each. 75 ms keep both from Kenya's 10 Mtok/s, and
    # 79.2 do not.
    inst = twins(
        sites={"nairobi": {"opened": True, "initial_hall_mw": 20}},
        initial_units=[
            {"site": s, "unit_type": "gen1", "units": 4, "in_service": 2026}
            for s in ("oslo", "nairobi")
        ],
        workloads={"chat": {"latency_limit_ms": 72}},
        demand=demands(("norway", "public", 2027, 10), ("kenya", "public", 2027, 10)),
        rtt=[{"region": "kenya", "site": s, "rtt_ms": 75} for s in ("oslo", "nairobi")],
    )
    latency = row(alone(inst), "latency chat: 10 % more")
    assert latency["change_musd"] == pytest.approx(-10 * SHORT)
    assert latency["estimate_built_musd"] == pytest.approx(-10 * SHORT)
    assert latency["estimate_sites_musd"] == pytest.approx(-10 * SHORT)


def test_a_limit_that_gives_way_costs_nothing_whatever_the_gap(narrow: Instance) -> None:
    power = row(alone(narrow, gap=0.9), "site power oslo: 10 MW more")
    assert power["change_low_musd"] <= power["change_musd"] <= power["change_high_musd"] <= 0


def test_a_soft_floor_is_lifted_with_its_price() -> None:
    floor = {"kenya": {"jurisdictions": ["KE"], "host_it_mw": 4}}
    soft = [{"limit": "sufficiency_mw", "at": ["kenya"], "price_musd": 100}]
    inst = twins(sufficiency=floor, soft_limits=soft)
    # As without the price: a hall in Nairobi for 20 MUSD.
    lifted = row(alone(inst, price_of="sufficiency"), "sufficiency kenya: lifted")
    assert lifted["change_musd"] == pytest.approx(-20)
    assert "soft_limits=[]" in lifted["set"]


def test_without_any_exact_value_nothing_is_solved_again(sovereign: Instance) -> None:
    assert (alone(sovereign, top=0).table["status"] == "").all()


def test_a_plan_that_nothing_holds_back_has_no_levers() -> None:
    assert values(tiny(sites={"oslo": {"grid_mw": 30}})).table.empty


def test_an_instance_without_a_plan_has_no_values() -> None:
    inst = tiny(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}}, sites={"oslo": {"grid_mw": 5}}
    )
    found = alone(inst)
    assert found.base.status == "infeasible"
    assert found.table.empty


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"steps": ["power=10"]}, "no limit is called 'power'"),
        ({"steps": ["budget=10"]}, "must be a share in %"),
        ({"steps": ["energisation=1.5"]}, "whole months"),
        ({"steps": ["site_power=-1"]}, "above 0"),
        ({"steps": ["site_power"]}, "KIND=AMOUNT"),
        ({"price_of": "luck"}, "no rule is called 'luck'"),
        ({"price_of": "carbon"}, "no limit of carbon"),
        ({"price_of": "residencey"}, "Did you mean 'residency'"),
        ({"top": -1}, "top must be"),
    ],
)
def test_what_makes_no_sense_is_refused(how: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        values(tiny(), **how)  # type: ignore[arg-type]


def test_other_objectives_than_money_are_refused() -> None:
    with pytest.raises(ValueError, match="amounts of money"):
        values(tiny(objective="least_carbon"))
