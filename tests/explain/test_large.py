"""The ways of large instances, on small ones: they find what the ways of small ones find."""

import importlib

import pytest

from models.instance import Instance
from optimizer.explain import explain_with
from optimizer.options import resolve
from optimizer.solve import Tools
from tests.explain.checks import conflict_is_smallest, repairs_have_plans
from tests.explain.zoo.case import HOME, firm
from tests.small import demands, tiny, twins

probes = importlib.import_module("optimizer.explain.probes")
elastic = importlib.import_module("optimizer.explain.elastic")


def kenya_and_norway() -> Instance:
    """Oslo serves Norway; Nairobi has power for 20 of the 50 Mtok/s that must stay in Kenya."""
    return firm(
        twins,
        **HOME,
        sites={"nairobi": {"opened": True, "initial_hall_mw": 20, "grid_mw": 5}},
        demand=demands(("norway", "public", 2027, 20), ("kenya", "public", 2027, 50)),
    )()


def test_law_gives_way_for_the_streams_in_conflict(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Four routes are too many here; the two of Kenya alone are not.
    monkeypatch.setattr(elastic, "MOST_ROUTES", 3)
    inst = kenya_and_norway()
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1))

    assert not told.law_is_given
    assert {(one.kind, one.at) for one in told.conflict} == {
        ("residency", "public"),
        ("site_power", "nairobi"),
        ("demand", "kenya/chat/public"),
    }
    conflict_is_smallest(inst, told)
    assert any("data_classes.public.compute" in one.changes for one in told.repairs)
    repairs_have_plans(inst, told)


def test_a_conflict_elsewhere_is_repaired_with_it(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Oslo lacks power, too: what helps Kenya alone is no repair.
    monkeypatch.setattr(elastic, "MOST_ROUTES", 3)
    inst = kenya_and_norway().with_changes({"sites.oslo.grid_mw": 2.5})
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1))

    assert told.minimal
    assert told.repairs
    repairs_have_plans(inst, told)


def test_streams_served_alike_are_told_together(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The law asks the same of both classes of data; ten units have no room.
    monkeypatch.setattr(elastic, "MOST_ROUTES", 0)
    inst = firm(
        tiny,
        data_classes={"private": {}},
        demand=demands(("norway", "public", 2027, 50), ("norway", "private", 2027, 60)),
    )()
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1), repairs=0)

    assert told.law_is_given
    (demand,) = (one for one in told.conflict if one.kind == "demand")
    assert "and 1 stream that may be served alike: 110 Mtok/s" in demand.words


def test_a_conflict_without_demand(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    # 18 IT MW at a PUE of 1.25 need 22.5 MW; nothing has to be served.
    monkeypatch.setattr(elastic, "MOST_ROUTES", 0)
    inst = tiny(
        sites={"oslo": {"grid_mw": 20}},
        sufficiency={"norway": {"jurisdictions": ["NO"], "host_it_mw": 18}},
    )
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1))

    assert {(one.kind, one.at) for one in told.conflict} == {
        ("sufficiency_mw", "norway"),
        ("site_power", "oslo"),
    }
    conflict_is_smallest(inst, told)
    assert {"sites.oslo.grid_mw": 22.5} in [one.changes for one in told.repairs]


@pytest.mark.parametrize("grid_mw", [10, 12])
def test_repairs_by_search(tools: Tools, monkeypatch: pytest.MonkeyPatch, grid_mw: float) -> None:
    # Five units of 2.5 MW: 12.5 MW, with whole units in the way at 12.
    monkeypatch.setattr(probes, "is_large", lambda _: True)
    inst = firm(tiny, sites={"oslo": {"grid_mw": grid_mw}})()
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1))

    assert told.minimal
    conflict_is_smallest(inst, told)
    assert {"sites.oslo.grid_mw": 12.5} in [one.changes for one in told.repairs]
    repairs_have_plans(inst, told)


def test_a_plan_that_a_search_finds(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "is_large", lambda _: True)
    inst = firm(tiny)()
    assert explain_with(tools.crew, (), inst, resolve(inst, threads=1)).status == "feasible"
