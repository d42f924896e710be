"""`buildplan verify`: check a plan's files again, against the instance."""

from typing import TYPE_CHECKING

import click

from optimizer.cli import console, options
from optimizer.cli.endings import Ending
from optimizer.cli.layout import table

if TYPE_CHECKING:
    from optimizer.verify import Verification


@click.command("verify")
@options.instance_argument
@click.argument("folder", metavar="DIR")
@options.family_option
@options.output_options
def command(
    instance: str,
    folder: str,
    changes: tuple[str, ...],
    family_files: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Check the plan in DIR against the instance, independently of model and solver.

    Give the same --set and --family as when the plan was made.
    """
    families = options.families(family_files)
    inst = options.load(instance, changes)
    from optimizer.checking import verify

    result = verify(inst, folder, families=families)
    if as_json:
        console.out_json(_as_dict(result))
    else:
        console.out(_passed(result, quiet) if result.passed else _refused(result, folder))
    return Ending.DONE if result.passed else Ending.REFUSED


def _as_dict(result: "Verification") -> dict[str, object]:
    found = [
        {"family": one.family, "message": one.message, "amount": _finite(one.amount)}
        for one in result.violations
    ]
    largest = {family: _finite(amount) for family, amount in result.largest.items()}
    return {"verified": result.passed, "violations": found, "largest": largest}


def _finite(amount: float) -> float | None:
    return amount if abs(amount) < float("inf") else None


def _passed(result: "Verification", quiet: bool) -> str:
    head = f"all {len(result.largest)} checks passed"
    if quiet:
        return head
    rows = [(family, f"{amount:.2g}") for family, amount in result.largest.items()]
    return "\n".join([head, *table(("check", "largest deviation"), rows, "lr")])


def _refused(result: "Verification", folder: str) -> str:
    number = len(result.violations)
    head = f"{folder}: refused, {number} violation{'' if number == 1 else 's'}"
    width = max(len(one.family) for one in result.violations)
    lines = [f"  {one.family:<{width}}  {one.message}" for one in result.violations]
    return "\n".join([head, *lines])
