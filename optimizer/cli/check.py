"""`buildplan check`: is the instance complete and consistent, and what is it?"""

from typing import TYPE_CHECKING, Any

import click

from optimizer.cli import console, problems, progress
from optimizer.cli.endings import Ending
from optimizer.cli.layout import pairs, table
from optimizer.cli.options import instance_argument, load, output_options, warnings_of
from optimizer.figures import money, number

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.screening import Range, Screening


@click.command("check")
@instance_argument
@click.option(
    "--deep",
    is_flag=True,
    help="Also screen it: what no plan can reach, and what else is worth knowing.",
)
@output_options
def command(
    instance: str, changes: tuple[str, ...], deep: bool, as_json: bool, quiet: bool
) -> Ending:
    """Check an instance and say what it holds, without solving it.

    With --deep the exit code is 1 if it is proved that no plan exists.
    """
    inst = load(instance, changes)
    found = warnings_of(inst)
    facts = _facts(inst)
    screening = _screened(inst, quiet) if deep else None
    ending = Ending.INFEASIBLE if screening and screening.proves_no_plan else Ending.DONE
    if as_json:
        told = {} if screening is None else {"screening": screening.as_dict()}
        warned = problems.as_dicts(found)
        console.out_json(
            {"status": "valid", "name": inst.name, **facts, "problems": warned, **told}
        )
        return ending
    console.out("\n".join([inst.name, *pairs(_in_words(facts))]))
    if not quiet:
        problems.warn(found)
    if not found:
        console.out("no problems")
    if screening is not None:
        console.out(_findings(screening))
        console.out("\n".join(_ranges(screening)))
    return ending


def _screened(inst: "Instance", quiet: bool) -> "Screening":
    """What bounds tell; meanwhile a terminal is told what is going on."""
    from optimizer.screening import screen

    with progress.following(quiet) as shown:
        shown.stage("screening")
        return screen(inst)


def _findings(screening: "Screening") -> str:
    """What the screening found: first what proves that there is no plan."""
    pairs = list(zip(screening.findings, screening.places, strict=True))
    proofs = [place for one, place in pairs if one.proves_no_plan]
    others = [place for one, place in pairs if not one.proves_no_plan]
    parts = []
    if proofs:
        parts += ["No plan exists; this is proved", problems.in_words(proofs, "reason")]
    if others:
        parts += ["Worth knowing", problems.in_words(others, "finding")]
    if screening.unanswered:
        parts.append(f"{screening.unanswered} of the relaxations had no answer in time")
    return "\n".join(parts or ["screening found nothing that stands in the way of a plan"])


def _ranges(screening: "Screening") -> list[str]:
    """The sizes of the coefficients, family by family."""
    rows = [
        (one.family, f"{one.rows:,}", *map(number, (one.least, one.most)), _handed(one))
        for one in screening.ranges
    ]
    heads = ("rules", "rows", "smallest figure", "largest", "as the solver gets them")
    return ["Size of the model", *table(heads, rows, "lrrrl")]


def _handed(one: "Range") -> str:
    if (one.least, one.most) == (one.handed_least, one.handed_most):
        return "the same"
    return f"{number(one.handed_least)} to {number(one.handed_most)}"


def _facts(inst: "Instance") -> dict[str, Any]:
    """What an instance holds, as plain data."""
    from models.finance import granted

    names = list(inst.periods)
    first, last = names[0], names[-1]
    demand: dict[str, float] = dict.fromkeys(inst.periods, 0.0)
    for (_, o), mtok_s in inst.demand_mtok_s.items():
        state = inst.states[o]
        demand[state.period] += mtok_s * state.share * state.probability
    continents = {inst.jurisdictions[site.jurisdiction].continent for site in inst.sites.values()}
    return {
        "sites": len(inst.sites),
        "continents": len(continents),
        "operators": len(inst.operators),
        "regions": len(inst.regions),
        "streams": len(inst.streams),
        "workloads": list(inst.workloads),
        "data_classes": list(inst.data_classes),
        "unit_types": len(inst.unit_types),
        "periods": len(inst.periods),
        "slices": list(inst.slices),
        "first_period": first,
        "last_period": last,
        "demand_start_mtok_s": demand[first],
        "demand_end_mtok_s": demand[last],
        "grid_start_mw": sum(inst.grid_mw(s, first) for s in inst.sites),
        "grid_end_mw": sum(inst.grid_mw(s, last) for s in inst.sites),
        "contingencies": len(inst.losses),
        "contingency_states": len(inst.contingency_states),
        "contingency_states_modelled": len({inst.twins[e] for _, e in inst.asked_mtok_s}),
        "grants_musd": {p: sum(granted(inst, p).values()) for p in inst.budget.pools},
    }


def _in_words(facts: dict[str, Any]) -> list[tuple[str, str]]:
    pools = facts["grants_musd"]
    grants = f"{money(sum(pools.values()))} in {_count(len(pools), 'pool')}"
    classes = _count(len(facts["data_classes"]), "data class", "data classes")
    return [
        (
            "sites",
            f"{facts['sites']} on {_count(facts['continents'], 'continent')}, "
            f"{_count(facts['operators'], 'operator')}",
        ),
        (
            "demand",
            f"{_count(facts['regions'], 'region')}, {_count(facts['streams'], 'stream')}: "
            f"{', '.join(facts['workloads'])}; {classes}",
        ),
        (
            "",
            f"{number(facts['demand_start_mtok_s'])} Mtok/s at the start, "
            f"{number(facts['demand_end_mtok_s'])} Mtok/s at the end",
        ),
        ("unit types", str(facts["unit_types"])),
        (
            "periods",
            f"{facts['periods']}, {facts['first_period']} to {facts['last_period']}"
            + (f"; slices of the day: {', '.join(facts['slices'])}" if facts["slices"] else ""),
        ),
        (
            "grid",
            f"{number(facts['grid_start_mw'])} MW at the start, "
            f"{number(facts['grid_end_mw'])} MW at the end",
        ),
        ("grants", grants if pools else "none; money is not limited"),
        *_contingencies(facts),
    ]


def _contingencies(facts: dict[str, Any]) -> list[tuple[str, str]]:
    if not facts["contingencies"]:
        return []
    return [
        (
            "contingencies",
            f"{facts['contingencies']:,} in {_count(facts['contingency_states'], 'state')}, of "
            f"which {facts['contingency_states_modelled']:,} are different in the model",
        )
    ]


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
