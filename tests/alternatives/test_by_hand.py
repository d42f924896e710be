"""Alternatives of two sites by hand: Oslo has halls for all, Nairobi builds one for 20 MUSD."""

from pathlib import Path

import pandas as pd
import pytest

from models.instance import Instance
from optimizer import Alternatives, PlanError, alternatives, read_plan, verify
from tests.small import demands, tiny, twins


@pytest.fixture(scope="module")
def inst() -> Instance:
    # Two units: 80 MUSD in Oslo; 100 in Nairobi, whose hall of 4 MW holds both; 100 with one each.
    return twins(demand=demands(("norway", "public", 2027, 20)))


def chosen(found: Alternatives) -> list[set[str]]:
    """The sites that each plan orders units for."""
    return [set(plan.table("orders")["site"]) for plan in found.plans]


@pytest.fixture(scope="module")
def three(inst: Instance) -> Alternatives:
    return alternatives(inst, within=0.3, differ=1)


def test_all_plans_within_the_cost_are_found_and_no_other(three: Alternatives) -> None:
    # At most 104 MUSD: nothing ordered would cost 20 · 315.36.
    assert three.most_musd == pytest.approx(104)
    assert three.bound_musd == pytest.approx(80)
    assert chosen(three)[0] == {"oslo"}
    assert sorted(map(sorted, chosen(three))) == [["nairobi"], ["nairobi", "oslo"], ["oslo"]]
    assert three.ended == "no more"
    assert [plan.verified for plan in three.plans] == [True] * 3
    table = three.table
    assert table["cost_musd"].tolist() == pytest.approx([80, 100, 100])
    assert table["above_first"].tolist() == pytest.approx([0, 0.25, 0.25])
    assert table["above_bound"].tolist() == pytest.approx([0, 0.25, 0.25])
    assert table["differs_least"].tolist() == [1, 1, 1]


def test_a_plan_says_how_far_it_is_from_the_least_cost(three: Alternatives) -> None:
    other = three.plans[1]
    assert other.status == "feasible"
    assert other.bound_musd == pytest.approx(80)
    assert other.gap == pytest.approx(0.2)


def test_what_sites_are_to_the_plans(three: Alternatives) -> None:
    sites = three.sites.set_index("site")
    assert sites["role"].to_dict() == {"oslo": "choice", "nairobi": "choice"}
    assert sites["plans"].to_dict() == {"oslo": 2, "nairobi": 2}
    assert sites.loc["oslo", "first_order"] == "2027"
    spread = three.diversity[three.diversity["by"] == "jurisdiction"].set_index("plan")
    both = f"{chosen(three).index({'oslo', 'nairobi'}):02d}"
    # One unit in Norway and one in Kenya: as widely spread as two of the same size can be.
    assert spread.loc[both, "holders"] == 2
    assert spread.loc[both, "largest_share"] == pytest.approx(0.5)
    assert spread.loc[both, "effective"] == pytest.approx(2)
    assert spread.loc["00", "effective"] == pytest.approx(1)


def test_a_larger_difference_leaves_fewer_plans(inst: Instance) -> None:
    found = alternatives(inst, within=0.3, differ=2)
    assert chosen(found) == [{"oslo"}, {"nairobi"}]
    assert found.ended == "no more"


def test_a_tighter_cost_leaves_none(inst: Instance) -> None:
    found = alternatives(inst, within=0.1, differ=1)
    assert chosen(found) == [{"oslo"}]
    assert found.ended == "no more"
    assert found.sites.set_index("site")["role"].to_dict() == {
        "oslo": "must have",
        "nairobi": "never",
    }


def test_so_many_as_were_asked_for(inst: Instance) -> None:
    found = alternatives(inst, within=0.3, differ=1, count=1)
    assert len(found.plans) == 2
    assert found.ended == "found"


@pytest.mark.parametrize(("lean", "sites"), [("carbon", {"nairobi"}), ("difference", {"nairobi"})])
def test_plans_lean(inst: Instance, lean: str, sites: set[str]) -> None:
    # Oslo's power is dirty; and Nairobi alone differs in two sites, both together in one.
    dirty = inst.with_changes({"sites.oslo.carbon_kg_per_mwh": 400})
    found = alternatives(dirty, within=0.3, differ=1, count=1, lean=lean)
    assert chosen(found)[1] == sites
    assert found.plans[1].verified
    assert found.plans[1].bound_musd == pytest.approx(80)


def test_plans_lean_to_the_least_cost(inst: Instance) -> None:
    # A first unit in Nairobi beside Oslo for 20; a site of its own costs 5 more to open.
    dear = inst.with_changes({"sites.nairobi.open_cost_musd": 5, "sites.nairobi.hall_block_mw": 2})
    # One each: 80 + 10 + 5; Nairobi alone: 80 + 20 + 5.
    found = alternatives(dear, within=0.5, differ=1, count=1, lean="cost")
    assert found.plans[1].objective_musd == pytest.approx(95)


def test_alternatives_on_disk(inst: Instance, three: Alternatives, tmp_path: Path) -> None:
    folder = three.save(tmp_path / "a")

    table = pd.read_parquet(folder / "alternatives.parquet")
    pd.testing.assert_frame_equal(table, three.table, check_dtype=False)
    for name in table["plan"]:
        assert verify(inst, folder / "plans" / name).passed
        assert read_plan(folder / "plans" / name).verified
    assert (folder / "sites.csv").is_file()
    assert three.save(folder) == folder
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    with pytest.raises(PlanError, match="holds no set of alternatives"):
        three.save(tmp_path / "other")


def test_an_instance_without_a_plan_has_no_alternatives() -> None:
    must = tiny(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}}, sites={"oslo": {"grid_mw": 5}}
    )
    found = alternatives(must, differ=1)
    assert [plan.status for plan in found.plans] == ["infeasible"]
    assert found.table.empty


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"within": -0.1}, "within must be"),
        ({"differ": 3}, "differ must be a whole number from 1 to 2, as many as there are sites"),
        ({"count": 0}, "count must be"),
        ({"lean": "luck"}, "lean to cost, carbon"),
    ],
)
def test_what_makes_no_sense_is_refused(inst: Instance, how: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        alternatives(inst, **{"differ": 1} | how)  # type: ignore[arg-type]


def test_other_objectives_than_money_are_refused() -> None:
    with pytest.raises(ValueError, match="least cost"):
        alternatives(tiny(objective="least_carbon"), differ=1)
