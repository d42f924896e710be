"""`buildplan compare`: what changed between two plans, and why."""

import click

from optimizer.cli import console, options
from optimizer.cli.endings import Ending
from optimizer.errors import PlanError


@click.command("compare")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--out", metavar="DIR", help="Folder for the tables as CSV, and comparison.json.")
@options.output_options
def command(*, before: str, after: str, out: str | None, as_json: bool, quiet: bool) -> Ending:
    """Say what differs from A to B: inputs, plan, cost, limits.

    A and B are plans' folders, or cases of studies written DIR:CASE. If both are studies' folders,
    their cases of the same name are compared: do the answers agree within their gaps?
    """
    from optimizer.compare import compare, compare_studies
    from optimizer.compare.sources import is_study

    if out is not None and not out.strip():
        raise PlanError("--out names no folder")
    studies = is_study(before) and is_study(after)
    result = compare_studies(before, after) if studies else compare(before, after)
    if out is not None:
        result.save(out)
    if as_json:
        console.out_json(result.as_dict())
    else:
        console.out(result.in_words())
    if out is not None and not quiet:
        console.err(f"Comparison written to {out}")
    return Ending.DONE
