"""What counts once, and which cases are weighed against each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from optimizer.plan import Plan
from optimizer.study.case import Case
from optimizer.study.folder import StudyFolder
from optimizer.study.results import write_results
from optimizer.study.summary import summarize
from tests.study.results.fake import case, finish, finished, plan, study, tables
from tests.study.results.test_print import printed


def shared(
    tmp_path: Path, found: Sequence[tuple[Case, Plan]], keys: Mapping[str, str]
) -> StudyFolder:
    """A finished study in which some cases have the key, and so the plan, of another one."""
    folder = study(tmp_path, [one for one, _ in found])
    every = folder.keys | dict(keys)
    folder = StudyFolder.create(tmp_path, folder.study, every)
    for one, result in found:
        finish(folder, one.name, result)
    write_results(folder)
    return folder


def built(cost: float, units: int, *sites: str) -> Plan:
    return plan(cost, tables=tables(("oslo", units), open_sites=["oslo", *sites]))


def test_equal_instances_count_once(tmp_path: Path) -> None:
    # The base is also a point of the sweep and of a list: three names, one instance. Nairobi is
    # open in one of two different cases, not in three of four; means (5 + 9) / 2 = 7.
    both = built(100, 5, "nairobi")
    found = [
        (case("base", "base"), both),
        (case("listed", "cases"), both),
        (case("x1", x=1), both),
        (case("x2", x=2), built(110, 9)),
    ]
    folder = shared(tmp_path, found, {"listed": "K-base", "x1": "K-base"})
    summary = summarize(folder.path)
    sites = summary.sites.set_index("site")
    assert sites["share"].to_dict() == {"oslo": 1, "nairobi": 0.5}
    assert sites.at["oslo", "units"] == 7
    assert set(sites["cases"]) == {2}
    shares = summary.site_shares.set_index(["group", "site"])["cases"]
    assert (shares["all", "oslo"], shares["sweep", "oslo"], shares["base", "oslo"]) == (2, 2, 1)
    order = summary.orders.iloc[0]
    assert (order["sure_units"], order["mean_units"], order["cases"]) == (5, 7, 2)
    first = summary.frontier[summary.frontier["second"] == "served_share"]
    assert first["case"].tolist() == ["base"]

    text = " ".join(printed(folder))
    over = "2 different cases with a plan, groups mixed: base, cases, sweep"
    assert f"Sites over {over}" in text
    assert f"Orders made in at least 90 % of cases, over {over}" in text


def test_a_sample_that_is_large_enough_stands_for_itself(tmp_path: Path) -> None:
    # Ten draws, two of them of the same instance: Nairobi in 2 of 10. The other cases build it too.
    draws = [
        (case(f"s{i}", "sample", x=i), built(100 + i, 5, *(["nairobi"] if i < 2 else [])))
        for i in range(10)
    ]
    others = [(case(f"o{i}", x=50 + i), built(200 + i, 5, "nairobi")) for i in range(5)]
    folder = shared(tmp_path / "ten", [*draws, *others], {"s1": "K-s0"})
    sites = summarize(folder.path).sites.set_index("site")
    assert sites.at["nairobi", "share"] == pytest.approx(0.2)
    assert set(sites["group"]) == {"sample"}
    assert "Sites over 10 cases of the sample with a plan" in printed(folder)

    # Nine draws are too few: 14 different cases, of which Nairobi has 2 + 5.
    few = shared(tmp_path / "nine", [*draws[:9], *others], {})
    sites = summarize(few.path).sites.set_index("site")
    assert sites.at["nairobi", "share"] == pytest.approx(7 / 14)
    assert set(sites["group"]) == {"all"}


def test_a_case_with_less_demand_does_not_win(tmp_path: Path) -> None:
    """The cheapest case serves less demand; a scale of 1 is the base's demand."""
    found = [
        (case("base", "base"), plan(100)),
        (Case("less", "cases", {"demand.scale": 0.5}), plan(50)),
        (Case("region", "cases", {"demand.kenya.scale": 0.5}), plan(60)),
        (Case("one", "sweep", {"demand.scale": 1.0, "budget.pools.a.scale": 2}), plan(90)),
    ]
    summary = summarize(finished(tmp_path, found).path)
    assert set(summary.frontier["case"]) == {"one"}
    assert summary.frontier_note == (
        "among the 2 different cases with the base's demand; "
        "cases that differ in prices are different futures, not choices"
    )


@pytest.mark.parametrize("path", ["demand.scale", "sites.*.energy_price_usd_per_mwh.scale"])
def test_the_frontier_warns_of_other_futures(tmp_path: Path, path: str) -> None:
    """With one case of the base's demand there is nothing to choose from: all take part."""
    found = [(case("base", "base"), plan(100)), (Case("low", "cases", {path: 0.5}), plan(50))]
    folder = finished(tmp_path, found)
    assert set(summarize(folder.path).frontier["case"]) == {"low"}
    text = " ".join(" ".join(printed(folder)).split())
    assert "there are 2; cases that differ in demand or prices are different futures" in text
