"""What each limit is worth: a fast ranking of all levers, and exact re-solves of the first."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from models.instance import Instance
from models.objectives import is_money
from optimizer.errors import PlanError, SolveError
from optimizer.hashing import instance_sha256
from optimizer.options import Options, resolve
from optimizer.plan.plan import Plan
from optimizer.plan.store import read_plan, write_plan, write_table
from optimizer.solve import solve
from optimizer.study.case import Case, Study
from optimizer.study.folder import StudyFolder, is_whole
from optimizer.study.keys import case_key
from optimizer.study.run import CaseResult, run_study
from optimizer.values.choose import DEFAULTS, chosen, impossible, levers_of, ranked
from optimizer.values.estimates import UNKNOWN, Estimate, estimates
from optimizer.values.lever import Lever, read_steps
from optimizer.values.rules import prices
from optimizer.values.table import frame
from optimizer.whole import write_files

BASE = Case("base", "base", {})
"""The case without changes."""


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
        other = StudyFolder(folder).study.name
        if other != _title(inst):
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
        top: how many levers are solved again exactly; of rules without an amount, all in addition.
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
        plan = _base(Path(out), inst, options)
        if plan.objective_musd is None:
            return Values(plan, frame([], [], {}, plan), {})
        levers = lifted if lifted is not None else levers_of(inst, plan, wanted)
        say(f"estimates of {len(levers)} levers")
        expected = _estimates(inst, plan, levers)
        first = chosen(levers, expected, top, rule=price_of is not None)
        failed = impossible(inst, first)
        first = [one for one in first if one.name not in failed]
        say(f"{len(first)} exact values")
        found: dict[str, CaseResult] = {}
        if first:
            cases = (BASE, *(Case(one.name, "cases", dict(one.changes)) for one in first))
            study = Study(_title(inst), inst, cases, gap=gap, time_limit=time_limit, seed=seed)
            run = run_study(study, out=out, workers=workers, threads=threads)
            stack.callback(run.close)
            for case in run:
                found[case.case.name] = case
                if on_case:
                    on_case(case, len(cases))
        failed |= {
            name: "; ".join(one.reasons) for name, one in found.items() if one.status == "failed"
        }
        result = Values(plan, ranked(frame(levers, expected, found, plan)), failed)
        result.save(out)
    return result


def _base(place: Path, inst: Instance, options: Options) -> Plan:
    """The plan without changes: a finished case of the study, or solved and kept as one."""
    key = case_key(instance_sha256(inst), options)
    folder = StudyFolder.create(place, Study(_title(inst), inst, (BASE,)), {BASE.name: key})
    home = folder.plan_folder(BASE.name)
    if is_whole(home):
        return read_plan(home)
    plan = solve(
        inst,
        gap=options.gap,
        time_limit=options.time_limit,
        threads=options.threads,
        seed=options.seed,
    )
    if plan.objective_musd is not None and not plan.verified:
        refused = "; ".join(plan.violations[:3])
        raise SolveError(f"the plan that was found failed verification: {refused}")
    if plan.interrupted:
        raise KeyboardInterrupt
    write_plan(plan, home, csv=False)
    return plan


def _title(inst: Instance) -> str:
    return f"{inst.name}: values"


def _estimates(inst: Instance, plan: Plan, levers: Sequence[Lever]) -> list[Estimate]:
    """Of an uncertain instance there are none: its scenarios are not one linear program."""
    if inst.scenarios or all(one.size is None for one in levers):
        return [UNKNOWN] * len(levers)
    return list(estimates(inst, plan, levers))
