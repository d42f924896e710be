"""`buildplan study check`: which cases a study has, and is each of them a valid instance?"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from optimizer.cli import console, options, problems
from optimizer.cli.endings import Ending
from optimizer.cli.layout import pairs

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.study.case import Case, Study
    from optimizer.study.trial import Tell

MOST = 40
"""Groups with more cases are cut short."""

MOST_WARNINGS = 5
"""So many warnings about the base instance are shown; `buildplan check` shows all."""

FIRST = 10
"""Cases listed of a group that is cut short."""


@click.command("check")
@options.study_argument
@click.option("--all", "everything", is_flag=True, help="List every case of large groups, too.")
@options.output_options
def command(
    study: str, changes: tuple[str, ...], everything: bool, as_json: bool, quiet: bool
) -> Ending:
    """List the cases of a STUDY and try each on its instance, without solving any."""
    with told(quiet) as tell:
        found = options.load_study(study, changes, tell)
    if not quiet:
        problems.warn(options.warnings_of(found.base), MOST_WARNINGS)
    if as_json:
        console.out_json(_as_data(found))
        return Ending.DONE
    lines = [found.name]
    for group, members in groupby(found.cases, lambda case: case.group):
        lines += _listed(group, list(members), found.base, everything)
    console.out("\n".join([*lines, _total(found)]))
    return Ending.DONE


@contextmanager
def told(quiet: bool) -> Iterator["Tell | None"]:
    """What hears how reading a study goes: on a terminal, how many cases have been tried."""
    if quiet or not console.is_terminal():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield lambda done, total: status.update(f"trying case {done + 1:,} of {total:,}")


def _as_data(found: "Study") -> dict[str, Any]:
    cases = [
        {
            "name": case.name,
            "group": case.group,
            "changes": dict(case.changes),
            "levers": dict(case.levers),
        }
        for case in found.cases
    ]
    return {
        "status": "valid",
        "name": found.name,
        "cases": cases,
        "counts": {**_by_group(found), "all": len(cases), "distinct": _distinct(found)},
    }


def _by_group(found: "Study") -> dict[str, int]:
    groups = [case.group for case in found.cases]
    return {group: groups.count(group) for group in dict.fromkeys(groups)}


def _distinct(found: "Study") -> int:
    return len(set(found.sha256.values()))


def _listed(
    group: str, cases: Sequence["Case"], base: "Instance", everything: bool
) -> Iterator[str]:
    """The lines of one group: its cases, and what differs from the base."""
    shown = cases if everything or len(cases) <= MOST else cases[:FIRST]
    yield f"\n{group}: {_count(len(cases))}"
    yield from pairs((case.name, _in_words(case.changes, base)) for case in shown)
    if len(shown) < len(cases):
        yield f"  … and {len(cases) - len(shown):,} more; --all lists them"


def _in_words(changes: Mapping[str, Any], base: "Instance") -> str:
    return ", ".join(_change(path, value, base) for path, value in changes.items()) or "as it is"


def _change(path: str, value: Any, base: "Instance") -> str:
    """A change: the path, the number that stands there now if it is one, and the new value."""
    place: Any = base
    for word in path.split("."):
        place = place.get(word) if isinstance(place, dict) else getattr(place, word, None)
    is_number = isinstance(place, int | float) and not isinstance(place, bool)
    return f"{path} {_text(place)} → {_text(value)}" if is_number else f"{path} {_text(value)}"


def _text(value: Any) -> str:
    """A value of a change, with four digits where it has more behind the point."""
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _total(found: "Study") -> str:
    number = len(found.cases)
    text = f"\n{_count(number)} in all"
    again = number - _distinct(found)
    if again:
        verb = "is" if again == 1 else "are"
        text += f"; {again:,} {verb} the same instance as another and {verb} solved with it"
    return text


def _count(number: int) -> str:
    return f"{number:,} case{'' if number == 1 else 's'}"
