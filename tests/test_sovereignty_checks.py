"""Checks of floors, caps, local control planes and origins, in a planner's words."""

from typing import Any

import pytest

from models.checks import find_warnings
from models.instance import Instance
from optimizer.instance_io import read_instance
from tests.test_checks import BASE, errors

FLOOR = {"continents": ["Africa"], "serve_share": 0.5}
CAP = {"share_of": "tokens", "by": "operator", "most_share": 0.6}


@pytest.fixture(scope="module")
def inst() -> Instance:
    return read_instance(BASE)


def floor(**fields: Any) -> dict[str, object]:
    return {"sufficiency": {"f": FLOOR | fields}}


def cap(**fields: Any) -> dict[str, object]:
    return {"concentration": {"c": CAP | fields}}


def offer(*sites: str, **fields: Any) -> dict[str, object]:
    return {"local_control_planes": [{"site": s, "cost_musd": 1} | fields for s in sites]}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (floor(continents=["Atlantis"]), "no continent is called 'Atlantis'"),
        (floor(jurisdictions=["XX"]), "no jurisdiction or bloc is called 'XX'"),
        (floor(workloads=["poetry"]), "no workload is called 'poetry'"),
        (floor(data_classes=["helth"]), "Did you mean 'health'?"),
        (floor(continents=[]), "must name jurisdictions or continents, its territory"),
        (floor(serve_share=1.5), "must be at most 1"),
        (cap(most_share=-0.1), "must be at least 0"),
        (cap(by="owner"), "by: must be"),
        (cap(names=["fjrd"]), "no operator is called 'fjrd'; known: fjord, savanna."),
        (cap(by="grid_region", names=["west"]), "no grid region is called 'west'"),
        (cap(by="vendor", names=["acme"]), "no vendor is called 'acme'; known: none."),
        (offer("bergen"), "no site is called 'bergen'"),
        (offer("oslo", "oslo"), "repeats an earlier row: oslo"),
        (offer("oslo", cost_musd=-1), "must be at least 0 MUSD"),
        ({"unit_types.gen1.origin": ["XX"]}, "no jurisdiction or bloc is called 'XX'"),
        ({"data_classes.public.supply_origin": ["XX"]}, "no jurisdiction or bloc is called 'XX'"),
    ],
)
def test_what_cannot_be_is_refused(inst: Instance, changed: dict[str, object], says: str) -> None:
    found = errors(inst, changed)

    assert any(says in text for text in found), found


def test_a_floor_needs_a_site(inst: Instance) -> None:
    away = {
        "jurisdictions.KE.continent": "Asia",
        "jurisdictions.add": {"TZ": {"continent": "Africa"}},
    }

    found = errors(inst, away | floor(serve_share=0, host_it_mw=1))
    assert any("host_it_mw: cannot be met: no site stands in its territory" in x for x in found)
    moved = {"regions.kenya.jurisdiction": "TZ", "residency": []}
    found = errors(inst, away | moved | floor())
    assert any("serve_share: cannot be met: no site stands in its" in x for x in found)


def test_data_that_must_be_served_need_a_supply(inst: Instance) -> None:
    changed = {
        "data_classes.public.supply_origin": ["NO"],
        "workloads.chat.shortfall_price_usd_per_mtok.remove": True,
    }
    found = errors(inst, changed)
    assert any("no unit type does chat whose supply comes only from NO" in x for x in found)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (floor(serve_share=0), "asks for nothing: give serve_share or host_it_mw"),
        (floor(jurisdictions=["KE"], data_classes=["health"]), ""),
        (cap(by="vendor"), "caps nobody: nothing belongs to a vendor"),
        (cap(most_share=0.4), "leaves nothing to build from 2027: 2 of the kind operator"),
        (cap(most_share={"2029-01": 0.4}), "leaves nothing to build from 2029"),
        (offer("nairobi"), "changes nothing: nairobi is steered from KE already"),
        (offer("oslo", lead_months=60), "in use in no period of the horizon"),
        ({"data_classes.public.supply_origin": ["NO"]}, "so it falls short"),
    ],
)
def test_what_is_odd_is_warned_of(inst: Instance, changed: dict[str, object], says: str) -> None:
    found = [str(problem) for problem in find_warnings(inst.with_changes(changed))]

    assert any(says in text for text in found) if says else not found, found
