"""`buildplan values`: what each limit is worth, or what a whole rule costs."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from models.problems import InstanceError
from optimizer.cli import console, options, problems, target
from optimizer.cli.endings import Ending, ending_of
from optimizer.cli.interrupts import interruptible
from optimizer.cli.study.following import Following, following
from optimizer.errors import PlanError

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.study.run import CaseResult
    from optimizer.values import Values

STOPPING = "Stopping: what is solved is kept in the folder of --out; run it again to go on"


@click.command("values")
@options.instance_argument
@options.solve_options
@click.option(
    "--top",
    type=click.IntRange(0, 10_000),
    default=10,
    show_default=True,
    help="So many levers are solved again exactly, the first by estimate.",
)
@click.option(
    "--step",
    "steps",
    metavar="KIND=AMOUNT",
    multiple=True,
    help="How far limits of a kind are moved, for example site_power=20 (MW), budget=10% or "
    "energisation=6 (months). May be given again.",
)
@click.option(
    "--price-of",
    metavar="RULE",
    help="What a whole rule costs, and each of its parts: residency, latency, budget, power …",
)
@click.option("--workers", type=click.IntRange(1, 10_000), help="Solves at the same time.")
@click.option("--out", metavar="DIR", help="Folder for the table and all plans.")
@options.output_options
def command(
    *,
    instance: str,
    changes: tuple[str, ...],
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int | None,
    top: int,
    steps: tuple[str, ...],
    price_of: str | None,
    workers: int | None,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """What the least cost changes by when a limit that holds the plan back gives way a step.

    All levers are estimated from duals first; those that promise most are solved again. Negative
    amounts are savings. --threads are for each solve, 1 unless given. With --out, what is finished
    in DIR is not solved again.
    """
    with interruptible(quiet, STOPPING):
        from optimizer.values import check_target, values

        inst = options.load(instance, changes)
        folder = None
        if out is not None:
            try:
                folder = target.asked(out, instance, lambda path: check_target(path, inst))
            except PlanError as error:
                return problems.refuse_in_words(str(error), as_json, "--out")
        try:
            with ExitStack() as stack:
                found = values(
                    inst,
                    top=top,
                    steps=steps,
                    price_of=price_of,
                    out=folder,
                    gap=gap,
                    time_limit=time_limit,
                    seed=seed,
                    workers=workers,
                    threads=threads or 1,
                    on_stage=None if quiet else console.err,
                    on_case=_teller(stack, quiet),
                )
        except InstanceError:
            raise
        except ValueError as error:
            return problems.refuse_in_words(str(error), as_json)
        except KeyboardInterrupt:
            kept = "" if folder is None else f"; what is solved is kept in {folder}"
            console.err(f"interrupted{kept}")
            if as_json:
                problems.say_failed("interrupted")
            return Ending.INTERRUPTED
    if found.base.objective_musd is None:
        return _no_plan(inst, found, as_json)
    if as_json:
        console.out_json(as_dict(found, price_of))
    else:
        from optimizer.cli.show.values import values_in_words

        console.out(values_in_words(inst, found, price_of))
    if folder is not None and not quiet:
        console.err(f"Values written to {folder}")
    return _ending(found)


def _teller(stack: ExitStack, quiet: bool) -> Callable[["CaseResult", int], None]:
    """Shows how the exact values go, from the first one on, when it is known how many there are."""
    shown: list[Following] = []

    def tell(result: "CaseResult", total: int) -> None:
        if not shown:
            shown.append(stack.enter_context(following(total, quiet)))
        shown[0].tell(result)

    return tell


def _no_plan(inst: "Instance", found: "Values", as_json: bool) -> Ending:
    from optimizer.cli.show.nothing import no_plan_in_words

    if as_json:
        console.out_json(found.base.summary())
    console.err(no_plan_in_words(found.base, options.warnings_of(inst)))
    return ending_of(found.base)


def _ending(found: "Values") -> Ending:
    if found.failed:
        return Ending.NO_PLAN
    stopped = found.table["status"].isin(["feasible", "unknown"]).any()
    return Ending.STOPPED if stopped or found.base.status == "feasible" else Ending.DONE


def as_dict(found: "Values", price_of: str | None) -> dict[str, Any]:
    """The values as plain data."""
    from optimizer.plan.frame import records

    base = found.base
    return {
        "name": base.name,
        "status": base.status,
        "objective_musd": base.objective_musd,
        "bound_musd": base.bound_musd,
        "gap": base.gap,
        "price_of": price_of,
        "levers": records(found.table),
        "failed": dict(found.failed),
    }
