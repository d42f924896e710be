"""`buildplan alternatives`: plans near the least cost that stand elsewhere."""

from typing import TYPE_CHECKING, Any

import click

from models.problems import InstanceError
from optimizer.cli import console, options, problems, progress, target
from optimizer.cli.endings import Ending, ending_of
from optimizer.cli.interrupts import interruptible
from optimizer.errors import PlanError

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.alternatives import Alternatives

LEANS = ("cost", "carbon", "energy", "water", "shortfall", "difference")


class Share(click.ParamType):  # type: ignore[type-arg]
    """A share of the cost: '1%' or 0.01."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the share, or fail and say what it must be."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            number = -1.0
        if not 0 <= number <= 10:
            words = f"must be a share from 0 to 1000%, such as 1% or 0.01, but is '{value}'."
            self.fail(words, param, ctx)
        return number


@click.command("alternatives")
@options.instance_argument
@options.solve_options
@options.family_option
@click.option(
    "--within",
    type=Share(),
    default="1%",
    show_default=True,
    help="How much more than the plan of least cost a plan may cost.",
)
@click.option(
    "--differ",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="In how many sites each plan differs from every one before.",
)
@click.option(
    "--count",
    type=click.IntRange(1, 1000),
    default=5,
    show_default=True,
    help="How many plans beside that of least cost.",
)
@click.option(
    "--lean",
    type=click.Choice(LEANS),
    help="What the plans are best at within that cost; else the first that is found will do.",
)
@click.option(
    "--prove-sites",
    is_flag=True,
    help="For each site that all of these plans choose, or none, prove it for every plan within "
    "the cost, or find a plan that does otherwise.",
)
@click.option("--out", metavar="DIR", help="Folder for the plans; else a new one below 'plans'.")
@options.output_options
def command(
    *,
    instance: str,
    changes: tuple[str, ...],
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int | None,
    family_files: tuple[str, ...],
    within: float,
    differ: int,
    count: int,
    lean: str | None,
    prove_sites: bool,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Find plans that cost little more than the least and differ in the sites they choose.

    A site is chosen if units are ordered for it. --time-limit is for each plan, and for each site
    that is asked about.
    """
    from optimizer.alternatives import check_target

    try:
        folder = None if out is None else target.asked(out, instance, check_target)
    except PlanError as error:
        return problems.refuse_in_words(str(error), as_json, "--out")
    families = options.families(family_files)
    with interruptible(quiet) as interrupts:
        inst = options.load(instance, changes)
        with progress.following(quiet) as shown:
            shown.stage("building the model")
            from optimizer.alternatives import alternatives

            try:
                found = alternatives(
                    inst,
                    within=within,
                    differ=differ,
                    count=count,
                    lean=lean,
                    prove_sites=prove_sites,
                    gap=gap,
                    time_limit=time_limit,
                    threads=threads,
                    seed=seed,
                    on_progress=None if quiet else shown.tell,
                    families=families,
                )
            except InstanceError:
                raise
            except ValueError as error:
                return problems.refuse_in_words(str(error), as_json)
        if found.most_musd is None:
            return _no_plan(inst, found, as_json)
        with interrupts.held_back():
            place = folder or target.default(f"{inst.name}-alternatives")
            try:
                found.save(place)
            except (PlanError, OSError) as error:
                console.err(str(error))
                return Ending.NO_PLAN
            if as_json:
                console.out_json(as_dict(found))
            else:
                from optimizer.cli.show.alternatives import alternatives_in_words

                words = alternatives_in_words(inst, found, within, differ, asked=prove_sites)
                console.out(words)
            if not quiet:
                console.err(f"Alternatives written to {place}")
    return _ending(found, prove_sites)


def _no_plan(inst: "Instance", found: "Alternatives", as_json: bool) -> Ending:
    from optimizer.cli.show.nothing import no_plan_in_words

    (plan,) = found.plans
    if as_json:
        console.out_json(plan.summary())
    if plan.violations:
        console.err("the plan that was found failed verification; please report this")
        return Ending.REFUSED
    console.err(no_plan_in_words(plan, options.warnings_of(inst)))
    if found.ended == "interrupted":
        return Ending.INTERRUPTED
    return ending_of(plan)


def _ending(found: "Alternatives", prove_sites: bool) -> Ending:
    if any(not plan.verified for plan in found.plans):
        return Ending.REFUSED
    if found.ended == "interrupted":
        return Ending.INTERRUPTED
    unknown = prove_sites and not found.sites["proven"].all()
    stopped = found.ended == "stopped" or unknown or found.plans[0].status == "feasible"
    return Ending.STOPPED if stopped else Ending.DONE


def as_dict(found: "Alternatives") -> dict[str, Any]:
    """The alternatives as plain data."""
    from optimizer.plan.frame import records

    return {
        "name": found.plans[0].name,
        "ended": found.ended,
        "most_musd": found.most_musd,
        "bound_musd": found.bound_musd,
        "plans": records(found.table),
        "sites": records(found.sites),
        "diversity": records(found.diversity),
    }
