"""`buildplan replan`: last quarter's plan, today's data: a new plan, and why it differs."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import console, options, problems, progress, replay, target
from optimizer.cli.endings import Ending, ending_of
from optimizer.cli.interrupts import interruptible
from optimizer.errors import PlanError

if TYPE_CHECKING:
    from optimizer.replan import Replan

SHARE = options.Amount("a ratio from 0 to 1", lambda x: 0 <= x <= 1)


@click.command("replan")
@click.argument("plan", metavar="PLAN_DIR", required=False)
@click.argument("instance", required=False)
@options.set_option
@click.option(
    "--rolling",
    metavar="FILE",
    help="Replay a horizon of revealed data instead, and tell the regret against hindsight.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    help="Orders of periods that start before this day are placed; else as the instance says.",
)
@click.option(
    "--cancel-share",
    type=SHARE,
    help="What it costs to give up a later order of the last plan, relative to its price.",
)
@click.option(
    "--delay-share",
    type=SHARE,
    help="What it costs to place a later order of the last plan even later.",
)
@click.option(
    "--inputs",
    type=click.IntRange(1, 100),
    default=8,
    show_default=True,
    help="So many changed inputs are told apart at most.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Plans that are made at the same time."
)
@options.solve_options
@click.option("--out", metavar="DIR", help="Folder for the plan; else a new one below 'plans'.")
@options.output_options
def command(
    *,
    plan: str | None,
    instance: str | None,
    changes: tuple[str, ...],
    rolling: str | None,
    as_of: str | None,
    cancel_share: float | None,
    delay_share: float | None,
    inputs: int,
    workers: int | None,
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int | None,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Plan again with today's INSTANCE, bound to the orders that the plan in PLAN_DIR has placed.

    Says what moved, and which changed input caused it: each is taken back by itself, and the plan
    made again. With --rolling, neither is given: the file names its data. Exit codes as of solve.
    """
    if rolling is not None:
        if plan or as_of or cancel_share is not None or delay_share is not None:
            words = "takes no plan, no instance, no day and no shares; its file tells them"
            return problems.refuse_in_words(words, as_json, "--rolling")
        settings = {"gap": gap, "time_limit": time_limit, "threads": threads, "seed": seed}
        return replay.run(rolling, changes, settings, out, as_json=as_json, quiet=quiet)
    if plan is None or instance is None:
        words = "name the folder of the last plan and today's instance, or --rolling FILE"
        return problems.refuse_in_words(words, as_json)
    try:
        folder = None if out is None else _asked(out, plan, instance)
    except PlanError as error:
        return problems.refuse_in_words(str(error), as_json, "--out")
    with interruptible(quiet) as interrupts:
        began = time.monotonic()
        inst = options.load(instance, changes)
        read_seconds = time.monotonic() - began
        options.check(inst, gap, time_limit, threads, seed)
        with progress.following(quiet) as shown:
            shown.stage("building the model")
            from optimizer.replan import replan

            found = replan(
                plan,
                inst,
                as_of=as_of,
                cancel_share=cancel_share,
                delay_share=delay_share,
                inputs=inputs,
                gap=gap,
                time_limit=time_limit,
                threads=threads,
                seed=seed,
                workers=workers,
                on_progress=None if quiet else shown.tell,
                read_seconds=read_seconds,
            )
        with interrupts.held_back():
            return _finish(found, folder, as_json, quiet)


def _asked(out: str, plan: str, instance: str) -> Path:
    """The folder of `--out`, which is not that of the last plan."""
    folder = target.asked(out, instance)
    if Path(plan).resolve() == folder:
        raise PlanError(f"{out} holds the last plan; name another folder")
    return folder


def _finish(found: "Replan", folder: Path | None, as_json: bool, quiet: bool) -> Ending:
    """Keep and print what was found, and say how it ended."""
    plan = found.plan
    has_plan = plan.objective_musd is not None
    if has_plan and not plan.verified:
        console.err("\n".join([f"{plan.name}: the plan failed verification.", *plan.violations]))
        return Ending.REFUSED
    place = folder or (target.default(plan.name) if has_plan else None)
    if place is not None:
        found.save(place)
    if as_json:
        console.out_json(plan.summary() | {"replan": found.as_dict()})
    elif has_plan:
        console.out(found.in_words())
    else:
        why = "; ".join(plan.reasons)
        what = "no plan exists" if plan.status == "infeasible" else "no plan was found"
        console.err(f"{plan.name}: {what} with the orders placed by {found.as_of}: {why}")
    if place is not None and not quiet:
        console.err(f"{'Plan' if has_plan else 'Outcome (no plan)'} written to {place}")
    return Ending.INTERRUPTED if plan.interrupted else ending_of(plan)
