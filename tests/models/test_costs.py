"""Costs: each term is the one on paper, and the terms add up to the objective."""

from typing import Any

import pytest

from models import prices
from models.build import build_model
from models.instance import Instance
from tests.small import coefficients, cost, demands, solved, terms, tiny, twins

# Two years, 365 and 366 days, discounted at 10 % to 1 January 2026, 365 days before the horizon.
# Middles: 2027-07-02 (182.5 days, rounded down) and 2028-07-02 (183 days).


def df(days: float) -> float:
    """Discount factor so many days after the base date."""
    return 1.1 ** (-days / 365.25)


START = {"2027": df(365), "2028": df(365 + 365)}
MIDDLE = {"2027": df(365 + 182), "2028": df(365 + 365 + 183)}
END = df(365 + 731)
HOURS = {"2027": 8_760, "2028": 8_784}
SECONDS = {"2027": 31_536_000, "2028": 31_622_400}
YEARS = {"2027": 365 / 365.25, "2028": 366 / 365.25}


@pytest.fixture(scope="module")
def inst() -> Instance:
    oslo = {
        "fixed_opex_musd_per_year": 3,
        "unit_capex_factor": 1.1,
        "energy_price_usd_per_mwh": {2027: 50, 2028: 60},
        "hall_life_years": 10,
        "hall_lead_months": 12,
        "network_zone": "north",
    }
    nairobi = {"open_cost_musd": 10, "network_zone": "south", "energy_price_usd_per_mwh": 90}
    return twins(
        horizon={"start": 2027, "months": 12, "count": 2},
        finance={
            "discount_rate_per_year": 0.1,
            "base_date": 2026,
            "end_of_horizon_value": "straight_line",
        },
        sites={"oslo": oslo, "nairobi": nairobi},
        unit_types={"gen1": {"opex_musd_per_year": 2, "idle_share": 0.4, "life_years": 5}},
        workloads={"chat": {"peak_factor": 1.6}},
        regions={"norway": {"network_zone": "north"}, "kenya": {"network_zone": "south"}},
        network_prices=[
            {"zone_a": "north", "zone_b": "north", "usd_per_mtok": 0.1},
            {"zone_a": "south", "zone_b": "north", "usd_per_mtok": 0.3},
            {"zone_a": "south", "zone_b": "south", "usd_per_mtok": 0.2},
        ],
    )


@pytest.fixture(scope="module")
def found(inst: Instance) -> dict[str, dict[str, float]]:
    m = build_model(inst)
    found = {term: coefficients(m.cost_musd[term].expr) for term in m.TERMS}
    for term in ("network", "shortfall"):
        # A name for the sum, and the row that says so: Σ price · flow − name = 0.
        assert found[term] == {f"{term}_musd[{term}]": 1}
        row = coefficients(m.component(f"{term}_balance")[term].body)
        assert row.pop(f"{term}_musd[{term}]") == -1
        found[term] = row
    return found


def test_investment(found: dict[str, dict[str, float]]) -> None:
    """Paid on the first day of the period."""
    assert found["site_opening"] == pytest.approx(
        {f"open_site[nairobi,{t}]": START[t] * 10 for t in START}
    )
    # A block of 4 MW at 5 MUSD per MW. Oslo's halls of 2028 would come after the horizon.
    assert found["hall_capex"] == pytest.approx(
        {
            "hall[oslo,2027]": START["2027"] * 20,
            "hall[nairobi,2027]": START["2027"] * 20,
            "hall[nairobi,2028]": START["2028"] * 20,
        }
    )
    assert found["unit_capex"] == pytest.approx(
        {f"order[oslo,gen1,{t}]": START[t] * 40 * 1.1 for t in START}
        | {f"order[nairobi,gen1,{t}]": START[t] * 40 for t in START}
    )


def test_operation(found: dict[str, dict[str, float]]) -> None:
    """Paid in the middle of the period."""
    assert found["site_opex"] == pytest.approx(
        {f"is_open[oslo,{t}]": MIDDLE[t] * YEARS[t] * 3 for t in START}
    )
    assert found["unit_opex"] == pytest.approx(
        {
            f"online[{s},gen1,{t}]": MIDDLE[t] * YEARS[t] * 2
            for s in ("oslo", "nairobi")
            for t in START
        }
    )


def test_energy(found: dict[str, dict[str, float]]) -> None:
    """An idle unit draws 40 % of 2.5 MW; the other 60 % follow the mean, 1 / 1.6 of the peak."""
    price = {("oslo", "2027"): 50, ("oslo", "2028"): 60}
    price |= {("nairobi", "2027"): 90, ("nairobi", "2028"): 90}
    mwh = {key: MIDDLE[key[1]] * HOURS[key[1]] * 2.5 * usd / 1e6 for key, usd in price.items()}

    assert found["energy"] == pytest.approx(
        {f"online[{s},gen1,{t}]": 0.4 * musd for (s, t), musd in mwh.items()}
        | {f"run[{s},gen1,chat,{t}]": 0.6 / 1.6 * musd for (s, t), musd in mwh.items()}
    )


def test_network_and_shortfall(found: dict[str, dict[str, float]]) -> None:
    """Zones are quoted in either direction."""
    assert found["network"] == pytest.approx(
        {
            f"flow[norway/chat/public,{s},{t}]": MIDDLE[t] * SECONDS[t] * usd / 1e6
            for s, usd in (("oslo", 0.1), ("nairobi", 0.3))
            for t in START
        }
    )
    assert found["shortfall"] == pytest.approx(
        {f"shortfall[norway/chat/public,{t}]": MIDDLE[t] * SECONDS[t] * 10 / 1e6 for t in START}
    )


def test_end_value(found: dict[str, dict[str, float]]) -> None:
    """At the end of 2028, on 1 January 2029."""
    # Units of 2027 live until 2032-01-01: 1 095 of 1 826 days are left. Those of 2028 until
    # 2033-01-01: 1 461 of 1 827. Oslo's halls, in use from 2028, until 2038-01-01: 3 287 of 3 653.
    # Nairobi's, with 20 years, until 2047-01-01 and 2048-01-01: 6 574 of 7 305 and 6 939 of 7 305.
    assert found["end_value"] == pytest.approx(
        {
            "order[oslo,gen1,2027]": -END * 44 * 1095 / 1826,
            "order[oslo,gen1,2028]": -END * 44 * 1461 / 1827,
            "order[nairobi,gen1,2027]": -END * 40 * 1095 / 1826,
            "order[nairobi,gen1,2028]": -END * 40 * 1461 / 1827,
            "hall[oslo,2027]": -END * 20 * 3287 / 3653,
            "hall[nairobi,2027]": -END * 20 * 6574 / 7305,
            "hall[nairobi,2028]": -END * 20 * 6939 / 7305,
        }
    )


def test_without_end_value_nothing_is_worth_anything() -> None:
    m = build_model(tiny(finance={"end_of_horizon_value": "none"}))

    assert coefficients(m.cost_musd["end_value"].expr) == {}


def test_the_objective_is_the_sum_of_the_terms(
    inst: Instance, found: dict[str, dict[str, float]]
) -> None:
    total: dict[str, float] = {"network_musd[network]": 1, "shortfall_musd[shortfall]": 1}
    for term in found.keys() - {"network", "shortfall"}:
        for name, price in found[term].items():
            total[name] = total.get(name, 0.0) + price
    m = solved(inst)

    assert tuple(m.TERMS) == prices.TERMS
    assert coefficients(m.net_present_cost.expr) == pytest.approx(total)
    assert cost(m) == pytest.approx(sum(terms(m).values()))


def worked_out(**changes: Any) -> dict[str, float]:
    """The terms of five units at Oslo, 50 Mtok/s with a peak of 1.25 times as much: 6.25 units."""
    return terms(solved(tiny(workloads={"chat": {"peak_factor": 1.25}}, **changes)))


def test_terms_of_a_small_plan() -> None:
    # Seven units: 280. A day costs 0.01 for the site and 0.001 per unit: 3.65 and 7 · 0.365.
    # Energy: 2.5 MW · (0.3 · 7 + 0.7 · 6.25 / 1.25) · 8 760 h · 100 USD/MWh = 12.264 MUSD.
    oslo = {"fixed_opex_musd_per_year": 3.6525, "energy_price_usd_per_mwh": 100}
    units = {"gen1": {"opex_musd_per_year": 0.36525}}

    assert worked_out(sites={"oslo": oslo}, unit_types=units) == pytest.approx(
        {"unit_capex": 280, "site_opex": 3.65, "unit_opex": 2.555, "energy": 12.264}
    )


def test_the_network_decides_between_sites() -> None:
    # Nairobi is open and 2 USD/MWh dearer: 2.5 MW · 8 760 h · 2 USD = 0.0438 MUSD a unit. Carried
    # from Oslo, its 10 Mtok/s cost 315.36 million Mtok · 0.001 USD = 0.31536 MUSD.
    changes = {
        "sites": {
            "oslo": {"network_zone": "north", "energy_price_usd_per_mwh": 50},
            "nairobi": {
                "network_zone": "south",
                "opened": True,
                "initial_hall_mw": 20,
                "energy_price_usd_per_mwh": 52,
            },
        },
        "regions": {"kenya": {"network_zone": "south"}, "norway": {"network_zone": "south"}},
        "demand": demands(("kenya", "public", 2027, 10)),
    }
    quoted = [("south", "south", 0), ("north", "south", 0.001)]
    rows = [{"zone_a": a, "zone_b": b, "usd_per_mtok": usd} for a, b, usd in quoted]
    m = solved(twins(**changes, network_prices=rows))
    assert terms(m) == pytest.approx({"unit_capex": 40, "energy": 2.5 * 8_760 * 52 / 1e6})

    # At a tenth of that price it is cheaper to carry them.
    rows[1]["usd_per_mtok"] = 0.0001
    m = solved(twins(**changes, network_prices=rows))
    assert terms(m) == pytest.approx(
        {"unit_capex": 40, "energy": 2.5 * 8_760 * 50 / 1e6, "network": 0.031536}
    )
