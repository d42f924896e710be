"""PyPSA's network of an instance has the optimum of our model, on paper and on drawn instances."""

from typing import Any

import pytest

from benchmarks.expressible import expressible
from benchmarks.generated import Size
from models.instance import Instance
from tests.small import GEN1, demands, optimum, twins, years

pytest.importorskip("pypsa")

from benchmarks.speed.pypsa_way import by_pypsa


def two_sites(**changes: Any) -> Instance:
    """Oslo carries two units, one of them in a hall that stands; Nairobi carries one, if opened."""
    oslo = {"grid_mw": 5, "initial_hall_mw": 2, **changes.pop("oslo", {})}
    nairobi = {"open_cost_musd": 30, "fixed_opex_musd_per_year": 3.6525}  # 0.01 a day
    nairobi |= {"grid_mw": 2.5, "energy_price_usd_per_mwh": 100, **changes.pop("nairobi", {})}
    asked = demands(("norway", "public", 2027, 20), ("norway", "public", 2028, 30))
    return twins(
        horizon=years(2),
        demand=asked,
        demand_interpolation="step",
        sites={"oslo": oslo, "nairobi": nairobi},
        **changes,
    )


def best(inst: Instance) -> float:
    """The optimum that PyPSA finds [MUSD]."""
    figures = by_pypsa(inst, gap=0.0, time_s=120.0, threads=1)
    assert figures["gap"] == pytest.approx(0.0, abs=1e-9)
    return float(figures["objective_musd"])


def test_a_site_is_opened_when_it_is_needed() -> None:
    # 2027: two units at Oslo make 20 Mtok/s: 2 · 40, and a hall for the second one: 4 MW · 5.
    # 2028: a third unit for 10 Mtok/s at Nairobi: 40, its hall 20, the opening 30, 366 days · 0.01,
    # and 2.5 MW · 8 784 h · 100 USD/MWh = 2.196 of energy. Oslo's costs nothing.
    inst = two_sites()
    musd = 80 + 20 + 40 + 20 + 30 + 3.66 + 2.196

    assert best(inst) == pytest.approx(musd)
    assert optimum(inst) == pytest.approx(musd)


def test_an_install_rate_holds_in_each_period() -> None:
    # 1/6 MW a month is one unit of 2 MW a year at Oslo. So Nairobi makes 10 Mtok/s from 2027 on:
    # 731 days · 0.01 and 2.5 MW · 17 544 h · 100 USD/MWh = 4.386, all else as before.
    inst = two_sites(oslo={"install_rate_mw_per_month": 1 / 6})
    musd = 80 + 20 + 40 + 20 + 30 + 7.31 + 4.386

    assert best(inst) == pytest.approx(musd)
    assert optimum(inst) == pytest.approx(musd)


def test_sites_share_the_cap_of_their_grid_region() -> None:
    # 5 MW carry two units, wherever they are: 10 Mtok/s are missing for 366 days of 2028,
    # 10 USD/Mtok · 10 Mtok/s · 31.6224 million s = 3 162.24.
    inst = two_sites(
        grid_regions={"north": {"cap_mw": 5}},
        oslo={"grid_region": "north"},
        nairobi={"grid_region": "north"},
    )
    musd = 80 + 20 + 3162.24

    assert best(inst) == pytest.approx(musd)
    assert optimum(inst) == pytest.approx(musd)


def test_a_site_is_opened_once() -> None:
    # Oslo's 1 MW carry no unit, Nairobi's 2.5 MW carry one: 10 Mtok/s are missing in 2027, 20 in
    # 2028. To open Nairobi once more, for a second unit, would cost 30 + 40 + 3.66 + 2.196 and
    # save 3 162.24 in 2028; its hall of 4 MW has room for both, and each is of a type of its own.
    types = {"gen1": 10, "gen2": 10}
    inst = two_sites(
        oslo={"grid_mw": 1},
        nairobi={"grid_region": "south"},
        grid_regions={"south": {"cap_mw": 5}},
        unit_types={"gen2": GEN1},
        throughput=[{"unit_type": u, "workload": "chat", "mtok_s": n} for u, n in types.items()],
    )
    musd = 30 + 20 + 40 + 7.31 + 4.386 + 3153.6 + 6324.48

    assert best(inst) == pytest.approx(musd)
    assert optimum(inst) == pytest.approx(musd)


@pytest.mark.parametrize(("seed", "regime"), [(1, "even"), (2, "power"), (3, "even")])
def test_drawn_instances_have_the_same_optimum(seed: int, regime: str) -> None:
    inst = expressible(Size(3, 3, 2), seed, regime)

    assert best(inst) == pytest.approx(optimum(inst, merge=True), rel=1e-6)


def test_periods_that_differ_in_length_are_refused() -> None:
    with pytest.raises(ValueError, match="5 periods do not divide 48 months evenly"):
        expressible(Size(3, 3, 5), 1)
