"""Instances that ship, made infeasible by changes."""

from collections.abc import Callable
from pathlib import Path

from models.instance import Instance
from optimizer import read_instance
from tests.explain.zoo.case import Case

INSTANCES = Path(__file__).parents[3] / "instances"


def mutated(name: str, changes: dict[str, object]) -> Callable[[], Instance]:
    return lambda: read_instance(INSTANCES / name).with_changes(changes)


def _firm(workload: str) -> dict[str, object]:
    return {f"workloads.{workload}.shortfall_price_usd_per_mtok": None}


SHIPPED = [
    Case("shipped tiny", mutated("tiny", _firm("chat") | {"budget.pools.world.scale": 0.1}),
         {("budget", "world")}),
    Case("shipped carbon", mutated("carbon", {"carbon.caps.programme.scale": 0.1}),
         {("carbon", "programme")}),
    Case("shipped water", mutated("water", {"sites.cape-town.water_limit_m3_per_year": 0,
                                     "sites.cape-town.grid_mw": 5}),
         {("water", "cape-town"), ("site_power", "cape-town")}),
    Case("shipped efficiency", mutated("efficiency", {"efficiency_floors.programme.scale": 2}),
         {("efficiency", "programme")}),
    Case("shipped slices", mutated("slices", {"sites.singapore.grid_mw": 5,
                                       "sites.california.grid_mw": 1.25}),
         {("site_power", "singapore"), ("site_power", "california")}),
    Case("shipped concentration", mutated("concentration", {"sites.zaragoza.grid_mw": 1.2}),
         {("site_power", "zaragoza")}),
    Case("shipped credit", mutated("credit",
         _firm("chat") | {"budget.pools.world.borrowing.scale": 0.2}),
         {("borrowing", "world")}),
    Case("shipped commitments", mutated("commitments",
         _firm("chat") | {"sites.oslo.grid_mw": 9}), set()),
    Case("shipped n-minus-one", mutated("n-minus-one", {"sites.kigali.grid_mw": 3,
                                                 "contingencies.blackout.share": 1}), set()),
    Case("shipped make-or-buy", mutated("make-or-buy", _firm("chat") | {"sites.oslo.grid_mw": 11,
                                                                "rentals.*.most_mtok_s": 4}),
         {("site_power", "oslo"), ("rental", "copenhagen-burst")}),
    Case("shipped grid-upgrade", mutated("grid-upgrade", _firm("chat")), set()),
    Case("shipped sovereignty", mutated("sovereignty", {"sites.nairobi.grid_mw": 1.2,
                                                 "sites.lagos.grid_mw": 1.2}), set()),
    Case("shipped pipeline", mutated("pipeline", _firm("chat")), set()),
    Case("shipped training-cluster", mutated("training-cluster", _firm("training")), set()),
    Case("shipped brownfield", mutated("brownfield", _firm("chat")), set()),
    Case("shipped refresh", mutated("refresh", _firm("chat")), set()),
    Case("shipped reserve", mutated("reserve", _firm("chat") | {"sites.*.grid_mw": 5}),
         {("reserve", "chat"), ("site_power", "kampala"), ("site_power", "kisumu")}, True),
    Case("shipped topology", mutated("topology", {"sites.frankfurt.grid_mw": 1.8,
                                           "sites.reykjavik.grid_mw": 1.2}), set()),
    Case("shipped soft-limits", mutated("soft-limits", _firm("inference")),
         {("site_power", "narvik"), ("halls", "zaragoza")}, True),
    Case("shipped uncertain-demand", mutated("uncertain-demand", _firm("chat")), set()),
]  # fmt: skip

LARGER = [
    Case("shipped southgate agents", mutated("southgate", _firm("agentic")), set()),
    Case("shipped southgate money", mutated("southgate",
         _firm("batch") | {"budget.pools.*.scale": 0.02}),
         set()),
]  # fmt: skip
