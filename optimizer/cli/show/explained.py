"""An explanation on the screen: the conflict, and what would help."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from optimizer.cli.layout import WIDTH, wrap
from optimizer.cli.show.pasted import pasted
from optimizer.figures import money

if TYPE_CHECKING:
    from optimizer.explain import Explanation


def explained_in_words(told: "Explanation", repairs: int) -> list[str]:
    """The lines of an explanation in which so many repairs were asked for."""
    if told.status == "feasible":
        return [f"{told.name}: there is a plan; all limits of the instance can hold together."]
    if told.status == "unknown":
        return [f"{told.name}: whether there is a plan was not known in time."]
    lines = [f"{told.name}: infeasible. No plan satisfies all limits of the instance."]
    if told.facts:
        lines += ["", "What is asked for:", *_bullets(told.facts)]
    lines += ["", *_conflict(told)]
    return [*lines, "", *_repairs(told)] if repairs else lines


def _bullets(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield from _indented(text, 2)


def _indented(text: str, by: int) -> list[str]:
    return [f"{' ' * by}{line}" for line in wrap(text, WIDTH - by)]


def _conflict(told: "Explanation") -> Iterator[str]:
    reason = told.reasons[0]
    yield f"{reason[0].upper()}{reason[1:]}{':' if told.conflict else '.'}"
    for one in told.conflict:
        yield from _indented(one.words, 2)
        yield f"    {one.path}{f'  ({one.place})' if one.place else ''}"
    if told.indivisible:
        yield "They could if units and halls came in parts: whole numbers stand in the way."
    if told.law_is_given:
        yield "Law and dates of sale are taken as they are: they are not among what could give way."


def _repairs(told: "Explanation") -> Iterator[str]:
    if not told.repairs:
        yield "No repair was found." if told.complete else "No repair was found in time."
        return
    yield "With each of these there is a plan; it was tried:"
    for n, one in enumerate(told.repairs, start=1):
        yield f"  {n}. worth {money(one.price_musd)}"
        for words in one.words:
            yield from _indented(words, 5)
        yield from (f"     {line}" for line in pasted(one.options))
