"""What each limit is worth: a fast ranking of all levers, and exact re-solves of the first."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from math import inf
from pathlib import Path

import pandas as pd

from models.instance import Instance
from models.objectives import is_money
from optimizer.errors import PlanError
from optimizer.options import resolve
from optimizer.plan.plan import Plan
from optimizer.plan.store import write_table
from optimizer.study.case import Case, Study
from optimizer.study.folder import StudyFolder
from optimizer.study.run import CaseResult, run_study
from optimizer.values.choose import DEFAULTS, chosen, impossible, levers_of, ranked
from optimizer.values.costs import Known, shared
from optimizer.values.estimates import UNKNOWN, Estimate, estimates
from optimizer.values.lever import Lever, read_steps
from optimizer.values.rules import prices
from optimizer.values.table import frame
from optimizer.values.unchanged import (
    BASE,
    known,
    solved_once,
    title,
    with_bound,
)
from optimizer.whole import write_files

NOTHING = Known(-inf, inf)


@dataclass(frozen=True)
class Values:
    """What limits are worth.

    Attributes:
        base: the plan without changes; without a plan, what is known instead.
        table: one row for each lever, the largest first (docs/values.md).
        failed: why levers have no value, by name.
    """

    base: Plan
    table: pd.DataFrame
    failed: Mapping[str, str]

    def save(self, folder: str | Path) -> Path:
        """Write the table as CSV and Parquet into a folder; return the folder.

        Raises PlanError if it cannot be written.
        """
        place = Path(folder)
        try:
            write_files(place, lambda part: write_table(self.table, part, "values"))
        except OSError as error:
            raise PlanError(f"the values cannot be written to {place}: {error.strerror}") from error
        return place


def check_target(folder: Path, inst: Instance) -> None:
    """Raise PlanError if values must not be written there: it holds something else."""
    if folder.is_file():
        raise PlanError(f"{folder} is a file; name a folder for the values")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / "study.json").is_file():
            raise PlanError(f"{folder} is not empty and holds no values; name another folder")
        other = StudyFolder(folder).study.name
        if other != title(inst):
            raise PlanError(f"{folder} holds the study '{other}'; name another folder")


def values(
    inst: Instance,
    *,
    top: int = 10,
    steps: Iterable[str] = (),
    price_of: str | None = None,
    out: str | Path | None = None,
    gap: float | None = None,
    time_limit: float | None = None,
    seed: int | None = None,
    workers: int | None = None,
    threads: int = 1,
    on_stage: Callable[[str], None] | None = None,
    on_case: Callable[[CaseResult, int], None] | None = None,
) -> Values:
    """Return what it would change to move each limit that holds a plan back, or to lift a rule.

    Args:
        inst: the instance; its objective is cost or profit.
        top: how many levers are solved again exactly, and all without an amount in addition; 0:
            none at all. Of a rule the whole is, and so many parts.
        steps: how far limits are moved, 'KIND=AMOUNT', where not by the defaults (docs/values.md).
        price_of: lift this rule instead, as a whole and in each of its parts (RULES).
        out: folder for the study of all re-solves and the table; what is finished there is not
            solved again. None: a temporary one.
        gap: relative gap of every solve [ratio].
        time_limit: longest search of each [s].
        seed: seed of random choices.
        workers: solves at the same time; None: as many as the machine has cores for.
        threads: cores for each.
        on_stage: is told what is being done.
        on_case: is told of each result of the re-solves, and how many there will be.

    Raises ValueError for options out of range, a rule that the instance does not have, and an
    objective that is not money; else as `run_study`.
    """
    wanted = read_steps(steps, DEFAULTS)
    if isinstance(top, bool) or not isinstance(top, int) or not 0 <= top <= 10_000:
        raise ValueError(f"top must be a whole number from 0 to 10000, but is {top!r}")
    if not is_money(inst.objective):
        raise ValueError(
            f"values are amounts of money, but the objective is {inst.objective}; "
            "--set objective=cost asks for least cost"
        )
    lifted = None if price_of is None else prices(inst, price_of)
    say = on_stage or (lambda _: None)
    options = resolve(inst, gap, time_limit, threads, seed)
    with ExitStack() as stack:
        if out is None:
            out = stack.enter_context(tempfile.TemporaryDirectory(prefix="buildplan-values-"))
        say("the plan without changes")
        plan = solved_once(Path(out), inst, options)
        if plan.objective_musd is None:
            return Values(plan, frame([], [], {}, NOTHING, {}), {})
        if lifted is None:
            levers = levers_of(inst, plan, wanted)
            say(f"estimates of {len(levers)} levers")
            expected = _estimates(inst, plan, levers)
        else:
            levers, count = lifted, top + 1
            say("proofs that what is lifted costs nothing")
            expected = _estimates(inst, plan, levers[:count])
            expected += [UNKNOWN] * len(levers[count:])
        first = chosen(levers, expected, top, rule=price_of is not None)
        failed = impossible(inst, first)
        first = [one for one in first if one.name not in failed]
        say(f"{len(first)} exact values")
        found: dict[str, CaseResult] = {}
        if first:
            cases = (BASE, *(Case(one.name, "cases", dict(one.changes)) for one in first))
            study = Study(title(inst), inst, cases, gap=gap, time_limit=time_limit, seed=seed)
            run = run_study(study, out=out, workers=workers, threads=threads)
            stack.callback(run.close)
            for case in run:
                found[case.case.name] = case
                if on_case:
                    on_case(case, len(cases))
        failed |= {
            name: "; ".join(one.reasons) for name, one in found.items() if one.status == "failed"
        }
        most = {one.name: it.most for one, it in zip(levers, expected, strict=True)}
        base, changed = shared(known(plan), _all_known(found, most), most)
        status = {name: one.status for name, one in found.items()}
        table = ranked(frame(levers, expected, status, base, changed))
        result = Values(with_bound(plan, base.bound), table, failed)
        result.save(out)
    return result


def _all_known(found: Mapping[str, CaseResult], most: Mapping[str, float]) -> dict[str, Known]:
    """What is known of the changed instances that may have a plan, by the name of their lever."""
    return {
        name: known(one)
        for name, one in found.items()
        if name in most and one.status not in ("infeasible", "failed")
    }


def _estimates(inst: Instance, plan: Plan, levers: Sequence[Lever]) -> list[Estimate]:
    """Of an uncertain instance there are none: its scenarios are not one linear program."""
    if inst.scenarios:
        return [UNKNOWN] * len(levers)
    return list(estimates(inst, plan, levers))
