"""The benchmark itself: times to a gap, medians with the worst, and runs that continue."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from benchmarks.speed import growth, lanes, loading, tables
from benchmarks.speed.cases import SIZES, Case, cases, growing
from benchmarks.speed.results import Results
from benchmarks.speed.trace import Trace


def case(name: str = "southgate", **changes: Any) -> dict[str, Any]:
    one = Case(name, SIZES["southgate"], "even", 1, 0.01, 30.0)._replace(**changes)
    return {"case": {**one._asdict(), "size": list(one.size)}, "way": "buildplan"}


def figures(**changes: Any) -> dict[str, Any]:
    plain = {"columns": 10, "build_s": 1.0, "load_s": 0.1, "cpu_s": 2.0, "peak_mb": 3.0}
    plain |= {"load": 0.5, "bound_musd": 99.0, "first_s": 1.5, "gap": 0.01}
    return {**plain, "to_s": {}, "cpu_to_s": {}, **changes}


def test_a_gap_counts_from_the_moment_when_plan_and_bound_prove_it() -> None:
    trace = Trace(lead_s=10.0)
    trace.hear(None, 90.0)
    assert trace.first_s is None
    trace.hear(100.0, 90.0)  # 10 % apart
    assert trace.first_s is not None
    assert trace.first_s >= 10.0
    assert trace.to_s == {}
    trace.hear(None, 97.0)  # 3 %: within 5 %, not within 2 %
    assert set(trace.to_s) == set(trace.cpu_to_s) == {"5%"}
    trace.hear(120.0, 97.0)  # worse: nothing is new
    assert trace.gap == pytest.approx(0.03)
    trace.hear(97.9, 97.0)  # 0.92 %
    assert set(trace.to_s) == {"5%", "2%", "1%"}


def test_a_bound_that_is_withdrawn_takes_its_times_along() -> None:
    trace = Trace()
    trace.hear(100.0, 96.0)  # 4 %
    early = trace.to_s["5%"]
    trace.hear(100.0, 99.5)  # 0.5 %, for which the bound is needed
    assert set(trace.to_s) == {"5%", "2%", "1%"}
    trace.hear(99.0, 97.5)  # a bound of 97.5 is what holds: 1.5 %
    assert trace.gap == pytest.approx(1.5 / 99)
    assert set(trace.to_s) == set(trace.cpu_to_s) == {"5%", "2%"}
    assert trace.to_s["5%"] == early  # 96 was enough for that
    trace.hear(99.0, None)
    assert trace.gap is None
    assert trace.to_s == trace.cpu_to_s == {}


def test_a_run_that_was_kept_is_not_asked_for_again(tmp_path: Path) -> None:
    Results(tmp_path).add(case(), figures())

    assert Results(tmp_path).has(case())
    assert not Results(tmp_path).has(case(seed=2))


def test_medians_count_seeds_that_never_got_there() -> None:
    times = [{"2%": 4.0}, {"2%": 6.0}, {}]  # median 6, the worst: never
    records = [
        {"order": case(seed=seed), **figures(to_s=to_s, cpu_to_s=to_s)}
        for seed, to_s in enumerate(times)
    ]
    (row,) = tables.summarise(records)

    assert row["to_s"]["2%"] == {"median": 6.0, "worst": None}
    assert row["to_s"]["1%"] == {"median": None, "worst": None}
    assert "| 6 (–) |" in tables.solved_table([row])


def test_a_failed_run_is_told_and_does_not_count() -> None:
    records = [{"order": case(), **figures()}, {"order": case(seed=2), "failed": "no memory"}]
    (row,) = tables.summarise(records)

    assert row["failed"] == ["no memory"]
    assert row["bound_musd"] == 99.0
    assert "buildplan, 1 failed" in tables.solved_table([row])


def test_doubling_compares_each_size_with_the_one_before() -> None:
    base, *others = growing(seeds=1)
    cost = {"base": 2.0, "sites": 3.0, "regions": 5.0, "periods": 8.0}
    records = [
        {
            "order": {"case": {**one._asdict(), "size": list(one.size)}, "way": "buildplan"},
            **figures(cpu_to_s={"2%": cost[one.growth]}),
        }
        for one in [base, *others[:3]]
    ]

    assert growth.ratios(tables.summarise(records)) == {
        "sites": [1.5],
        "regions": [2.5],
        "periods": [4.0],
    }


def test_growth_is_drawn_from_the_sizes_that_got_there(tmp_path: Path) -> None:
    base, bigger, _, _, late, *_ = growing(seeds=1)
    records = [
        {
            "order": {"case": {**one._asdict(), "size": list(one.size)}, "way": "buildplan"},
            **figures(cpu_to_s=cpu),
        }
        for one, cpu in ((base, {"2%": 1.0}), (bigger, {"2%": 3.0}), (late, {}))
    ]
    rows = tables.summarise(records)
    growth.draw(rows, tmp_path / "growth.svg")

    found = {(point["doubled"], point["factor"], point["median"]) for point in growth.points(rows)}
    assert ("sites", 2.0, 3.0) in found
    assert len(found) == 4  # the base three times, and the sites doubled
    assert "processor time" in (tmp_path / "growth.svg").read_text()


def test_tight_regimes_have_cases_of_their_own_with_every_seed() -> None:
    found = [(one.regime, one.seed) for one in cases(["quarter"], 2)]

    assert found == [(regime, seed) for regime in ("even", "power", "money") for seed in (1, 2)]


def test_rivals_go_two_at_a_time_and_ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    most: dict[str, int] = {}

    def carried_out(what: dict[str, Any], *_: object) -> dict[str, Any]:
        at_once.append(1)
        time.sleep(0.05)
        most[what["way"]] = max(most.get(what["way"], 0), len(at_once))
        at_once.pop()
        return what

    monkeypatch.setattr(lanes, "watched", carried_out)
    ways = [("buildplan", 2), ("highs", 1), ("highs", 1), ("highs", 1), ("buildplan", 2)]
    asked = [lanes.Order({"way": way, "n": n}, 1.0, k) for n, (way, k) in enumerate(ways)]
    found = list(lanes.in_lanes(asked, time.monotonic() + 60))

    assert sorted(order.what["n"] for order, _ in found) == [0, 1, 2, 3, 4]
    assert all(figures == order.what for order, figures in found)
    assert most == {"buildplan": 1, "highs": 2}


def test_no_run_begins_that_could_outlast_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "watched", lambda what, limit_s, _: {"limit_s": limit_s})
    asked = [lanes.Order({"n": n}, limit_s) for n, limit_s in enumerate((80.0, 120.0, 90.0))]
    found = list(lanes.in_lanes(asked, time.monotonic() + 100.0))

    assert {order.limit_s: figures for order, figures in found} == {
        80.0: {"limit_s": 80.0},
        120.0: None,
        90.0: {"limit_s": 90.0},
    }


def test_runs_in_hand_are_ended_if_the_benchmark_is(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    def carried_out(_: object, limit_s: float, over: Event) -> dict[str, Any]:
        ended.append(over.wait(limit_s))
        return {}

    def orders() -> Iterator[lanes.Order]:
        yield lanes.Order({}, 30.0, cores=1)
        raise KeyboardInterrupt

    monkeypatch.setattr(lanes, "watched", carried_out)
    with pytest.raises(KeyboardInterrupt):
        list(lanes.in_lanes(orders(), time.monotonic() + 100.0))

    assert ended == [True]


def test_all_ways_of_loading_give_the_same_problem() -> None:
    """Rows, columns and coefficients agree; the optimum of all is that of any."""
    data = loading.flows(1)
    optima = []
    for way in (loading.OURS, loading.TO_PROCESS, "appsi_highs", "LP file"):
        build, load = loading.LOADERS[way]
        solver = load(build(data))
        solver.setOptionValue("output_flag", False)
        solver.run()
        optima.append(solver.getInfo().objective_function_value)
    assert optima == pytest.approx([optima[0]] * 4)
    assert json.dumps(loading.run(1, "buildplan"))
