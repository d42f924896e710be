"""`buildplan study summary`: what a study says.

`outcomes` prints cases and conflicts · `levers` what ranks levers · `decisions` frontiers, sites
and orders.
"""

import click

from optimizer.cli import console
from optimizer.cli.endings import Ending


@click.command("summary")
@click.argument("folder", metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option(
    "--frontier",
    "frontiers",
    metavar="KPI:KPI",
    multiple=True,
    help="Two figures to weigh against each other, for example objective_musd:shortfall_ttok or "
    "capex_musd:it_mw_end/higher. May be given again.",
)
def command(folder: str, as_json: bool, frontiers: tuple[str, ...]) -> Ending:
    """Sum up the study in DIR.

    What became of the cases, which levers matter, which cases no other one beats, and what is built
    and ordered whatever happens.
    """
    from optimizer.cli.study.summary import decisions, levers, outcomes
    from optimizer.study.summary import FRONTIERS, summarize

    found = summarize(folder, frontiers or FRONTIERS)
    if as_json:
        console.out_json(found.as_dict())
        return Ending.DONE
    sections = (
        outcomes.headline(found),
        outcomes.without_plan(found),
        levers.tornado(found),
        levers.sweep(found),
        levers.sample(found),
        levers.morris(found),
        levers.spread(found),
        *decisions.frontiers(found),
        decisions.sites(found),
        decisions.orders(found),
    )
    console.out("\n\n".join("\n".join(lines) for lines in sections if lines))
    return Ending.DONE
