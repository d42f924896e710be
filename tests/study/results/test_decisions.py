"""Conflicts, frontiers, robust sites and orders; and the summary in print."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from optimizer import PlanError
from optimizer.cli import cli
from optimizer.study.case import Case
from optimizer.study.folder import StudyFolder
from optimizer.study.results import write_results
from optimizer.study.summary import summarize
from tests.study.results.fake import case, finish, finished, nothing, plan, ranges, study, tables


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["study", "summary", *map(str, words)])


def words(folder: StudyFolder) -> list[str]:
    found: list[str] = summarize(folder.path).conflicts["words"].tolist()
    return found


def test_one_lever_tells_infeasible_cases_from_others(tmp_path: Path) -> None:
    found = [
        (case(f"{b}-{q}", budget=b, quota=q), nothing() if b <= 0.6 else plan(100))
        for b in (0.5, 0.6, 0.8, 1.0)
        for q in (1, 2)
    ]
    assert words(finished(tmp_path, found)) == [
        "all 4 infeasible cases have budget ≤ 0.6, but none of the 4 cases with a plan"
    ]


def test_two_levers_together(tmp_path: Path) -> None:
    """Only little money and a small quota at once leave no plan."""
    found = [
        (case(f"{b}-{q}", budget=b, quota=q), nothing() if (b, q) == (0.5, 1) else plan(100))
        for b in (0.5, 1.0)
        for q in (1, 2)
    ]
    assert words(finished(tmp_path, found)) == [
        "the infeasible case has budget ≤ 0.5 and quota ≤ 1, but none of the 3 cases with a plan"
    ]


def test_labels_and_changes_may_tell_them_apart(tmp_path: Path) -> None:
    found = [
        (case("a", law="strict"), nothing()),
        (case("b", law="strictest"), nothing()),
        (case("c", law="open"), plan(1)),
        (case("base", "base"), plan(1)),
    ]
    assert words(finished(tmp_path / "one", found)) == [
        "all 2 infeasible cases have law in [strict, strictest], "
        "but none of the 2 cases with a plan"
    ]
    changed = [
        (Case("x", "cases", {"sites.oslo.grid_mw": 1}), nothing()),
        (Case("y", "cases", {"sites.oslo.pue": {"liquid": 2}}), plan(1)),
    ]
    assert words(finished(tmp_path / "two", changed)) == [
        "the infeasible case has sites.oslo.grid_mw ≤ 1, but not the one case with a plan"
    ]


def test_a_tornado_is_looked_at_lever_by_lever(tmp_path: Path) -> None:
    found = [
        (case("a-", "tornado", a=0.1), nothing()),
        (case("a+", "tornado", a=2.0), plan(1)),
        (case("b-", "tornado", b=0.1), plan(1)),
        (case("b+", "tornado", b=9.0), nothing()),
    ]
    assert words(finished(tmp_path, found)) == [
        "the infeasible case of the tornado has a ≤ 0.1, but not the one case with a plan",
        "the infeasible case of the tornado has b ≥ 9, but not the one case with a plan",
    ]


def test_no_rule_where_none_holds(tmp_path: Path) -> None:
    found = [
        (case(f"{b}-{q}", budget=b, quota=q), nothing() if b == q else plan(100))
        for b in (1, 2)
        for q in (1, 2)
    ]
    summary = summarize(finished(tmp_path, found).path)
    assert summary.conflicts.empty
    assert summary.no_plan["case"].tolist() == ["1-1", "2-2"]


def test_the_frontier_keeps_what_no_other_case_beats(tmp_path: Path) -> None:
    # Cost against share served: b is dearer than a and serves less; d costs as c and serves less;
    # e and a are the same to 9 digits.
    points = {"a": (100, 0.9), "b": (110, 0.8), "c": (120, 1.0), "d": (120, 0.95),
              "e": (100 + 1e-9, 0.9)}  # fmt: skip
    found = [
        (case(name, x=i), plan(cost, kpis={"served_share": share}))
        for i, (name, (cost, share)) in enumerate(points.items())
    ]
    table = summarize(finished(tmp_path, found).path).frontier
    first = table[table["second"] == "served_share"]
    assert first["case"].tolist() == ["a", "e", "c"]
    assert first["second_value"].tolist() == [0.9, 0.9, 1.0]
    # Capital is half of the cost, so that the cheapest case wins in both.
    assert table[table["first"] == "capex_musd"]["case"].tolist() == ["a", "e"]


def test_frontiers_can_be_chosen(tmp_path: Path) -> None:
    found = [(case(f"c{i}", x=i), plan(100 + i, kpis={"it_mw_end": 5.0 * i})) for i in range(3)]
    path = finished(tmp_path, found).path
    assert summarize(path, ["objective_musd:it_mw_end/higher"]).frontier["case"].tolist() == [
        "c0", "c1", "c2",
    ]  # fmt: skip
    assert summarize(path, ["objective_musd:it_mw_end/lower"]).frontier["case"].tolist() == ["c0"]
    for pair, said in (
        ("objective_musd", "must name two figures"),
        ("capex_musd:capex_musd", "must name two figures"),
        ("objective_musd:it_mw_end", "better 'it_mw_end/lower' or 'it_mw_end/higher'"),
        ("objective_musd:served_shar", "Did you mean 'served_share'"),
    ):
        with pytest.raises(PlanError, match=said):
            summarize(path, [pair])
        assert run(path, "--frontier", pair).exit_code == 2


def robust(tmp_path: Path) -> StudyFolder:
    """Ten cases: 5 units in Oslo in nine of them, 7 in one; Nairobi with 2 units in four."""
    found = []
    for i in range(10):
        orders = [("oslo", 7 if i == 0 else 5), *([("nairobi", 2)] if i < 4 else [])]
        standing = ["oslo", "nairobi"] if i < 4 else ["oslo"]
        group = "base" if i == 0 else "sweep"
        result = plan(100 + i, tables=tables(*orders, open_sites=standing))
        found.append((case(f"c{i}", group, x=i), result))
    return finished(tmp_path, [*found, (case("none", x=99), nothing("infeasible", "no money"))])


def test_robust_sites(tmp_path: Path) -> None:
    summary = summarize(robust(tmp_path).path)
    sites = summary.sites.set_index("site")
    assert sites["verdict"].to_dict() == {"oslo": "always", "nairobi": "sometimes"}
    assert sites["opened"].to_dict() == {"oslo": True, "nairobi": False}
    # Oslo: (7 + 9 · 5) / 10 = 5.2 units of 2 MW; Nairobi: 4 · 2 / 10 = 0.8 units.
    assert sites["units"].to_dict() == pytest.approx({"oslo": 5.2, "nairobi": 0.8})
    assert sites["it_mw"].to_dict() == pytest.approx({"oslo": 10.4, "nairobi": 1.6})
    shares = summary.site_shares.set_index(["group", "site"])["share"]
    assert shares["all", "nairobi"] == pytest.approx(0.4)
    assert shares["base", "nairobi"] == 1
    assert shares["sweep", "nairobi"] == pytest.approx(3 / 9)


def test_robust_orders(tmp_path: Path) -> None:
    """At least 9 of 10 cases order 5 units in Oslo; Nairobi's are not made in so many."""
    orders = summarize(robust(tmp_path).path).orders
    assert orders.to_dict("records") == [
        {
            "site": "oslo",
            "unit_type": "gen1",
            "period": "2027",
            "share": 1.0,
            "sure_units": 5,
            "mean_units": pytest.approx(5.2),
            "group": "all",
            "cases": 10,
        }
    ]


def test_sites_that_are_never_built_are_named(tmp_path: Path) -> None:
    folder = finished(tmp_path, [(case("a"), plan(1, tables=tables(("oslo", 1))))])
    assert summarize(folder.path).sites["verdict"].tolist() == ["always", "never"]
    assert "never: nairobi" in run(folder.path).stdout


def test_cases_newer_than_the_results_wait(tmp_path: Path) -> None:
    folder = study(tmp_path, [case("a", x=1), case("b", x=2)])
    finish(folder, "a", plan(100))
    write_results(folder)
    StudyFolder.create(tmp_path, folder.study, {"a": "K-other", "b": "K-b"})
    summary = summarize(tmp_path)
    assert summary.counts.to_dict("list") == {"status": ["waiting"], "cases": [2]}
    assert summary.notes == (
        "1 of 2 cases are newer than the results; run the study",
        "1 of 2 cases are still to be solved",
    )
    assert run(tmp_path).exit_code == 0


def test_a_study_without_any_plan_is_summed_up(tmp_path: Path) -> None:
    every = ranges("sweep", x=(1, 2)) | ranges("tornado", x=(1, 2)) | ranges("sample", x=(1, 2))
    folder = finished(
        tmp_path,
        [
            (case("a", x=1), nothing("infeasible", "no money")),
            (case("b", "tornado", x=1), nothing()),
            (case("s", "sample", x=1), nothing("unknown")),
        ],
        levers=every,
    )
    result = run(folder.path)
    assert result.exit_code == 0, result.stderr
    assert "infeasible: no money" in result.stdout
    assert run(folder.path, "--json").exit_code == 0


def test_the_summary_in_print(tmp_path: Path) -> None:
    result = run(robust(tmp_path).path)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "fake"
    assert lines[1] == "  cases  11: 10 optimal, 1 infeasible"
    assert "  the infeasible case has x ≥ 99, but none of the 10 cases with a plan" in lines
    assert "  none  infeasible: no money" in lines
    assert max(map(len, lines)) <= 100


def test_the_summary_as_json(tmp_path: Path) -> None:
    result = run(robust(tmp_path).path, "--json")
    content = json.loads(result.stdout)
    assert content["counts"][0] == {"status": "optimal", "cases": 10}
    assert content["orders"][0]["sure_units"] == 5
    assert content["no_plan"][0]["reasons"] == "no money"
    assert set(content) >= {"tornado", "sweep", "sample", "morris", "frontier", "sites", "notes"}


def test_no_study_is_bad_input(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 2
