"""Model families: training at one site, serving at others, and what lies between; by hand."""

from typing import Any

import numpy as np
import pytest

from models.build import build_model
from models.checks import find_warnings
from models.instance import Instance
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.starts import decisions_of
from optimizer.states import fleet_of
from tests.small import (
    assert_row,
    cost,
    demands,
    merged,
    optimum,
    optimum_without,
    plain,
    solved,
    terms,
    twins,
    values,
)

ZONES = {
    "sites": {
        "oslo": {"network_zone": "north", "grid_mw": 7.5, "unit_capex_factor": 1.25},
        "nairobi": {"network_zone": "south", "grid_mw": 2.5, "hall_capex_musd_per_mw": 0},
    },
    "regions": {"norway": {"network_zone": "north"}, "kenya": {"network_zone": "south"}},
    "network_prices": [
        {"zone_a": a, "zone_b": b, "usd_per_mtok": 0, "usd_per_gb": usd}
        for a, b, usd in (("north", "north", 0), ("south", "south", 0), ("south", "north", 1))
    ],
    "workloads": {"train": {}},
    "throughput": [{"unit_type": "gen1", "workload": k, "mtok_s": 10} for k in ("chat", "train")],
    "demand": [
        *demands(("norway", "public", 2027, 20)),
        *demands(("norway", "public", 2027, 10), workload="train"),
    ],
}
YEARS = 365 / 365.25


def family(musd: float, **changes: Any) -> dict[str, Any]:
    """A family of which a site's models cost so much a year at 1 USD per GB; one site trains."""
    models = {"trained_by": "train", "served_by": ["chat"], "least_training_share": 0.6}
    return models | {"size_gb": musd / YEARS * 1e6 / 12} | changes


def apart(musd: float, changes: dict[str, Any] | None = None, **own: Any) -> Instance:
    """Three units are asked for: 50 MUSD each in Oslo, 40 in Nairobi, which has room for one."""
    inst = twins(**ZONES, model_families={"ours": family(musd, **own)})
    return inst.with_changes(changes or {})


# Work for 10 Mtok/s goes to Nairobi for 10 MUSD less than in Oslo. Whether it is training or
# serving, Oslo or Nairobi then needs the other's models.


def test_models_are_carried_where_that_pays() -> None:
    m = solved(apart(6))

    assert terms(m) == pytest.approx({"unit_capex": 140, "model_transfer": 6})
    assert sum(values(m.transfer).values()) == 1
    assert terms(solved(apart(12))) == pytest.approx({"unit_capex": 150})


def test_two_sites_may_train() -> None:
    # Half of the training at each of them: nothing is carried.
    both = solved(apart(12, least_training_share=0.5))
    assert terms(both) == pytest.approx({"unit_capex": 140})
    assert values(both.trains) == {("ours", "nairobi", "2027"): 1, ("ours", "oslo", "2027"): 1}


WEIGHTS = {"data_classes.add": {"weights": {"compute": ["HOME"]}}}


def test_the_law_of_weights_bars_ways() -> None:
    strict = apart(6, WEIGHTS).with_changes({"model_families.ours.weights_data_class": "weights"})
    assert not len(build_model(strict).TRANSFERS)
    assert terms(solved(strict)) == pytest.approx({"unit_capex": 150})
    # From Norway they may go to Kenya, not back: Oslo trains, Nairobi serves.
    rows = [{"jurisdiction": "NO", "data_class": "weights", "compute": ["ANY"]}]
    one_way = strict.with_changes({"residency": rows})
    assert values(solved(one_way).transfer) == {("ours", "oslo", "nairobi", "2027"): 1}


def test_each_rule_binds() -> None:
    """(I1) to (I4)"""
    dear = apart(12)
    assert cost(solved(dear)) == pytest.approx(150)
    assert optimum_without(dear, lambda m: m.holding_link) == pytest.approx(140)
    assert optimum_without(dear, lambda m: m.training_minimum) == pytest.approx(140)
    assert optimum_without(dear, lambda m: m.arrival_minimum) == pytest.approx(140)
    # Training may fall short at no price, but then nobody has models to serve with: 6 Mtok/s are
    # trained. From nowhere they would cost 6 MUSD at one site with two units, Oslo.
    idle = apart(6, {"workloads.train.shortfall_price_usd_per_mtok": 0})
    assert optimum(idle) == pytest.approx(146)
    assert optimum_without(idle, lambda m: m.transfer_link) == pytest.approx(90 + 2 * 6)


def lost_oslo(musd: float) -> Instance:
    """10 Mtok/s of each; those of chat are served even if Oslo is lost, so by a unit in Nairobi."""
    changes = {
        "demand.norway.chat.public.2027-01-01.mtok_s": 10,
        "contingencies": {"no-oslo": {"sites": ["oslo"]}},
        "protection": [{"share": 1, "workload": "chat"}],
    }
    return apart(musd, changes)


def test_who_steps_in_needs_the_models_before() -> None:
    """(I5)"""
    # Nairobi serves and Oslo trains for 90, and 60 for the way; or Oslo does both for 100, and a
    # unit stands in Nairobi for 40: without models it would be of no use.
    assert terms(solved(lost_oslo(60))) == pytest.approx({"unit_capex": 90, "model_transfer": 60})
    free = optimum_without(lost_oslo(60), lambda m: m.contingency_holding_link)
    assert free == pytest.approx(140)
    plan = solve(lost_oslo(60))
    assert plan.violations == ()
    assert plan.kpis["models_carried_tb"] == pytest.approx(60_000)


def beside_batch() -> Instance:
    """10 Mtok/s each of chat, its training, and batch work; two units fit at either site.

    Weights may not be carried, and chat is served even if Oslo is lost.
    """
    kinds = ["chat", "train", "batch"]
    more = {
        "sites": {"oslo": {"grid_mw": 5}, "nairobi": {"grid_mw": 5, "unit_capex_factor": 1.5}},
        "workloads": {"batch": {}},
        "throughput": [{"unit_type": "gen1", "workload": k, "mtok_s": 10} for k in kinds],
        "demand": [
            row for k in kinds for row in demands(("norway", "public", 2027, 10), workload=k)
        ],
        "data_classes": {"weights": {"compute": ["HOME"]}},
        "contingencies": {"no-oslo": {"sites": ["oslo"]}},
        "protection": [{"share": 1, "workload": "chat"}],
        "model_families": {"ours": family(1, weights_data_class="weights")},
    }
    return twins(**merged(ZONES, more))


def test_states_on_demand_let_a_site_step_in_without_models() -> None:
    # A unit is 50 MUSD in Oslo, 60 in Nairobi. One site alone can train 6 of 10 Mtok/s, and chat is
    # served where that is. In Oslo that takes two units, batch work one in Nairobi: 2 · 50 + 60.
    # That one could step in, had it the models. So Nairobi trains and serves chat: 2 · 60 + 50.
    inst = beside_batch()
    assert optimum(inst) == pytest.approx(170)
    assert optimum_without(inst, lambda m: m.contingency_holding_link) == pytest.approx(160)
    plan = solve(inst, method="decompose", gap=0)
    assert plan.violations == ()
    assert plan.objective_musd == pytest.approx(170)


def test_a_site_that_trains_can_step_in() -> None:
    compiled = compile_model(build_model(lost_oslo(6)), lost_oslo(6))
    numbers = {"trains[ours,nairobi,2027]": 1.0}
    x = np.array([numbers.get(plain(one), 0.0) for one in compiled.variables])

    oslo, nairobi = ("ours", "oslo", "2027"), ("ours", "nairobi", "2027")
    assert fleet_of(compiled, x).held == {oslo: 0, nairobi: 1}


def test_rows_of_model_families() -> None:
    m = build_model(apart(6))

    assert_row(
        m.holding_link["ours", "nairobi", "2027"],
        # One unit at the connection of 2.5 MW, although 20 Mtok/s are asked for.
        {"flow[norway/chat/public,nairobi,2027]": 1, "holds[ours,nairobi,2027]": -10},
        "≤",
        0,
    )
    assert_row(
        m.training_minimum["ours", "oslo", "2027"],
        {"flow[norway/train/public,oslo,2027]": 1, "trains[ours,oslo,2027]": -6},
        "≥",
        0,
    )
    assert_row(
        m.transfer_link["ours", "oslo", "nairobi", "2027"],
        {"transfer[ours,oslo,nairobi,2027]": 1, "trains[ours,oslo,2027]": -1},
        "≤",
        0,
    )
    assert_row(
        m.arrival_minimum["ours", "nairobi", "2027"],
        {
            "transfer[ours,oslo,nairobi,2027]": 1,
            "trains[ours,nairobi,2027]": 1,
            "holds[ours,nairobi,2027]": -1,
        },
        "≥",
        0,
    )
    assert_row(
        build_model(lost_oslo(6)).contingency_holding_link["ours", "nairobi", "2027 in no-oslo"],
        {
            "contingency_flow[norway/chat/public,nairobi,2027 in no-oslo]": 1,
            "holds[ours,nairobi,2027]": -10,
        },
        "≤",
        0,
    )


def test_without_families_or_training_there_is_no_row() -> None:
    untrained = apart(6, {"demand.norway.train.public.2027-01-01.mtok_s": 0})
    for inst in (twins(**ZONES), untrained):
        m = build_model(inst)
        for name in ("trains", "holds", "transfer", "holding_link", "arrival_minimum"):
            assert not len(m.component(name))


def test_dearer_models_never_cost_less() -> None:
    costs = [optimum(twins(**ZONES)), *(optimum(apart(musd)) for musd in (0, 1, 6, 12, 50))]
    assert costs == sorted(costs)


def test_caps_on_running_costs_count_them() -> None:
    cap = {"budget.opex_caps.add": {"all": {"musd_per_year": 5 / YEARS}}}
    capped = apart(6, cap)
    assert terms(solved(capped)) == pytest.approx({"unit_capex": 150})
    assert cost(solved(apart(4, cap))) == pytest.approx(144)
    assert solve(apart(4, cap)).violations == ()


def test_plans_tell_who_trains_and_serves() -> None:
    inst = apart(6, {"finance.discount_rate_per_year": 0.1})
    plan = solve(inst)

    assert plan.verified
    (row,) = plan.table("model_transfers").to_dict("records")
    assert {row["site"], row["from_site"]} == {"oslo", "nairobi"}
    assert (row["gb"], row["musd"]) == (pytest.approx(6e6), pytest.approx(6))
    assert plan.costs_musd["model_transfer"] == pytest.approx(6 * 1.1 ** (-182 / 365.25))
    assert plan.table("cash").query("term == 'model_transfer'")["pool"].tolist() == [""]
    sites = plan.table("model_sites")
    assert sites["trains"].sum() == 1
    assert sites["trained_mtok_s"].sum() == pytest.approx(10)
    limits = plan.table("limits").query("limit == 'model_training'")
    (limit,) = limits.to_dict("records")
    trained = sites.loc[sites["trains"] == 1, "trained_mtok_s"].item()
    assert (limit["use"], limit["allowed"]) == pytest.approx((trained, 6))
    assert limit["slack"] == pytest.approx(trained - 6)
    assert limit["binds"] == (trained == pytest.approx(6))
    decided = decisions_of(plan)
    assert len(decided["training_sites"]) == 1
    assert [number for *_, number in decided["holding_sites"]] == [1] * len(
        decided["holding_sites"]
    )


def test_mistakes_are_told() -> None:
    with pytest.raises(ValueError, match="name only what uses them"):
        apart(6, served_by=["chat", "train"])
    # Regions near both zones of sites, so that only the way between the sites lacks a price.
    mid = ZONES | {"regions": {r: {"network_zone": "mid"} for r in ("norway", "kenya")}}
    rows = [{"zone_a": "mid", "zone_b": b, "usd_per_mtok": 0} for b in ("north", "south")]
    with pytest.raises(ValueError, match="between which the model family 'ours' may be carried"):
        twins(**mid | {"network_prices": rows}, model_families={"ours": family(6)})
    free = apart(6, {"network_prices.south.north.usd_per_gb": 0})
    assert any("costs nothing" in str(problem) for problem in find_warnings(free))
    untrained = apart(6, {"demand.norway.train.public.2027-01-01.mtok_s": 0})
    assert any("'train' is not asked for" in str(problem) for problem in find_warnings(untrained))
