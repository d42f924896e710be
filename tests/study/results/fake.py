"""Studies made by hand: a base of two sites, cases with the figures that a test needs."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.plan import Plan
from optimizer.study.case import Case, Group, Lever, Study
from optimizer.study.folder import StudyFolder
from optimizer.study.results import write_results
from tests.small import twins


def case(name: str, group: Group = "sweep", **levers: float | str) -> Case:
    return Case(name, group, {f"{lever}.scale": value for lever, value in levers.items()}, levers)


def study(
    tmp_path: Path, cases: Sequence[Case], levers: Any = None, levels: int = 0
) -> StudyFolder:
    """A study in a folder; the key of each case is K- and its name."""
    asked = Study("fake", twins(), tuple(cases), levers=levers or {}, levels=levels)
    return StudyFolder.create(tmp_path, asked, {one.name: f"K-{one.name}" for one in cases})


def ranges(group: Group, **ends: tuple[Any, Any]) -> dict[str, tuple[Lever, ...]]:
    return {group: tuple(Lever(name, low, high) for name, (low, high) in ends.items())}


def plan(objective: float, bound: float | None = None, **more: Any) -> Plan:
    """A plan that costs so much; by default proven best."""
    low = objective if bound is None else bound
    kpis = {"cost_per_mtok_usd": objective / 10, "served_share": 1.0, "capex_musd": objective / 2}
    kpis |= more.pop("kpis", {})
    fields: dict[str, Any] = {
        "name": "fake",
        "status": "optimal",
        "objective_musd": objective,
        "bound_musd": low,
        "gap": (objective - low) / objective,
        "costs_musd": {"unit_capex": objective},
        "kpis": kpis,
        "verified": True,
        "instance_sha256": f"{objective:g}",
        "seconds": {"total": 1.0},
        "versions": {"buildplan": "0", "highs": "1"},
        "options": {},
        "tables": tables(),
    }
    return Plan(**(fields | more))


def nothing(status: str = "infeasible", *reasons: str) -> Plan:
    """The outcome of a case without a plan."""
    figures = {"objective_musd": None, "bound_musd": None, "gap": None, "costs_musd": {}}
    none = {"kpis": {}, "verified": False, "tables": {}}
    return replace(plan(1.0), **figures, **none, status=status, reasons=reasons)  # type: ignore[arg-type]


def tables(*orders: tuple[str, int], open_sites: Sequence[str] = ("oslo",)) -> dict[str, Any]:
    """The tables of a plan: units ordered by site in 2027, which are 2 MW each; sites open."""
    site, units = [one[0] for one in orders], [one[1] for one in orders]
    ordered = pd.DataFrame({"site": site, "unit_type": "gen1", "period": "2027", "units": units})
    ordered = ordered.astype({"site": "str", "unit_type": "str", "period": "str", "units": "int64"})
    standing = dict(orders)
    power = pd.DataFrame({"site": list(open_sites), "period": "2027"}).astype("str")
    power["it_mw"] = [2.0 * standing.get(one, 0) for one in open_sites]
    return {"orders": ordered, "online": ordered, "power": power}


def finish(folder: StudyFolder, name: str, result: Plan) -> None:
    result.save(folder.plan_folder(name))


def fail(folder: StudyFolder, name: str, *reasons: str) -> None:
    file = folder.path / "failures" / f"{folder.keys[name]}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"status": "failed", "reasons": reasons}))


def finished(tmp_path: Path, found: Sequence[tuple[Case, Plan | None]], **more: Any) -> StudyFolder:
    """A study whose cases came to these plans; None: still waiting. Its results are written."""
    folder = study(tmp_path, [one for one, _ in found], **more)
    for one, result in found:
        if result is not None:
            finish(folder, one.name, result)
    write_results(folder)
    return folder
