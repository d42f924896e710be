"""`buildplan solve`: the main job. Read, solve, check, print, keep."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from models.entities.method import Method
from models.entities.objective import ObjectiveName
from optimizer.cli import console, frontier, options, problems, progress, target
from optimizer.cli.endings import Ending, ending_of
from optimizer.cli.interrupts import interruptible
from optimizer.cluster import UNANSWERED
from optimizer.crosscheck.opinions import DISAGREE
from optimizer.errors import ENDED_EARLY, PlanError

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.own import OwnFamily
    from optimizer.plan import Plan

MOST_WARNINGS = 5
"""So many warnings are shown before solving; `check` shows all."""


@click.command("solve")
@options.instance_argument
@options.solve_options
@options.method_option
@options.family_option
@click.option(
    "--objective",
    type=click.Choice(get_args(ObjectiveName)),
    help="What the plan shall be best at, in place of what the instance says.",
)
@click.option(
    "--frontier",
    "weighed",
    metavar="MEASURES:POINTS",
    help="Plans from the least of one measure to the least of another, for example carbon:8 "
    "(against cost) or cost,shortfall:6.",
)
@click.option(
    "--cross-check",
    is_flag=True,
    help="Solve again under other settings, and by SCIP if installed; exit 4 if they disagree.",
)
@options.dask_option("Answer contingencies and search scenarios on a Dask cluster")
@click.option("--out", metavar="DIR", help="Folder for the plan; else a new one below 'plans'.")
@click.option("--report", "with_report", is_flag=True, help="Write report.html beside the plan.")
@options.output_options
def command(
    *,
    instance: str,
    changes: tuple[str, ...],
    objective: str | None,
    weighed: str | None,
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int | None,
    method: Method | None,
    family_files: tuple[str, ...],
    cross_check: bool,
    dask: str | None,
    out: str | None,
    with_report: bool,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Find the best plan, check it, print it and write it to a folder."""
    try:
        points = None if weighed is None else frontier.read_asked(weighed)
    except ValueError as error:
        return problems.refuse_in_words(str(error), as_json, "--frontier")
    try:
        check = target.holds_no_other if points is None else target.holds_no_other_frontier
        folder = None if out is None else target.asked(out, instance, check)
    except PlanError as error:
        return problems.refuse_in_words(str(error), as_json, "--out")
    families = options.families(family_files)
    with interruptible(quiet) as interrupts:
        began = time.monotonic()
        if objective is not None:
            changes = (*changes, f"objective={objective}")
        inst = options.load(instance, changes)
        read_seconds = time.monotonic() - began
        options.check(inst, gap, time_limit, threads, seed, method, families)
        if not quiet:
            problems.warn(options.warnings_of(inst), MOST_WARNINGS)
        unfit = _unfit(
            inst,
            method,
            families,
            frontier=points is not None,
            cross_check=cross_check,
            dask=dask is not None,
        )
        if unfit is not None:
            option, words = unfit
            return problems.refuse_in_words(words, as_json, option)
        if points is not None:
            from optimizer.options import resolve

            settings = resolve(inst, gap, time_limit, threads, seed, method)
            place = folder or target.default(f"{inst.name}-frontier")
            return frontier.run(
                inst,
                points,
                settings,
                place,
                families=families,
                as_json=as_json,
                quiet=quiet,
            )
        with progress.following(quiet) as shown:
            shown.stage("building the model")
            from optimizer.solve import solve

            plan = solve(
                inst,
                gap=gap,
                time_limit=time_limit,
                threads=threads,
                seed=seed,
                method=method,
                on_progress=None if quiet else shown.tell,
                read_seconds=read_seconds,
                families=families,
                cross_check=cross_check,
                dask=dask,
            )
        with interrupts.held_back():
            return _finish(inst, plan, folder, with_report, as_json, quiet)


def _unfit(
    inst: "Instance",
    method: Method | None,
    families: Sequence["OwnFamily"],
    *,
    frontier: bool,
    cross_check: bool,
    dask: bool,
) -> tuple[str, str] | None:
    """The first option that does not fit the instance or another option, and why; None if none."""
    from optimizer.method import check_parts, way

    if frontier and inst.scenarios:
        words = "a frontier is of one future; --set scenarios.remove=true makes it certain"
        return "--frontier", words
    if cross_check and (frontier or inst.scenarios):
        return "--cross-check", "a cross-check is of one plan for one future"
    if dask and frontier:
        return "--dask", "the plans of a frontier are searched on this computer"
    if dask:
        try:
            check_parts(inst, way(inst, method or inst.solve.method, families))
        except ValueError as error:
            return "--dask", str(error)
    return None


def _finish(
    inst: "Instance",
    plan: "Plan",
    folder: Path | None,
    with_report: bool,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Keep the plan, then print it, and say how it ended."""
    found = plan.objective_musd is not None
    refused = found and not plan.verified
    if refused:
        plan = without_content(plan)
    place = folder or (target.default(plan.name) if found and not refused else None)
    is_kept = place is not None and _keep(plan, place)
    try:
        if as_json:
            console.out_json(plan.summary())
        elif found and not refused:
            from optimizer.cli.show import plan_in_words

            console.out(plan_in_words(inst, plan))
        if refused:
            _say_refused(plan)
        elif not found:
            _say_no_plan(inst, plan)
        _say_opinions(plan, quiet)
        if not quiet:
            _say_troubles(plan)
    finally:
        if is_kept and not quiet:
            what = "Plan" if found and not refused else "Outcome (no plan)"
            console.err(f"{what} written to {place}")
        if place is not None and is_kept and with_report:
            _report(plan, place, quiet)
    if refused:
        return Ending.REFUSED
    if folder and not is_kept:
        return Ending.NO_PLAN
    if any(reason.startswith(DISAGREE) for reason in plan.reasons):
        return Ending.NO_PLAN
    return Ending.INTERRUPTED if plan.interrupted else ending_of(plan)


def _report(plan: "Plan", place: Path, quiet: bool) -> None:
    """Write the report; where that fails the plan is there all the same."""
    from optimizer.report import FILE, report

    try:
        written = report(plan, place / FILE)
    except (PlanError, MemoryError) as error:
        console.err(str(error) or "out of memory while the report was written")
    else:
        if not quiet:
            console.err(f"Report written to {written}")


def without_content(plan: "Plan") -> "Plan":
    """What may be said of a plan that failed verification: that there is none, and why."""
    reason = "the plan that was found failed verification"
    return replace(
        plan,
        status="unknown",
        objective_musd=None,
        gap=None,
        costs_musd={},
        kpis={},
        tables={},
        reasons=(*plan.reasons, reason),
    )


def _say_refused(plan: "Plan") -> None:
    lines = [f"  {violation}" for violation in plan.violations]
    head = f"{plan.name}: the plan that was found failed verification and is not written."
    console.err("\n".join([head, *lines, "Please report this."]))


def _say_opinions(plan: "Plan", quiet: bool) -> None:
    """What second solvers said, if they were asked; what contradicts is always told."""
    for one in plan.evidence.opinions if plan.evidence else ():
        if one.verdict == "disagrees":
            console.err(f"{DISAGREE}: {one.words}. Do not rely on the bound; please report this.")
        elif not quiet:
            console.err(f"Cross-check: {one.words}")


def _say_troubles(plan: "Plan") -> None:
    """What a cluster should have solved and did not, and why a search ended early."""
    for reason in plan.reasons:
        if reason.startswith((UNANSWERED, ENDED_EARLY)):
            console.err(f"{reason[0].upper()}{reason[1:]}")


def _say_no_plan(inst: "Instance", plan: "Plan") -> None:
    from optimizer.cli.show.nothing import no_plan_in_words

    reasons = tuple(reason for reason in plan.reasons if not reason.startswith(UNANSWERED))
    told = replace(plan, reasons=reasons)  # what a cluster left to this computer is no such reason
    console.err(no_plan_in_words(told, options.warnings_of(inst)))


def _keep(plan: "Plan", place: Path) -> bool:
    """Write the plan; False, with a message, if its place cannot take it.

    A folder that was asked for gets plan.json also where there is no plan: it says why.
    """
    try:
        plan.save(place)
    except (PlanError, OSError, MemoryError) as error:
        console.err(str(error) or "out of memory while the plan was written")
        return False
    return True
