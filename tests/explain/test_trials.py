"""Repairs are tried with the decisions that are known, and lose what they do not need."""

import importlib
from typing import Any

import numpy as np
import pytest

from models.instance import Instance
from optimizer.explain import explain_with
from optimizer.explain.probes import Probes
from optimizer.explain.same import carried
from optimizer.explain.softened import soften
from optimizer.explain.trials import working
from optimizer.matrix import Floats
from optimizer.options import resolve
from optimizer.own import compile_with
from optimizer.solve import Tools
from tests.explain.zoo.case import firm
from tests.small import demands, tiny, years

probes_of = importlib.import_module("optimizer.explain.probes")

CHAT = "workloads.chat.shortfall_price_usd_per_mtok"


def quota(per_year: int) -> dict[str, Any]:
    return {"few": {"unit_types": ["gen1"], "per_year": per_year}}


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("per_year", "gives", "left"),
    [
        # Five units of 2.5 MW need 12.5 MW; the quota lets all five come, as it is.
        (5, {"site_power": 2.5, "quota": 1.0}, {"sites.oslo.grid_mw": 12.5}),
        # Halls for 20 IT MW stand, and five units take 10; the quota lets four come.
        (
            4,
            {"site_power": 2.5, "quota": 1.0, "halls": 4.0},
            {"sites.oslo.grid_mw": 12.5, "quotas.few.per_year": 5},
        ),
        # Demand that may fall short needs no more power.
        (5, {"site_power": 2.5, "demand": 20.0}, {CHAT: 1000.0}),
    ],
)
def test_what_a_repair_does_not_need_is_left_out(
    tools: Tools,
    monkeypatch: pytest.MonkeyPatch,
    large: bool,
    per_year: int,
    gives: dict[str, float],
    left: dict[str, object],
) -> None:
    monkeypatch.setattr(probes_of, "is_large", lambda _: large)
    inst = firm(tiny, sites={"oslo": {"grid_mw": 10}}, quotas=quota(per_year))()
    probes = Probes(tools.crew, soften(inst), resolve(inst, threads=1), whole=True)
    x = np.zeros(len(probes.soft.matrix.cost))
    worth = {}
    for give in probes.soft.gives:
        (limit,) = give.limits
        if limit.kind in gives:
            x[give.column] = worth[limit] = gives[limit.kind]

    def works(changed: Instance, known: Floats, longest: float) -> bool:
        return probes.admits(compile_with((), changed), known, longest)

    changes = working(probes, inst, works, x, worth)

    assert {path: value for one in changes for path, value in one.sets.items()} == left


def test_changes_that_do_not_work_are_no_repair(tools: Tools) -> None:
    # 11 MW hold four units of 2.5 MW, and so do 10 + 1.2 · 1 MW.
    inst = firm(tiny, sites={"oslo": {"grid_mw": 10}})()
    probes = Probes(tools.crew, soften(inst), resolve(inst, threads=1), whole=True)
    x = np.zeros(len(probes.soft.matrix.cost))
    (give,) = (one for one in probes.soft.gives if one.limits[0].kind == "site_power")
    x[give.column] = 1.0

    def works(changed: Instance, known: Floats, longest: float) -> bool:
        return probes.admits(compile_with((), changed), known, longest)

    assert working(probes, inst, works, x, {give.limits[0]: 1.0}) == ()


def test_decisions_carried_over_stay_within_what_there_is_room_for() -> None:
    # Halls of 4 MW: seven would fit a connection of 40 MW, and two one of 12 MW.
    def halls(grid_mw: float) -> Instance:
        return tiny(horizon=years(2), sites={"oslo": {"grid_mw": grid_mw, "initial_hall_mw": 0}})

    wide, narrow = compile_with((), halls(40)), compile_with((), halls(12))
    built = carried(wide, wide.matrix.upper, narrow)

    assert (wide.matrix.upper > 0).any()
    assert (built <= narrow.matrix.upper).all()
    assert built[narrow.matrix.whole].sum() < wide.matrix.upper[wide.matrix.whole].sum()


def test_a_rule_is_worth_what_gives_way_once_nothing_else_does(tools: Tools) -> None:
    # 50 units of 2.5 MW make 500 of 500.05 Mtok/s: 115 MW more, at 5 MUSD each, and 0.05 Mtok/s
    # missed at 100 MUSD cost 580 MUSD, less than a unit more. But once demand may fall short, no
    # power is needed: four units stand in 10 MW, and 460.05 Mtok/s are missed.
    inst = firm(
        tiny,
        sites={"oslo": {"grid_mw": 10, "initial_hall_mw": 200}},
        demand=demands(("norway", "public", 2027, 500.05)),
    )()
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1))

    worth = {tuple(one.changes): one.price_musd for one in told.repairs}
    assert worth[CHAT,] == pytest.approx(46_005.0, rel=0.011)
    # 51 units need 127.5 MW.
    assert worth["sites.oslo.grid_mw",] == pytest.approx(587.5, rel=0.011)
    assert list(worth) == [("sites.oslo.grid_mw",), (CHAT,)]


def test_a_share_is_priced_by_what_is_declared(tools: Tools) -> None:
    # A unit makes 10 · 3600 Mtok an hour of 2.5 MW: 14 400 Mtok per MWh, and 15 000 are asked for.
    # 600 fewer at 1 MUSD each are worth 600 MUSD.
    inst = firm(tiny, efficiency_floors={"all": {"mtok_per_mwh": 15_000}})()
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1))

    worth = {tuple(one.changes.items()): one.price_musd for one in told.repairs}
    assert worth[(("efficiency_floors.all.mtok_per_mwh", 14_400),)] == pytest.approx(600.0)
