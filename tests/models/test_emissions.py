"""Emissions: the closest intensity, a price, and caps on what electricity emits."""

from typing import Any

import pytest

from models.build import build_model
from models.environment import carbon_price, carbon_t_per_mwh
from models.instance import Instance
from tests.small import (
    SHORT,
    assert_row,
    optimum,
    optimum_without,
    solved,
    terms,
    tiny,
    twins,
    values,
    years,
)

YEAR = 365 / 365.25
KT = 8.76
"""A unit at work for a year: 2.5 MW · 8 760 h · 400 kg/MWh [ktCO2]."""


def emitting(idle_share: float = 0.3, **carbon: Any) -> Instance:
    return tiny(
        sites={"oslo": {"carbon_kg_per_mwh": 400}},
        unit_types={"gen1": {"idle_share": idle_share}},
        carbon=carbon,
    )


def test_a_cap_on_emissions_binds() -> None:
    # Units that never idle emit 8.76 kt each: 30 kt a year allow three of them, not five.
    inst = emitting(idle_share=1, caps={"all": {"tco2_per_year": 30_000}})
    m = solved(inst)

    assert values(m.order) == {("oslo", "gen1", "2027"): 3}
    assert terms(m) == pytest.approx({"unit_capex": 120, "shortfall": 20 * SHORT})
    assert optimum_without(inst, lambda m: m.carbon_limit) == pytest.approx(200)


def test_rows_of_a_cap() -> None:
    m = build_model(emitting(caps={"all": {"tco2_per_year": 30_000}}))
    assert_row(
        m.carbon_limit["all", "2027"],
        {"online[oslo,gen1,2027]": 0.3 * KT, "run[oslo,gen1,chat,2027]": 0.7 * KT},
        "≤",
        30 * YEAR,
    )


def test_a_cap_covers_the_sites_it_names() -> None:
    caps = {"africa": {"continents": ["africa"], "tco2_per_year": 1000}}
    clean = twins(sites={"oslo": {"carbon_kg_per_mwh": 400}}, carbon={"caps": caps})
    m = build_model(clean)
    assert len(m.carbon_limit) == 0, "nothing is known to be emitted in Nairobi"

    m = build_model(clean.with_changes({"jurisdictions.KE.carbon_kg_per_mwh": 400}))
    assert {index[0] for index in m.carbon_limit} == {"africa"}
    assert "oslo" not in str(m.carbon_limit["africa", "2027"].expr)


def test_emissions_have_a_price() -> None:
    # Five units at work: 43.8 kt at 50 USD.
    assert terms(solved(emitting(price_usd_per_t=50))) == pytest.approx(
        {"unit_capex": 200, "carbon": 2.19}
    )


def test_the_closest_intensity_and_the_nearest_price_count() -> None:
    inst = twins(
        horizon=years(2),
        slices={"sun": {"from_hour": 6, "hours": 12}, "dark": {"from_hour": 18, "hours": 12}},
        grid_regions={"nordic": {"cap_mw": 50, "carbon_kg_per_mwh": {2027: 80, 2028: 60}}},
        jurisdictions={
            "NO": {"carbon_kg_per_mwh": 20, "carbon_price_usd_per_t": {2028: 90}},
            "KE": {"carbon_kg_per_mwh": 300},
        },
        sites={"oslo": {"grid_region": "nordic", "carbon_factor": {"sun": 0.5}}},
        carbon={"price_usd_per_t": {2027: 10, 2028: 30}},
    )
    assert carbon_t_per_mwh(inst, "oslo", "2027/dark") == pytest.approx(0.08)
    assert carbon_t_per_mwh(inst, "oslo", "2028/sun") == pytest.approx(0.03)
    assert carbon_t_per_mwh(inst, "nairobi", "2028/sun") == pytest.approx(0.3)
    closer = inst.with_changes({"sites.oslo.carbon_kg_per_mwh": 0})
    assert carbon_t_per_mwh(closer, "oslo", "2027/dark") == 0
    assert [1e6 * carbon_price(inst, "oslo", t) for t in inst.periods] == pytest.approx([0, 90])
    assert [1e6 * carbon_price(inst, "nairobi", t) for t in inst.periods] == pytest.approx([10, 30])


def test_a_price_on_nothing_and_a_cap_of_nothing_cost_nothing() -> None:
    unknown = tiny(carbon={"price_usd_per_t": 100, "caps": {"all": {"tco2_per_year": 0}}})
    assert optimum(unknown) == pytest.approx(200)
