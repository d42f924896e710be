"""Run a study: solve what is missing, keep each case at once, and gather the results."""

import tempfile
import weakref
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.errors import PlanError, StudyError
from optimizer.hashing import instance_sha256
from optimizer.options import Options, cores, resolve
from optimizer.plan.plan import Plan
from optimizer.plan.store import read_plan
from optimizer.study.case import Case, Study
from optimizer.study.folder import StudyFolder, to_text
from optimizer.study.keys import case_key
from optimizer.study.pool import LocalPool, Pool
from optimizer.study.queue import Queue
from optimizer.study.reading import read_study
from optimizer.study.results import results_table, write_results
from optimizer.study.timings import write_timings


@dataclass(frozen=True)
class CaseResult:
    """What came of a case.

    Attributes:
        case: the case.
        key: its key; equal for cases that are the same instance.
        summary: as in plan.json; of a failed case only `status` ('failed') and `reasons`.
        folder: where its plan stands.
        kept: True if it was finished before this run.
    """

    case: Case
    key: str
    summary: dict[str, Any]
    folder: Path
    kept: bool = False

    @property
    def status(self) -> str:
        """optimal, feasible, infeasible, unknown, or failed."""
        return str(self.summary["status"])

    @property
    def objective_musd(self) -> float | None:
        """Net present cost [MUSD]; None without a plan."""
        return self.summary.get("objective_musd")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why there is no plan, as far as it is known."""
        return tuple(self.summary.get("reasons", ()))

    def plan(self) -> Plan:
        """The plan with its tables. Raises PlanError for a case that failed."""
        return read_plan(self.folder)


class StudyRun(Iterator[CaseResult]):
    """A study under way: yields results as cases finish, then holds the tables.

    Abandon it with `close`; what is finished stays in the folder.
    """

    def __init__(
        self, folder: StudyFolder, results: Iterator[CaseResult], stack: ExitStack
    ) -> None:
        self.folder = folder.path
        self.study = folder.study
        self._results = results
        self._end = weakref.finalize(self, _close, results, stack)

    def __next__(self) -> CaseResult:
        return next(self._results)

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables of all cases; waits until the study has run to its end."""
        for _ in self:
            pass
        return results_table(self.folder, name)

    def close(self) -> None:
        """Stop, and remove the folder if it is a temporary one."""
        self._end()


def _close(results: Iterator[CaseResult], stack: ExitStack) -> None:
    """End a run; also one that was forgotten, before the interpreter ends."""
    with stack:
        results.close()  # type: ignore[attr-defined]


PoolMaker = Callable[[StudyFolder, Path], Pool]
"""Makes the pool for a study's folder; plans are written below the path."""


def run_study(
    study: Study | str | Path,
    *,
    out: str | Path | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    seed: int | None = None,
    workers: int | None = None,
    threads: int = 1,
    dask: str | None = None,
    cold: bool = False,
) -> StudyRun:
    """Solve the cases of a study, several at a time; return them as they finish.

    Args:
        study: a study, or the path of its file.
        out: folder for the results; cases that are finished there are not solved again. None: a
            temporary folder, which goes with the run.
        gap: relative gap for every case [ratio]; None: as the study says.
        time_limit: longest search for one case [s]; None: as the study says.
        seed: seed of random choices in solving; None: as the study says.
        workers: cases to solve at the same time; None: as many as the machine has cores for.
        threads: cores for each.
        dask: solve on a Dask cluster: 'tcp://…' an existing one, 'local' one of its own.
        cold: start no case from another's plan.

    Raises InstanceError if the study or one of its cases is not valid, PlanError if the folder
    cannot be used, ValueError for options out of range, and, while it runs, StudyError if the
    folder can no longer be written.
    """
    study = study if isinstance(study, Study) else read_study(study)
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, but is {workers}")
    study = replace(
        study,
        gap=study.gap if gap is None else gap,
        time_limit=study.time_limit if time_limit is None else time_limit,
        seed=study.seed if seed is None else seed,
    )
    stack = ExitStack()
    if out is None:
        out = stack.enter_context(tempfile.TemporaryDirectory(prefix="buildplan-study-"))
    options, keys = _keys(study, threads)
    folder = StudyFolder.create(Path(out), study, keys)
    count = workers or max(1, cores() // threads)

    def make_pool(work: Path) -> Pool:
        if dask is None:
            base = work / "instance.json"
            base.write_text(to_text(folder.study.base.model_dump(mode="json")), encoding="utf-8")
            return LocalPool(base, count, work)
        from optimizer.study.cluster import DaskPool

        return DaskPool(dask, folder.study.base, workers if dask != "local" else count, work)

    return StudyRun(folder, _run(folder, options, make_pool, cold), stack)


def _keys(study: Study, threads: int) -> tuple[dict[str, Options], dict[str, str]]:
    """How each case is solved, and its key, by name. Raises InstanceError."""
    options: dict[str, Options] = {}
    keys: dict[str, str] = {}
    for case in study.cases:
        known = study.sha256.get(case.name)
        plain = known is not None and not any(path.startswith("solve") for path in case.changes)
        inst = study.base if plain else study.instance(case)
        one = resolve(inst, study.gap, study.time_limit, threads, study.seed)
        options[case.name] = one
        keys[case.name] = case_key(known or instance_sha256(inst), one)
    return options, keys


def _run(
    folder: StudyFolder,
    options: dict[str, Options],
    make_pool: Callable[[Path], Pool],
    cold: bool,
) -> Iterator[CaseResult]:
    """Results of finished cases, then of the others as they finish; the tables at the end."""
    try:
        with Queue(folder, options, cold=cold) as queue:
            yield from _results(folder, queue.finished_before(), kept=True)
            if not queue.is_done:
                with make_pool(queue.work) as pool:
                    while not queue.is_done:
                        yield from _results(folder, queue.step(pool))
    except Exception as error:
        with suppress(StudyError):
            _gather(folder)
        if isinstance(error, OSError):
            raise _unwritable(folder, error) from error
        raise
    except BaseException:
        _gather(folder)
        raise
    _gather(folder)


def _gather(folder: StudyFolder) -> None:
    """Write the tables of what has ended so far. Raises StudyError."""
    try:
        write_results(folder)
        write_timings(folder)
    except PlanError as error:
        raise StudyError(str(error)) from error
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: StudyFolder, error: OSError) -> StudyError:
    return StudyError(f"{error.filename or folder.path}: {error.strerror or error}")


def _results(
    folder: StudyFolder, keys: Collection[str], *, kept: bool = False
) -> Iterator[CaseResult]:
    """The results of all cases with these keys."""
    ended = set(keys)
    for case in folder.study.cases:
        key = folder.keys[case.name]
        if key in ended and (summary := folder.summary(case.name)):
            yield CaseResult(case, key, summary, folder.plan_folder(case.name), kept)
