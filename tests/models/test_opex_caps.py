"""Caps on running costs: what the sites under a cap cost in a period stays within it."""

from typing import Any

import pytest

from models.build import build_model
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
)


def capped(**cap: Any) -> Instance:
    """A unit costs 2 a year, and energy at 100 USD/MWh: 2.5 MW · 8 760 h, of it 0.3 when idle."""
    return tiny(
        sites={"oslo": {"fixed_opex_musd_per_year": 1, "energy_price_usd_per_mwh": 100}},
        unit_types={"gen1": {"opex_musd_per_year": 2}},
        budget={"opex_caps": {"all": cap}},
    )


def test_a_cap_on_running_costs_binds() -> None:
    # A year of 365 days is 365 / 365.25. A unit at work costs 2 of those and 2.19 of energy; the
    # site 1. A cap of 14.1 a year pays for three: 1 + 6 + 6.57 = 13.57, and of a fourth not even
    # the upkeep of 2.
    inst = capped(musd_per_year=14.1)
    m = solved(inst)
    year = 365 / 365.25

    assert values(m.order) == {("oslo", "gen1", "2027"): 3}
    assert terms(m) == pytest.approx(
        {
            "unit_capex": 120,
            "site_opex": year,
            "unit_opex": 6 * year,
            "energy": 3 * 2.19,
            "shortfall": 20 * SHORT,
        }
    )
    assert optimum_without(inst, lambda m: m.opex_limit) == pytest.approx(
        200 + year + 10 * year + 5 * 2.19
    )


def test_rows_of_a_cap_name_its_terms() -> None:
    year = 365 / 365.25
    m = build_model(capped(musd_per_year=14, terms=["energy"]))
    assert_row(
        m.opex_limit["all", "2027"],
        {"online[oslo,gen1,2027]": 0.3 * 2.19, "run[oslo,gen1,chat,2027]": 0.7 * 2.19},
        "≤",
        14 * year,
    )
    m = build_model(capped(musd_per_year=14, terms="unit_opex; site_opex"))
    assert_row(
        m.opex_limit["all", "2027"],
        {"online[oslo,gen1,2027]": 2 * year, "is_open[oslo,2027]": year},
        "≤",
        14 * year,
    )


def test_the_network_counts_where_tokens_are_made() -> None:
    changes: dict[str, Any] = {
        "sites": {"oslo": {"network_zone": "z"}, "nairobi": {"network_zone": "z"}},
        "regions": {"norway": {"network_zone": "z"}, "kenya": {"network_zone": "z"}},
        "network_prices": [{"zone_a": "z", "zone_b": "z", "usd_per_mtok": 0.01}],
    }
    caps = {"europe": {"jurisdictions": ["EEA"], "musd_per_year": 1}}
    m = build_model(twins(**changes, budget={"opex_caps": caps}))

    # Of a unit nothing costs anything here, nor does Oslo; 31.536 million Mtok at 0.01 USD.
    assert_row(
        m.opex_limit["europe", "2027"],
        {"flow[norway/chat/public,oslo,2027]": 0.31536},
        "≤",
        365 / 365.25,
    )


def test_a_cap_on_nothing_makes_no_row() -> None:
    # Nothing is asked for in Kenya, and Norway's tokens stay there: no flow, no network.
    caps = {"africa": {"sites": ["nairobi"], "musd_per_year": 1, "terms": ["network"]}}
    home = {"public": {"compute": ["HOME"]}}
    m = build_model(twins(data_classes=home, budget={"opex_caps": caps}))
    assert len(m.opex_limit) == 0


def test_a_cap_on_what_is_free_allows_everything() -> None:
    caps = {"all": {"musd_per_year": 0, "terms": ["network", "energy"]}}
    assert optimum(tiny(budget={"opex_caps": caps})) == pytest.approx(200)
