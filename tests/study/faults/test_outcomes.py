"""Cases that end badly say so and why, and leave the others alone."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from optimizer import read_instance
from optimizer.errors import StudyError
from optimizer.study import pool, queue
from optimizer.study.results import results_table
from optimizer.study.run import run_study
from tests.small import tiny
from tests.study.faults import drills

Sabotage = Callable[[str, str], None]

CASES = {"good": {"demand.scale": 0.5}, "bad": {"demand.scale": 0.7}, "late": {"demand.scale": 0.9}}

BAD = """
from optimizer.study import request

def solve(bench, asked, plain=request.Bench.solve):
    if asked.changes["demand.scale"] == 0.7:
        {what}
    return plain(bench, asked)

request.Bench.solve = solve
"""
"""Makes the case `bad` go wrong in its worker."""


@pytest.fixture
def sabotage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sabotage:
    """Has processes that run a module start with something else."""

    def lay(module: str, code: str) -> None:
        place = tmp_path / "hooks"
        place.mkdir()
        body = "".join(f"    {line}\n" for line in code.strip().splitlines())
        text = f"import os, sys, time\nif {module!r} in sys.orig_argv:\n{body}"
        (place / "sitecustomize.py").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(place)

    return lay


def rows(folder: Path) -> dict[str, tuple[str, str]]:
    """The status and the reasons of each case."""
    table = results_table(folder, "cases")
    return {
        name: (status, reasons or "")
        for name, status, reasons in zip(
            table["case"], table["status"], table["reasons"], strict=True
        )
    }


def test_infeasible_and_repeated_cases_and_too_little_time(tmp_path: Path) -> None:
    firm = tiny(
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
        sites={"oslo": {"grid_mw": 12.5}},
    )
    study = drills.study_of(
        firm,
        {
            "base": {},
            "again": {"demand.scale": 1.0},
            "more": {"demand.scale": 2.0},
        },
    )
    drills.run(study, tmp_path / "firm", workers=1)
    told = rows(tmp_path / "firm")
    assert told["base"] == told["again"] == ("optimal", "")
    assert told["more"][0] == "infeasible"
    assert "grid connection of oslo" in told["more"][1]
    assert len(drills.finished(tmp_path / "firm")) == 2

    large = read_instance("instances/southgate")
    hurried = drills.study_of(large, {"hurried": {"solve.time_limit_s": 0.001}})
    (status,) = drills.run(hurried, tmp_path / "hurried", workers=1).values()
    assert status in {"unknown", "feasible"}
    assert rows(tmp_path / "hurried")["hurried"][0] == status
    assert len(drills.finished(tmp_path / "hurried")) == 1


def test_a_solver_that_always_crashes_fails_its_cases(tmp_path: Path, sabotage: Sabotage) -> None:
    sabotage(drills.SOLVER, "os.kill(os.getpid(), 11)")
    out = tmp_path / "out"
    assert drills.run(drills.small_study(2), out, workers=1) == dict.fromkeys(
        ("demand-00", "demand-01"), "failed"
    )
    for status, reasons in rows(out).values():
        assert status == "failed"
        assert "the solver process ended with code -11" in reasons
    assert drills.finished(out) == {}


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (
            "os.kill(os.getpid(), 9)",
            "the worker process ended with code -9: killed, as systems do that run out of memory; "
            "tried 2 times",
        ),
        ("raise LookupError('a bug')", "the worker process ended with code 1: LookupError: a bug"),
    ],
)
def test_a_case_that_loses_its_worker_has_failed_and_is_tried_again_next_time(
    tmp_path: Path, sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch, what: str, reason: str
) -> None:
    monkeypatch.setattr(queue, "ATTEMPTS", 2)
    study = drills.study_of(tiny(), CASES)
    sabotage(drills.WORKER, BAD.format(what=what))
    out = tmp_path / "out"
    drills.run(study, out, workers=1)

    told = rows(out)
    assert told == {"good": ("optimal", ""), "bad": ("failed", reason), "late": ("optimal", "")}
    assert drills.leftovers(out) == ["failures"]
    before = drills.finished(out)

    (tmp_path / "hooks" / "sitecustomize.py").write_text("", encoding="utf-8")
    drills.run(study, out, workers=1)
    assert rows(out) == dict.fromkeys(CASES, ("optimal", ""))
    assert drills.finished(out).items() > before.items()


@pytest.mark.slow
def test_a_case_that_never_answers_has_failed(
    tmp_path: Path, mark: str, sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = {name: {**one, "solve.time_limit_s": 60} for name, one in CASES.items()}
    sabotage(drills.WORKER, BAD.format(what="time.sleep(600)"))
    run = run_study(drills.study_of(tiny(), limited), out=tmp_path / "out", workers=1)
    assert next(run).case.name == "good"
    monkeypatch.setattr(pool, "PATIENCE", 0)
    monkeypatch.setattr(pool, "PATIENCE_S", 4.0)

    assert [(one.case.name, one.status) for one in run] == [("late", "optimal"), ("bad", "failed")]
    assert rows(tmp_path / "out")["bad"] == ("failed", "no answer within 4 s")
    assert drills.all_gone(mark)


def test_workers_that_never_start_stop_the_study(
    tmp_path: Path, sabotage: Sabotage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "STARTS", 3)
    sabotage(drills.WORKER, "sys.exit('no licence')")
    began = time.monotonic()
    with pytest.raises(StudyError, match=r"before they are ready: .*code 1: .*no licence$"):
        drills.run(drills.small_study(), tmp_path / "out", workers=1)
    assert time.monotonic() - began < 30
    assert {status for status, _ in rows(tmp_path / "out").values()} == {"waiting"}


def test_workers_without_memory_to_start_were_tried_thirty_times(
    tmp_path: Path, sabotage: Sabotage
) -> None:
    sabotage(drills.WORKER, "sys.exit('std::bad_alloc')")
    with pytest.raises(StudyError, match=r"before they are ready: .* ran out of memory"):
        drills.run(drills.small_study(), tmp_path / "out", workers=1)


def remove(plan: Path) -> None:
    plan.unlink()


def truncate(plan: Path) -> None:
    plan.write_bytes(plan.read_bytes()[:100])


def edit(plan: Path) -> None:
    """By hand, to something that looks better."""
    told = json.loads(plan.read_text("utf-8"))
    plan.write_text(json.dumps(told | {"objective_musd": 1.0, "bound_musd": 1.0}), "utf-8")


def lose_the_certificate(plan: Path) -> None:
    (plan.parent / "certificate.json").unlink()


def empty_a_table(plan: Path) -> None:
    (plan.parent / "tables" / "orders.parquet").write_bytes(b"")


def lose_a_table(plan: Path) -> None:
    (plan.parent / "tables" / "flows.parquet").unlink()


def spoil_a_table(plan: Path) -> None:
    (plan.parent / "tables" / "limits.parquet").write_text("no table at all")


def spoil_inside(plan: Path) -> None:
    (plan.parent / "tables" / "orders.parquet").write_bytes(b"PAR1 is not enough PAR1")


DAMAGES = (
    *(remove, truncate, edit, lose_the_certificate),
    *(empty_a_table, lose_a_table, spoil_a_table, spoil_inside),
)


def test_damaged_cases_are_solved_again(tmp_path: Path, small_results: dict[str, bytes]) -> None:
    drills.run(drills.small_study(), tmp_path, workers=1)
    before = drills.finished(tmp_path)
    for key, damage in zip(before, DAMAGES, strict=False):
        damage(tmp_path / "cases" / key / "plan.json")
    drills.run(drills.small_study(), tmp_path, workers=1)

    after = drills.finished(tmp_path)
    assert {key for key in before if after[key] != before[key]} == set(list(before)[: len(DAMAGES)])
    assert drills.tables(tmp_path) == small_results
    assert drills.leftovers(tmp_path) == []
