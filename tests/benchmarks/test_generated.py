"""Generated instances: valid, the same for the same seed, and tight where they say so."""

import pytest

from benchmarks.binding import relaxed_cost
from benchmarks.generated import REGIMES, Size, generated
from models.latency import distance_km
from optimizer.hashing import instance_sha256

SMALL = Size(5, 6, 4)


def test_the_same_seed_gives_the_same_instance_and_another_seed_another_one() -> None:
    first, again, other = (generated(SMALL, seed) for seed in (1, 1, 2))

    assert instance_sha256(first) == instance_sha256(again)
    assert instance_sha256(first) != instance_sha256(other)


@pytest.mark.parametrize("regime", REGIMES)
def test_sizes_are_those_asked_for_and_every_stream_has_a_site(regime: str) -> None:
    inst = generated(SMALL, 3, regime)

    assert (len(inst.sites), len(inst.regions), len(inst.periods)) == SMALL
    assert all(inst.lawful_sites.values())
    assert any(site.opened for site in inst.sites.values())
    assert inst.initial_units


def test_sites_stand_near_the_city_that_names_them() -> None:
    inst = generated(Size(12, 3, 2), 1)

    for site in inst.sites.values():
        city = inst.cities[site.name.removeprefix("near ")]
        assert 15 <= distance_km(site, city) <= 405  # coordinates are rounded to about a kilometre


@pytest.mark.parametrize("periods", [1, 5, 16, 32, 48])
def test_periods_divide_the_same_four_years(periods: int) -> None:
    inst = generated(Size(2, 2, periods), 1)

    assert sum(period.months for period in inst.periods.values()) == 48


def test_what_is_scarce_costs_most() -> None:
    """The relaxation gains more from power where power is scarce, and from money where that is."""

    def gains(regime: str) -> tuple[float, float]:
        inst = generated(SMALL, 1, regime)
        base = relaxed_cost(inst)
        power = {"sites.*.grid_mw.scale": 1.5}
        if inst.grid_regions:
            power["grid_regions.*.cap_mw.scale"] = 1.5
        more_power = relaxed_cost(inst.with_changes(power))
        more_money = relaxed_cost(inst.with_changes({"budget.pools.*.scale": 1.5}))
        return base - more_power, base - more_money

    power, money = gains("power")
    assert power > 2 * max(money, 1.0)
    power, money = gains("money")
    assert money > 2 * max(power, 1.0)
