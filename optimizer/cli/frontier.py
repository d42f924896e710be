"""`buildplan solve --frontier`: plans between two extremes, their table, and their folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.cli import console, progress
from optimizer.cli.endings import Ending
from optimizer.cli.layout import table
from optimizer.errors import PlanError
from optimizer.figures import number

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.frontier import Frontier
    from optimizer.options import Options


def read_asked(text: str) -> tuple[tuple[str, str], int]:
    """Measures and number of points of 'carbon:8'. Raises ValueError for anything else."""
    from optimizer.frontier import read_over

    measures, _, count = text.partition(":")
    if count and not (count.isdecimal() and 2 <= int(count) <= 100):
        raise ValueError(f"takes 2 to 100 points, but is '{text}'; write it like carbon:8")
    return read_over(measures), int(count or 8)


def run(
    inst: "Instance",
    asked: tuple[tuple[str, str], int],
    options: "Options",
    folder: Path,
    *,
    families: Sequence[object],
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Find the frontier, write it, print its table, and say how it ended."""
    from optimizer.frontier import frontier
    from optimizer.plan.frame import records

    with progress.following(quiet) as shown:
        shown.stage("building the model")
        found = frontier(
            inst,
            *asked,
            gap=options.gap,
            time_limit=options.time_limit,
            threads=options.threads,
            seed=options.seed,
            on_progress=None if quiet else shown.tell,
            families=families,
        )
    try:
        found.save(folder)
    except (PlanError, OSError) as error:
        console.err(str(error))
        return Ending.NO_PLAN
    if as_json:
        console.out_json({"over": list(found.over), "points": records(found.table)})
    else:
        console.out("\n".join(in_words(inst, found)))
    if not quiet:
        console.err(f"Frontier written to {folder}")
    return _ending(found)


def in_words(inst: "Instance", found: "Frontier") -> list[str]:
    """The table of the points as text."""
    from optimizer.frontier import COLUMNS

    rows = [
        (
            row["point"],
            *(number(row[column]) for column in COLUMNS.values()),
            "dominated" if row["dominated"] else row["status"],
        )
        for row in found.table.to_dict("records")
    ]
    heads = ("point", *(column.replace("_", " ") for column in COLUMNS.values()), "")
    title = f"{inst.name}: {found.over[0]} against {found.over[1]}"
    return [title, *table(heads, rows, "l" + "r" * len(COLUMNS) + "l")]


def _ending(found: "Frontier") -> Ending:
    from optimizer.frontier import how_it_ended

    if any(plan.interrupted for plan in found.points):
        return Ending.INTERRUPTED
    if any(plan.violations for plan in found.points):
        return Ending.REFUSED
    return {
        "optimal": Ending.DONE,
        "feasible": Ending.STOPPED,
        "infeasible": Ending.INFEASIBLE,
        "unknown": Ending.NO_PLAN,
    }[how_it_ended(found)]
