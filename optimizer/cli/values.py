"""`buildplan values`: what each limit is worth, or what a whole rule costs."""

from collections.abc import Callable, Hashable, Mapping
from contextlib import ExitStack
from math import isnan
from typing import TYPE_CHECKING, Any

import click

from models.problems import InstanceError
from optimizer.cli import console, options, problems, target
from optimizer.cli.endings import Ending
from optimizer.cli.interrupts import interruptible
from optimizer.cli.layout import table
from optimizer.cli.study.following import Following, following
from optimizer.errors import PlanError
from optimizer.figures import gap as gap_in_words
from optimizer.figures import money, number

if TYPE_CHECKING:
    import pandas as pd

    from models.instance import Instance
    from optimizer.study.run import CaseResult
    from optimizer.values import Values

STOPPING = "Stopping: what is solved is kept in the folder of --out; run it again to go on"

MOST_SETS = 3
"""For so many levers the options that move them are printed; the table in --out has all."""


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
        console.out("\n".join(in_words(inst, found, price_of)))
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
    console.err(no_plan_in_words(inst, found.base, options.warnings_of(inst)))
    return Ending.INFEASIBLE if found.base.status == "infeasible" else Ending.NO_PLAN


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


def in_words(inst: "Instance", found: "Values", price_of: str | None) -> list[str]:
    """The values as a page of text."""
    base = found.base
    proof = "" if base.gap is None else f", proven to {gap_in_words(base.gap)}"
    cost = "" if base.objective_musd is None else money(base.objective_musd)
    title = f"{inst.name}: {cost} without changes{proof}"
    solved = found.table[found.table["status"] != ""]
    if found.table.empty:
        lines = [title, "No limit holds this plan back"]
    elif price_of is not None:
        lines = [title, *_prices(found.table, price_of)]
    else:
        lines = [title, *_values(found.table)]
    lines += _sets(solved)
    lines += [f"  {name}: no value; {why}" for name, why in found.failed.items()]
    return lines


def _values(rows: "pd.DataFrame") -> list[str]:
    heads = ("lever", "built", "sites", "exact", "between", "per unit")
    cells = [
        (
            str(row["lever"]),
            _figure(row["estimate_built_musd"]),
            _figure(row["estimate_sites_musd"]),
            _figure(row["change_musd"]),
            _between(row["change_low_musd"], row["change_high_musd"]),
            _per_unit(row),
        )
        for row in rows.to_dict("records")
    ]
    return [
        "What the least cost changes by when a limit gives way [MUSD]; negative saves",
        *table(heads, cells, "lrrrll"),
        "  built: estimated by duals, marginal, with what is built fixed; sites: likewise, with",
        "  what is open fixed, units and halls in parts; exact: solved again; between: what the",
        "  gaps of both solves leave open",
        *_unsure(rows),
    ]


def _prices(rows: "pd.DataFrame", rule: str) -> list[str]:
    cells = [
        (
            str(row["at"] or "all of it"),
            str(row["path"]),
            _figure(-row["change_musd"]),
            _between(-row["change_high_musd"], -row["change_low_musd"]),
        )
        for row in rows.to_dict("records")
    ]
    return [
        f"The price of {rule.replace('_', ' ')}: what the plan costs more because it holds [MUSD]",
        *table(("lifted", "where it stands", "price", "between"), cells, "llrl"),
        "  parts are lifted one at a time, so their prices need not add up; between: what the gaps",
        "  of both solves leave open",
        *_unsure(rows),
    ]


def _unsure(rows: "pd.DataFrame") -> list[str]:
    """How many exact values the gaps are too wide for."""
    unsure = int(((rows["change_low_musd"] < 0) & (rows["change_high_musd"] > 0)).sum())
    if not unsure:
        return []
    return [f"  {unsure} of them cannot be told from 0 within these gaps; a smaller --gap can"]


def _sets(solved: "pd.DataFrame") -> list[str]:
    rows = solved[solved["change_musd"].abs() > 0].head(MOST_SETS)
    if rows.empty:
        return []
    listed = [
        f"  {name}\n    {sets}" for name, sets in rows[["lever", "set"]].itertuples(index=False)
    ]
    return ["What to add to `buildplan solve` for the first of them", *listed]


def _figure(musd: float) -> str:
    return "" if isnan(musd) else number(musd)


def _between(low: float, high: float) -> str:
    return "" if isnan(low) or isnan(high) else f"{number(low)} to {number(high)}"


def _per_unit(row: Mapping[Hashable, Any]) -> str:
    each = row["change_musd_per_unit"]
    return "" if isnan(each) else f"{number(each)} per {str(row['unit']).removesuffix('s')}"
