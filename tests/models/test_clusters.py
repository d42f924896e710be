"""Clusters: a block of units before any work, a network, and utilisation by size."""

from typing import Any

import pytest

from models.build import build_model
from models.clusters import steps
from models.instance import Instance
from models.law import lawful_sites
from optimizer import solve
from optimizer.compiling import compile_model
from optimizer.plan.assemble import assemble
from optimizer.starts import decisions_of
from tests.small import (
    SHORT,
    assert_row,
    cost,
    demands,
    milp_solution,
    optimum,
    optimum_without,
    solved,
    tiny,
    twins,
    values,
    years,
)

CHEAP = {"oslo": {"energy_price_usd_per_mwh": 0.001}}


def clustered(demand: float, cluster: dict[str, Any], **changes: Any) -> Instance:
    """Oslo has room for ten units of 40 MUSD, each of which makes 10 Mtok/s.

    Energy for idle units is free, so that a plan puts no more units to work than it needs.
    """
    rows = demands(("norway", "public", 2027, demand))
    changes = {"sites": CHEAP, "unit_types": {"gen1": {"idle_share": 0}}} | changes
    return tiny(workloads={"chat": {"cluster": cluster}}, demand=rows, **changes)


def test_a_block_is_bought_as_a_whole() -> None:
    """(Z3) 25 Mtok/s ask for three units; the block is five: 200 MUSD, not 120."""
    m = solved(clustered(25, {"min_units": 5}))

    assert values(m.order) == {("oslo", "gen1", "2027"): 5}
    assert values(m.run) == {("oslo", "gen1", "chat", "2027"): 2.5}
    assert cost(m) == pytest.approx(200, abs=0.01)


def test_a_block_that_costs_more_than_it_serves_is_not_bought() -> None:
    """(Z3, Z4) 0.5 Mtok/s are worth 157.68 MUSD a year; five units cost 200 MUSD."""
    m = solved(clustered(0.5, {"min_units": 5}))

    assert values(m.order) == values(m.run) == {}
    assert cost(m) == pytest.approx(0.5 * SHORT)


def test_a_block_that_does_not_fit_serves_nothing() -> None:
    m = solved(clustered(50, {"min_units": 11}))

    assert cost(m) == pytest.approx(50 * SHORT)


def test_utilisation_falls_in_steps() -> None:
    """(Z1, Z4, T2) Up to three units reach 90 %, from four on 60 %.

    24 Mtok/s: three units make 27, four 24. 30 Mtok/s: three make 27 and 3 fall short, for
    946.08 MUSD; five units make 30, for 200.
    """
    cluster = {"utilisation": {1: 0.9, 4: 0.6}}
    few, many = solved(clustered(24, cluster)), solved(clustered(30, cluster))

    assert values(few.cluster) == {("oslo", "gen1", "chat", "2027", "", 1): 1}
    assert values(few.run) == {("oslo", "gen1", "chat", "2027"): round(24 / 9, 6)}
    assert cost(few) == pytest.approx(3 * 40, abs=0.01)
    assert values(many.cluster) == {("oslo", "gen1", "chat", "2027", "", 4): 1}
    assert cost(many) == pytest.approx(5 * 40, abs=0.01)


def test_a_plan_may_leave_units_idle_to_stay_in_a_step() -> None:
    """Ten units at 25 % make 25 Mtok/s, three of them at 90 % make 27."""
    m = solved(clustered(27, {"utilisation": {1: 0.9, 4: 0.25}}))

    assert values(m.run) == {("oslo", "gen1", "chat", "2027"): 3}
    assert cost(m) == pytest.approx(3 * 40, abs=0.01)


def test_a_plan_puts_no_more_units_to_work_than_a_cluster_of_their_size_needs() -> None:
    """A model that may only use the step from four on needs 3.6 units for 18 Mtok/s; idle ones draw
    as much. In the plan they are a cluster of two, at 90 %."""
    inst = clustered(18, {"utilisation": {1: 0.9, 4: 0.5}}, unit_types={"gen1": {"idle_share": 1}})
    m = build_model(inst)
    m.cluster["oslo", "gen1", "chat", "2027", "", 1].fix(0)
    compiled = compile_model(m, inst)
    x = milp_solution(compiled.matrix)
    assert x is not None
    compiled.load(x)

    assert values(m.run) == {("oslo", "gen1", "chat", "2027"): 3.6}
    tables = assemble(m, inst).tables
    assert tables["runs"]["units"].tolist() == pytest.approx([2])
    one = tables["clusters"].iloc[0]
    assert (one["units"], one["from_units"], one["utilisation"]) == (2, 1, 0.9)


def test_types_are_clusters_of_their_own() -> None:
    """Three of each type, both at 90 %: 54 Mtok/s from six units, where one type makes 36."""
    unit = {"generation": "two", "cooling": "liquid", "it_mw": 2, "capex_musd": 40,
            "life_years": 5, "available_from": 2020}  # fmt: skip
    rows = [{"unit_type": u, "workload": "chat", "mtok_s": 10} for u in ("gen1", "gen2")]
    cluster = {"utilisation": {1: 0.9, 4: 0.6}}
    types = {"gen1": {"idle_share": 0}, "gen2": unit}
    m = solved(clustered(54, cluster, unit_types=types, throughput=rows))

    assert values(m.order) == {("oslo", u, "2027"): 3 for u in ("gen1", "gen2")}


def test_slices_share_a_step() -> None:
    """The largest slice decides the step of all: by day 30, at night 10 Mtok/s."""
    profile = [1] * 6 + [3] * 12 + [1] * 6
    slices = {"day": {"from_hour": 6, "hours": 12}, "night": {"from_hour": 18, "hours": 12}}
    inst = tiny(
        slices=slices,
        sites=CHEAP,
        unit_types={"gen1": {"idle_share": 0}},
        regions={"norway": {"utc_offset_hours": 0}},
        workloads={
            "chat": {"cluster": {"utilisation": {1: 0.9, 4: 0.6}}, "daily_profile": profile}
        },
        demand=demands(("norway", "public", 2027, 20)),
    )
    m = solved(inst)

    assert values(m.cluster) == {("oslo", "gen1", "chat", "2027", "", 4): 1}
    assert values(m.run) == {
        ("oslo", "gen1", "chat", "2027/day"): 5,
        ("oslo", "gen1", "chat", "2027/night"): round(10 / 6, 6),
    }
    plan = solve(inst)
    assert plan.verified
    assert plan.table("clusters")[["units", "from_units"]].to_numpy().tolist() == [[5, 4]]


def test_a_site_without_the_network_does_not_serve() -> None:
    cluster = {"network_tier": "scale_out"}
    inst = twins(
        sites={"nairobi": {"network_tiers": ["scale_out"], "open_cost_musd": 9}},
        workloads={"chat": {"cluster": cluster}},
    )

    assert lawful_sites(inst) == {"norway/chat/public": ("nairobi",)}
    m = solved(inst)
    assert not len(m.cluster)
    assert {s for s, _, _ in values(m.order)} == {"nairobi"}
    plan = solve(inst)
    assert plan.verified
    assert plan.table("clusters").empty


def test_rows() -> None:
    inst = clustered(25, {"min_units": 5, "utilisation": {1: 0.9, 4: 0.6}})
    m = build_model(inst)
    low, high = (f"cluster[oslo,gen1,chat,2027,,{i}]" for i in (1, 4))
    work = [f"cluster_work[oslo,gen1,chat,2027,,{i}]" for i in (1, 4)]
    place = ("oslo", "gen1", "chat", "2027")

    assert_row(m.cluster_step_limit[place], {low: 1, high: 1}, "≤", 1)
    assert_row(m.cluster_link[place], {low: 5, high: 5, "online[oslo,gen1,2027]": -1}, "≤", 0)
    # Ten units fit the connection; the first step ends below four.
    assert_row(m.cluster_work_link[*place, "", 1], {work[0]: 1, low: -3}, "≤", 0)
    assert_row(m.cluster_work_link[*place, "", 4], {work[1]: 1, high: -10}, "≤", 0)
    run = {"run[oslo,gen1,chat,2027]": 1, work[0]: -1, work[1]: -1}
    assert_row(m.cluster_work_balance[place], run, "=", 0)
    flow = {"flow[norway/chat/public,oslo,2027]": 1, work[0]: -9, work[1]: -6}
    assert_row(m.throughput_limit["oslo", "chat", "2027"], flow, "≤", 0)


@pytest.mark.parametrize(
    ("name", "cluster"),
    [("cluster_link", {"min_units": 5}), ("cluster_work_link", {"utilisation": {1: 0.5, 2: 0.3}})],
)
def test_each_row_binds(name: str, cluster: dict[str, Any]) -> None:
    inst = clustered(25, cluster)

    assert optimum_without(inst, lambda m: m.component(name)) < optimum(inst) - 1


def test_one_step_at_most() -> None:
    """(Z1) Two steps at once would be two clusters of three units at 90 %."""
    inst = clustered(36, {"utilisation": {1: 0.9, 4: 0.6, 7: 0.58}})

    assert optimum_without(inst, lambda m: m.cluster_step_limit) < optimum(inst) - 1


def test_asking_for_more_never_costs_less() -> None:
    costs = [
        optimum(clustered(47, cluster))
        for cluster in (
            {},
            {"min_units": 4},
            {"min_units": 7},
            {"min_units": 7, "utilisation": {1: 0.9}},
            {"min_units": 7, "utilisation": {1: 0.9, 4: 0.6}},
            {"min_units": 7, "utilisation": {1: 0.9, 4: 0.6}, "network_tier": "scale_out"},
        )
    ]

    assert costs == sorted(costs)
    assert len({round(one) for one in costs}) == 4


def test_without_clusters_nothing_is_added() -> None:
    plain, same = build_model(tiny()), build_model(clustered(50, {}))

    for m in (plain, same):
        assert not len(m.cluster)
        assert not len(m.cluster_work)
        assert not len(m.network_option)
        assert not len(m.networked)


def test_steps_end_one_unit_below_the_next() -> None:
    assert steps({8: 0.95, 64: 0.85})[0][:] == (8, 63, 0.95)
    assert steps({})[0].utilisation == 1


def test_the_plan_tells_its_clusters_and_can_be_started_from() -> None:
    inst = clustered(25, {"min_units": 5, "utilisation": {1: 0.9, 2: 0.8}}, horizon=years(2))
    plan = solve(inst)

    assert plan.violations == ()
    rows = plan.table("clusters").drop(columns="utilisation").to_numpy().tolist()
    # 25 / 8 = 3.125 units are at work: four.
    assert rows == [["oslo", "gen1", "chat", t, 4, 2, 1, ""] for t in ("2027", "2028")]
    limits = plan.table("limits").query("limit == 'cluster'")
    assert limits.drop(columns="limit").to_numpy().tolist() == [
        ["oslo/gen1/chat", t, 5, 5, 0, "units", True] for t in ("2027", "2028")
    ]
    assert decisions_of(plan)["clusters"][0] == ["oslo", "gen1", "chat", "2027", "", 2, 1]
    again = solve(inst, start=plan)
    assert again.objective_musd == pytest.approx(plan.objective_musd)
