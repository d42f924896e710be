"""What ranks levers, against arithmetic on paper."""

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from optimizer.study.case import Case, Group
from optimizer.study.folder import StudyFolder
from optimizer.study.summary import Summary, summarize
from optimizer.study.summary.sample import rank_correlation, variance_share
from tests.study.results.fake import case, finished, nothing, plan, ranges


def setting(name: str, group: Group, levers: dict[str, Any]) -> Case:
    return Case(name, group, {}, levers)


def summed_up(folder: StudyFolder) -> Summary:
    return summarize(folder.path)


def test_the_tornado_ranks_levers_by_swing(tmp_path: Path) -> None:
    # Base 100. Price: 95 to 107, a swing of 12. Demand: 80 to 130, 50. Tax: both ends above the
    # base, 104 to 101, so the span with the base is 4. Cost per Mtok is a tenth of the cost.
    found = [
        (case("base", "base"), plan(100)),
        (case("p-", "tornado", price=0.5), plan(95)),
        (case("p+", "tornado", price=2.0), plan(107)),
        (case("d-", "tornado", demand=0.8), plan(80)),
        (case("d+", "tornado", demand=1.2), plan(130)),
        (case("t-", "tornado", tax="low"), plan(104)),
        (case("t+", "tornado", tax="high"), plan(101)),
        (case("g-", "tornado", grid=0.1), nothing()),
        (case("g+", "tornado", grid=3.0), plan(90)),
    ]
    ends = ranges(
        "tornado", price=(0.5, 2.0), demand=(0.8, 1.2), tax=("low", "high"), grid=(0.1, 3)
    )
    table = summed_up(finished(tmp_path, found, levers=ends)).tornado

    assert table["lever"].tolist() == ["demand", "price", "tax", "grid"]
    assert table["objective_musd_swing"].tolist()[:3] == [50, 12, 4]
    assert table["cost_per_mtok_usd_swing"].tolist()[:3] == pytest.approx([5, 1.2, 0.4])
    demand = table.iloc[0]
    assert (demand["objective_musd_low"], demand["objective_musd_high"]) == (80, 130)
    assert (demand["low"], demand["high"], demand["objective_musd_base"]) == ("0.8", "1.2", 100)
    grid = table.iloc[3]
    assert math.isnan(grid["objective_musd_low"])
    assert math.isnan(grid["objective_musd_swing"])


def test_a_swing_within_the_gaps_is_marked(tmp_path: Path) -> None:
    # The base is proven to 97, so that 3 MUSD are open: a swing of 2 may be nothing, one of 8 not.
    found = [
        (case("base", "base"), plan(100, 97)),
        (case("a-", "tornado", a=0.0), plan(99)),
        (case("a+", "tornado", a=1.0), plan(101)),
        (case("b-", "tornado", b=0.0), plan(96)),
        (case("b+", "tornado", b=1.0), plan(104)),
    ]
    folder = finished(tmp_path, found, levers=ranges("tornado", a=(0.0, 1.0), b=(0.0, 1.0)))
    table = summed_up(folder).tornado.set_index("lever")
    assert table["open_musd"].tolist() == [3, 3]
    assert table["within_gap"].to_dict() == {"b": False, "a": True}


def test_the_sweep_gives_main_effects(tmp_path: Path) -> None:
    # Budget 1: (100 + 120)/2 = 110, budget 2: (90 + 100)/2 = 95: range 15.
    # Quota 1: (100 + 90)/2 = 95, quota 2: (120 + 100)/2 = 110, quota 3 only 70 (one has no plan).
    costs = {(1, 1): 100, (1, 2): 120, (2, 1): 90, (2, 2): 100, (1, 3): None, (2, 3): 70}
    found = [
        (case(f"{b}-{q}", budget=b, quota=q), plan(cost) if cost else nothing())
        for (b, q), cost in costs.items()
    ]
    folder = finished(tmp_path, found, levers=ranges("sweep", budget=(1, 2), quota=(1, 3)))
    table = summed_up(folder).sweep
    assert table["lever"].tolist() == ["quota"] * 3 + ["budget"] * 2
    assert table["setting"].tolist() == ["1", "2", "3", "1", "2"]
    means = table["objective_musd_mean"].tolist()
    assert means == pytest.approx([95, 110, 70, 110, (90 + 100 + 70) / 3])
    assert table["with_plan"].tolist() == [2, 2, 1, 2, 3]
    assert table["objective_musd_range"].tolist()[0] == 40


def test_the_sample_finds_what_drives_cost(tmp_path: Path) -> None:
    """Cost is 100 + 10 x + noise of y; the switch, a label, does nothing."""
    random = np.random.default_rng(1)
    points = random.random((60, 2))
    found = [
        (
            setting(f"s{i}", "sample", {"y": y, "x": x, "switch": "on" if i % 2 else "off"}),
            plan(100 + 10 * x + y),
        )
        for i, (x, y) in enumerate(points.tolist())
    ]
    found.append((setting("none", "sample", {"y": 0.5, "x": 0.5, "switch": "on"}), nothing()))
    levers = ranges("sample", y=(0.0, 1.0), x=(0.0, 1.0), switch=("off", "on"))
    summary = summed_up(finished(tmp_path, found, levers=levers))
    table = summary.sample.set_index("lever")

    assert table.index[0] == "x"
    assert table.at["x", "objective_musd_rank_correlation"] > 0.98
    assert table.at["x", "objective_musd_variance_share"] > 0.9
    assert table.at["y", "objective_musd_variance_share"] < 0.1
    assert table.at["switch", "objective_musd_variance_share"] < 0.1
    assert math.isnan(table.at["switch", "objective_musd_rank_correlation"])
    assert set(table["cases"]) == {61}
    assert set(table["with_plan"]) == {60}


def test_rank_correlation_and_variance_share_by_hand() -> None:
    # Ranks 1 2 3 4 against 1 3 2 4: ρ = 1 − 6 · (0 + 1 + 1 + 0) / (4 · 15) = 0.8.
    settings = pd.Series([1.0, 2.0, 5.0, 9.0], dtype=object)
    assert rank_correlation(settings, pd.Series([10.0, 30.0, 20.0, 99.0])) == pytest.approx(0.8)
    # Two labels with six cases each, at 0 ± 1 and 4 ± 1: within = 12 · 1, between = 12 · 2² = 48,
    # whole = 60; by chance 1 · 12 / 10 = 1.2. Share (48 − 1.2) / 60 = 0.78.
    labels = pd.Series(["a"] * 6 + ["b"] * 6, dtype=object)
    figure = pd.Series([-1.0, 1.0] * 3 + [3.0, 5.0] * 3)
    assert variance_share(labels, figure) == pytest.approx(0.78)
    assert math.isnan(variance_share(labels[:9], figure[:9]))
    assert math.isnan(variance_share(labels, figure * 0))


def test_the_distribution_over_the_sample(tmp_path: Path) -> None:
    # 21 costs 100, 101, … 120: 5 % of the way is 101, the middle 110.
    found = [(setting(f"s{i}", "sample", {"x": float(i)}), plan(100 + i)) for i in range(21)]
    found += [(case("base", "base"), plan(1)), (setting("n", "sample", {"x": 1.0}), nothing())]
    table = summed_up(finished(tmp_path, found, levers=ranges("sample", x=(0.0, 20.0)))).spread
    cost = table.set_index("figure").loc["objective_musd"]
    assert cost.to_dict() == pytest.approx(
        {"cases": 21, "min": 100, "p05": 101, "median": 110, "p95": 119, "max": 120, "mean": 110}
    )


WALKS = {
    # Four levels 0, 1/3, 2/3, 1 and steps of 2/3, over ranges a 0–3 and b 10–40.
    "one": [(0, 10), (2, 10), (2, 30)],
    "two": [(1, 40), (1, 20), (3, 20)],
    "three": [(0, 10), (0, 30), (2, 30)],
}


def screening(tmp_path: Path, lost: str = "") -> StudyFolder:
    """Cost is 100 + 6 a + b/10 · (1 + a): b matters more where a is large."""
    found = []
    for walk, points in WALKS.items():
        for place, (a, b) in enumerate(points):
            name = f"{walk}-{place}"
            cost = plan(100 + 6 * a + b / 10 * (1 + a)) if name != lost else nothing()
            found.append((setting(name, "morris", {"a": float(a), "b": float(b)}), cost))
    levers = ranges("morris", a=(0.0, 3.0), b=(10.0, 40.0))
    return finished(tmp_path, found, levers=levers, levels=4)


def test_morris_by_hand(tmp_path: Path) -> None:
    # a: from 0 to 2 at b = 10: 12 + 2 = 14; from 1 to 3 at b = 20: 12 + 4 = 16; from 0 to 2 at 30:
    # 12 + 6 = 18. Per whole range, · 3/2: 21, 24, 27: mean 24, σ 3.
    # b: 20 more at a = 2: 6; 20 less at a = 1: −4, so 4 per step up; 20 more at a = 0: 2.
    # · 3/2: 9, 6, 3: mean 6, σ 3.
    summary = summed_up(screening(tmp_path))
    table = summary.morris
    assert table["lever"].tolist() == ["a", "b"]
    for part, values in (("mu_star", [24, 6]), ("mu", [24, 6]), ("sigma", [3, 3])):
        assert table[f"objective_musd_{part}"].tolist() == pytest.approx(values)
    assert table["trajectories"].tolist() == [3, 3]
    assert summary.notes == ()


def test_morris_drops_walks_with_a_case_without_a_plan(tmp_path: Path) -> None:
    # Without the second walk: a 21 and 27, b 9 and 3.
    summary = summed_up(screening(tmp_path, lost="two-1"))
    assert summary.morris["objective_musd_mu_star"].tolist() == pytest.approx([24, 6])
    assert summary.morris["trajectories"].tolist() == [2, 2]
    assert summary.notes == (
        "screening: 1 of 3 trajectories are left out: 1 with a case without a plan",
    )


def test_morris_without_salib_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    monkeypatch.setitem(sys.modules, "SALib.analyze.morris", None)
    summary = summed_up(screening(tmp_path))
    assert summary.morris.empty
    assert "needs SALib" in summary.notes[0]


def test_cases_that_are_no_walks_are_a_note(tmp_path: Path) -> None:
    found = [(setting(f"m{i}", "morris", {"a": i / 3, "b": i / 3}), plan(100)) for i in range(3)]
    folder = finished(tmp_path, found, levers=ranges("morris", a=(0, 1), b=(0, 1)), levels=4)
    assert summed_up(folder).notes == ("the cases of the screening do not form trajectories",)
