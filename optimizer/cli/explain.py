"""`buildplan explain`: why is there no plan, and what would help?"""

import click

from models.problems import InstanceError, Problem
from optimizer.cli import console, options, progress
from optimizer.cli.endings import Ending
from optimizer.cli.interrupts import interruptible


@click.command("explain")
@options.instance_argument
@click.option(
    "--repairs",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="So many different repairs at most.",
)
@click.option(
    "--relax-price",
    "prices",
    metavar="KIND=MUSD",
    multiple=True,
    help="What one unit of giving way is worth, for example site_power=2. May be given again.",
)
@click.option(
    "--time-limit",
    type=options.Amount("a number of seconds above 0", lambda x: x > 0),
    help="Longest time, in seconds; what is known by then is told.",
)
@click.option("--threads", type=click.IntRange(1, 256), help="Cores to use.")
@options.family_option
@options.output_options
def command(
    *,
    instance: str,
    changes: tuple[str, ...],
    repairs: int,
    prices: tuple[str, ...],
    time_limit: float | None,
    threads: int | None,
    family_files: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Tell why an instance has no plan, and which changes would give it one.

    Ends with 0 also where there is a plan after all, which is then said; with 4 where the time was
    too short to tell.
    """
    families = options.families(family_files)
    with interruptible(quiet):
        inst = options.load(instance, changes)
        priced = _prices(prices)
        from optimizer.explain import explain

        with progress.following(quiet) as shown:
            told = explain(
                inst,
                repairs=repairs,
                prices=priced,
                time_limit=time_limit,
                threads=threads,
                families=families,
                on_stage=shown.stage,
            )
    if as_json:
        console.out_json(told.as_dict())
    else:
        from optimizer.cli.show.explained import explained_in_words

        console.out("\n".join(explained_in_words(told, repairs)))
    if told.status != "unknown" and not told.complete and not quiet:
        console.err("the time was up before all was known; --time-limit gives more")
    return Ending.NO_PLAN if told.status == "unknown" else Ending.DONE


def _prices(texts: tuple[str, ...]) -> dict[str, float]:
    """The prices of `--relax-price`. Raises InstanceError with everything that is wrong."""
    from models.problems import unknown_name
    from optimizer.explain.kinds import KINDS

    out: dict[str, float] = {}
    found = []
    for text in texts:
        kind, equals, musd = text.partition("=")
        message = None
        try:
            out[kind] = float(musd)
        except ValueError:
            message = "must be written KIND=MUSD, with a number."
        if message is None and not 0 <= out[kind] < float("inf"):
            message = f"must be a number of at least 0, but is {musd}."
        if equals and kind not in KINDS:
            message = unknown_name("kind of limit", kind, KINDS)
        if message is not None:
            found.append(Problem((kind,), message, file="--relax-price"))
    if found:
        raise InstanceError(found)
    return out
