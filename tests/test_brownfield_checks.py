"""What is wrong with mines, shells and rentals is told where it stands, in planner's words."""

from typing import Any

import pytest
from pydantic import ValidationError

from models.checks import find_warnings
from tests.small import demands, merged, tiny

RAW: dict[str, Any] = {
    "sites": {"oslo": {"previous_use": "crypto_mining"}},
    "mines": [
        {"site": "oslo", "mining_mw": 20, "capex_musd_per_mw": 2, "margin_musd_per_mw_year": 0.5}
    ],
    "shells": [{"site": "oslo", "most_mw": 8, "price_musd_per_mw_year": 1}],
    "rentals": {
        "burst": {
            "operator": "fjord",
            "jurisdiction": "NO",
            "lat": 59.9,
            "lon": 10.8,
            "price_usd_per_mtok": 1,
            "most_mtok_s": 30,
        }
    },
}


def changed(path: str, **fields: Any) -> dict[str, Any]:
    """The data with fields of the mine, the shell, the offer or the site changed."""
    table, _, name = path.partition(".")
    if name:
        return merged(RAW, {table: {name: fields}})
    return merged(RAW, {table: [RAW[table][0] | fields]})


def test_the_data_are_sound() -> None:
    assert find_warnings(tiny(**RAW)) == []


ERRORS = [
    (changed("mines", site="bergen"), "mines.0.site", "no site is called 'bergen'"),
    (changed("shells", site="bergen"), "shells.0.site", "no site is called 'bergen'"),
    (merged(RAW, {"mines": RAW["mines"] * 2}), "mines.1", "oslo is already given"),
    (merged(RAW, {"shells": RAW["shells"] * 2}), "shells.1", "oslo is already given"),
    (
        changed("mines", mining_mw={2027: 9, 2028: 5}),
        "mines.0.mining_mw",
        "falls from 9 MW to 5 MW",
    ),
    (
        changed("mines", mining_mw=30),
        "mines.0.mining_mw",
        "'oslo', which mining shares, carries 25",
    ),
    (
        changed("sites.oslo", grid_region="east") | {"grid_regions": {"east": {"cap_mw": 12}}},
        "mines.0.mining_mw",
        "makes 20 MW of mining in 2027 in the grid region 'east', whose cap of 12 MW",
    ),
    (changed("mines", block_mw=21), "mines.0.block_mw", "more than the 20 MW of mining"),
    (changed("shells", block_mw=9), "shells.0.block_mw", "more than the 8 MW that are offered"),
    (changed("rentals.burst", operator="x"), "rentals.burst.operator", "no operator is called 'x'"),
    (changed("rentals.burst", jurisdiction="X"), "rentals.burst.jurisdiction", "called 'X'"),
    (changed("rentals.burst", workloads=["x"]), "rentals.burst.workloads.0", "called 'x'"),
    (changed("rentals.burst", rtt_ms={"mars": 9}), "rentals.burst.rtt_ms.mars", "no region"),
    (
        changed("rentals.burst", least_mtok_s={2027: 1, 2028: 40}),
        "rentals.burst.least_mtok_s",
        "is 40 Mtok/s where at most 30 Mtok/s are offered",
    ),
]


@pytest.mark.parametrize(("raw", "path", "says"), ERRORS, ids=[error[2] for error in ERRORS])
def test_mistakes_are_named(raw: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        tiny(**raw)

    (first,) = caught.value.errors()
    problems = first["ctx"]["error"].problems
    told = [(".".join(map(str, one.path)), one.message) for one in problems]
    assert len(told) == 1, told
    assert told[0][0] == path
    assert says in told[0][1]


WARNINGS = [
    (changed("mines", months=12), "no conversion would serve before"),
    (changed("mines", margin_musd_per_mw_year={2028: 1}), "gives no margin before 2028-01-01"),
    (changed("sites.oslo", previous_use="none"), "whose previous_use is not crypto_mining"),
    (changed("shells", lead_months=12), "no lease can begin before"),
    (changed("shells", price_musd_per_mw_year={2028: 1}), "gives no rent before 2028-01-01"),
    (changed("rentals.burst", most_mtok_s={2028: 1}), "offers nothing within the horizon"),
    (changed("rentals.burst", price_usd_per_mtok={2028: 1}), "gives no price before 2028-01-01"),
    (changed("mines", capex_musd_per_mw=2000), "cost of a conversion, in MUSD per MW"),
]


@pytest.mark.parametrize(("raw", "says"), WARNINGS, ids=[one[1] for one in WARNINGS])
def test_what_is_odd_is_warned_of(raw: dict[str, Any], says: str) -> None:
    told = [problem.message for problem in find_warnings(tiny(**raw))]

    assert len(told) == 1, told
    assert says in told[0]


def test_leased_and_converted_halls_hold_the_initial_fleet() -> None:
    """Halls that can be had in the first period are room for units that stand there already."""
    some = merged(RAW, {"sites": {"oslo": {"initial_hall_mw": 0, "hall_lead_months": 24}}})
    row = {"site": "oslo", "unit_type": "gen1", "in_service": 2027, "units": 2}

    assert tiny(**some, initial_units=[row]).initial_units
    with pytest.raises(ValidationError, match="its halls hold"):
        tiny(**merged(some, {"mines": [], "shells": []}), initial_units=[row])


def test_a_stream_that_only_an_offer_serves_is_no_mistake() -> None:
    raw = {
        "jurisdictions": {"SE": {"continent": "europe"}},
        "data_classes": {"health": {"compute": ["SE"]}},
        "workloads": {"must": {}},
        "demand": demands(("norway", "health", 2027, 1), workload="must"),
        "throughput": [{"unit_type": "gen1", "workload": "must", "mtok_s": 10}],
    }
    offer = {"rentals": {"burst": RAW["rentals"]["burst"] | {"jurisdiction": "SE"}}}

    assert tiny(**raw, **offer).lawful_offers == {"norway/must/health": ("burst",)}
    with pytest.raises(ValidationError, match="no lawful site"):
        tiny(**raw)
