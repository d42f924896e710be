"""A call leaves no trace: no output, no processes, no files, nothing changed in the caller."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from models.instance import Instance
from optimizer import InstanceError, Plan, solve
from tests.small import tiny, twins

SMALL = Path(__file__).parents[1] / "broken" / "base.yaml"


class StopError(Exception):
    """What a caller may raise to give up."""


def children() -> set[int]:
    """The processes that this one has started and that are not gone, zombies included."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = place.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if int(told.rpartition(")")[2].split()[1]) == os.getpid():
            found.add(int(place.parent.name))
    return found


def state() -> dict[str, object]:
    """What a call could change in the process that makes it."""
    return {
        "folder": Path.cwd(),
        "environment": dict(os.environ),
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "path": list(sys.path),
        "threads": set(threading.enumerate()),
        "children": children() if Path("/proc/self/stat").exists() else set(),
    }


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def no_plan() -> Instance:
    """Hard demand that takes five units, and power for two."""
    return tiny(
        sites={"oslo": {"grid_mw": 5}},
        workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
    )


@pytest.mark.parametrize("make", [twins, no_plan])
def test_solving_leaves_no_trace(
    make: type[Instance], scratch: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    solve(make())
    before = state()
    plan = solve(make())

    assert plan.status == ("infeasible" if make is no_plan else "optimal")
    assert state() == before
    assert list(scratch.iterdir()) == []
    assert tuple(capfd.readouterr()) == ("", "")


def test_giving_up_from_on_progress_leaves_no_trace(
    scratch: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    solve(tiny())
    before = state()

    def give_up(_: object) -> None:
        raise StopError

    with pytest.raises(StopError):
        solve(tiny(), on_progress=give_up)
    assert state() == before
    assert list(scratch.iterdir()) == []
    assert tuple(capfd.readouterr()) == ("", "")


def test_giving_up_in_the_midst_of_the_search_leaves_no_trace(scratch: Path) -> None:
    before = state()

    def give_up(news: object) -> None:
        if getattr(news, "objective", None) is not None:
            raise StopError

    with pytest.raises(StopError):
        solve(twins(), on_progress=give_up)
    assert state() == before
    assert list(scratch.iterdir()) == []


def test_progress_is_told_in_the_calling_thread() -> None:
    told: list[threading.Thread] = []
    solve(tiny(), on_progress=lambda news: told.append(threading.current_thread()))

    assert told
    assert set(told) == {threading.current_thread()}


def test_errors_carry_every_problem() -> None:
    with pytest.raises(InstanceError) as caught:
        twins().with_changes({"sites.nairobbi.grid_mw": 200, "sites.oslo.grid_mv": 1})

    assert [problem.path[:2] for problem in caught.value.problems] == [
        ("sites", "nairobbi"),
        ("sites", "oslo"),
    ]


def test_infeasible_is_an_answer() -> None:
    plan: Plan = solve(no_plan())

    assert plan.status == "infeasible"
    assert plan.objective_musd is None
    assert plan.reasons
    assert not plan.tables


def test_import_is_light() -> None:
    """Pyomo, pandas, the solver and the command line come when they are first needed."""
    heavy = ("pyomo", "pandas", "highspy", "scipy", "numpy", "pyarrow", "pydantic", "click", "rich")
    code = f"import sys, optimizer; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("first", ["optimizer.study.request", "optimizer.values"])
def test_scipys_statistics_stay_away(first: str) -> None:
    """Pyomo would import them with the rest of scipy; they take longer than all of Pyomo."""
    code = (
        f"import sys, {first}\nfrom optimizer import read_instance, solve\n"
        f"plan = solve(read_instance({str(SMALL)!r}))\n"
        "print(plan.status, 'scipy.stats' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )

    assert done.stdout.split() == ["optimal", "False"]
