"""instances/brownfield and instances/make-or-buy: what stands already, or can be had, is used."""

from pathlib import Path

import pytest

from models.checks import find_warnings
from optimizer import Plan, read_instance, solve
from tests.small import optimum

INSTANCES = Path(__file__).parent.parent / "instances"


def planned(name: str) -> Plan:
    inst = read_instance(INSTANCES / name)
    assert find_warnings(inst) == []
    plan = solve(inst)
    assert plan.violations == ()
    assert plan.status == "optimal"
    return plan


def test_a_mine_is_converted_where_mining_earns_little() -> None:
    plan = planned("brownfield")

    conversions = plan.table("conversions").groupby("site")["ordered_mw"].sum()
    assert conversions["lulea"] > 30
    assert conversions["abilene"] == 0
    halls = plan.table("halls").groupby("site")["ordered_mw"].sum()
    assert halls["abilene"] > halls["lulea"]


def test_without_a_way_to_convert_the_plan_costs_more() -> None:
    """With conversion as dear as in Abilene, and mining that earns as much, halls are built."""
    inst = read_instance(INSTANCES / "brownfield")
    dear = {"mines.lulea.capex_musd_per_mw": 6, "mines.lulea.margin_musd_per_mw_year": 1.2}
    without = solve(inst.with_changes(dear))

    assert without.objective_musd is not None
    assert without.objective_musd > optimum(inst) + 10
    ordered = without.table("halls").set_index(["site", "period"])["ordered_mw"]
    assert ordered["lulea"].sum() > 10


def test_a_lease_comes_first_and_rent_meets_the_peak() -> None:
    plan = planned("make-or-buy")

    leased = plan.table("leases")["period"].tolist()
    assert leased == ["2027-01", "2027-07", "2028-01", "2028-07"]
    halls = plan.table("halls").set_index("period")["hall_mw"]
    assert halls["2029-01"] > 0
    rented = plan.table("rentals")
    assert "2029-07" in set(rented["period"])
    assert not set(rented["period"]) & set(leased)
    # Personal data stay in the EEA, where tokens cost more.
    assert set(rented.loc[rented["data_class"] == "personal", "offer"]) == {"copenhagen-burst"}
    assert plan.kpis["served_share"] == pytest.approx(1)


@pytest.mark.parametrize(
    "without",
    [
        {"shells.oslo.remove": True},
        {"rentals.copenhagen-burst.remove": True, "rentals.virginia-burst.remove": True},
    ],
)
def test_without_lease_or_offers_it_costs_more(without: dict[str, object]) -> None:
    inst = read_instance(INSTANCES / "make-or-buy")

    assert optimum(inst.with_changes(without)) > optimum(inst) + 1


def test_the_printed_plan_tells_what_is_had_beside_building() -> None:
    from optimizer.cli.show import plan_in_words

    told = {}
    for name in ("brownfield", "make-or-buy"):
        told[name] = plan_in_words(read_instance(INSTANCES / name), planned(name))

    assert "mining converted  lulea" in told["brownfield"]
    assert "conversion capex" in told["brownfield"]
    assert "lease " not in told["brownfield"]
    assert "shell leased" in told["make-or-buy"]
    assert "tokens rented  copenhagen-burst" in told["make-or-buy"]
    assert planned("make-or-buy")._repr_html_()
    assert "mining converted" in planned("brownfield")._repr_html_()
