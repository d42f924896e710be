"""`buildplan verify`: check a plan's files again, against the instance."""

from typing import TYPE_CHECKING

import click

from optimizer.cli import console, options
from optimizer.cli.endings import Ending
from optimizer.cli.layout import table
from optimizer.figures import gap, money

if TYPE_CHECKING:
    from optimizer.certificate.bound import ProvenBound
    from optimizer.verify import Verification


@click.command("verify")
@options.instance_argument
@click.argument("folder", metavar="DIR")
@click.option(
    "--bound",
    "with_bound",
    is_flag=True,
    help="Prove a bound on the cost again, from the duals beside the plan and the instance.",
)
@options.family_option
@options.output_options
def command(
    instance: str,
    folder: str,
    changes: tuple[str, ...],
    with_bound: bool,
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
    from optimizer.verify import Verification, Violation

    result = verify(inst, folder, families=families)
    proven = None
    if with_bound and result.passed:
        from optimizer.certificate.bound import prove_bound

        proven = prove_bound(inst, folder, families=families)
        found = [Violation("bound", message, 1.0) for message in proven.violations]
        result = Verification((*result.violations, *found), result.largest)
    if as_json:
        console.out_json(_as_dict(result) | ({} if proven is None else _bound(proven)))
        return Ending.DONE if result.passed else Ending.REFUSED
    console.out(_passed(result, quiet) if result.passed else _refused(result, folder))
    if proven is not None:
        console.out(_bound_in_words(proven))
    return Ending.DONE if result.passed else Ending.REFUSED


def _bound(proven: "ProvenBound") -> dict[str, object]:
    told = {"musd": proven.musd, "gap": proven.gap, "duals": proven.duals}
    return {"bound": told | {"told_musd": proven.bound_musd, "told_proved_by": proven.proved_by}}


def _bound_in_words(proven: "ProvenBound") -> str:
    lines = [
        f"no plan costs less than {money(proven.musd)}: proven again from the instance and "
        f"{proven.duals:,} duals;\nthis plan costs at most {gap(proven.gap)} more than it must"
    ]
    if proven.bound_musd is not None and proven.bound_musd > proven.musd + abs(proven.musd) * 1e-9:
        lines.append(
            f"the plan's own bound of {money(proven.bound_musd)} is the solver's word "
            f"({proven.proved_by}): no duals prove it again"
        )
    return "\n".join(lines)


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
