"""What sites are to all plans within the cost, not only to those found: asked site by site.

Where all plans found agree on a site, a relaxation says what a plan that decides otherwise there
costs at least; if it may cost little enough, one is looked for. The questions of a pack are asked
side by side, with a core each; what they found is looked at once all are answered, in the order of
the sites. So the outcome does not depend on the number of cores.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from optimizer.alternatives.decided import Decided, open_questions
from optimizer.alternatives.differ import chosen_columns
from optimizer.alternatives.search import Look, Search
from optimizer.highs import Crew
from optimizer.plan.plan import Plan
from optimizer.search import Guide, News, Result, relax
from optimizer.uncertain.side_by_side import side_by_side

PACK = 8
"""Questions that know nothing of each other's answers; the same for any number of cores."""

QUESTION_S = 60.0
"""Longest time for one question where no limit is given [s]."""


@dataclass(frozen=True)
class Answers:
    """What was answered.

    Attributes:
        plans: plans that answer a question; each answers one that no plan before it does.
        proven: sites on which all plans within the cost agree.
        interrupted: True if the user ended it.
    """

    plans: Mapping[Decided, Plan] = field(default_factory=dict)
    proven: frozenset[str] = frozenset()
    interrupted: bool = False


def ask(search: Search, plans: Sequence[Plan]) -> Answers:
    """Ask about each site on which these plans agree whether a plan within the cost does otherwise.

    Nothing can be ordered for some sites: of these it is known.
    """
    choosable = chosen_columns(search.compiled)
    waiting = open_questions(list(choosable), [plan.tables for plan in plans])
    proven = set(search.inst.sites) - set(choosable)
    if not waiting:
        return Answers(proven=frozenset(proven))
    found: dict[Decided, Plan] = {}
    try:
        interrupted = _ask_all(search, waiting, found, proven)
    except KeyboardInterrupt:
        interrupted = True
    return Answers(found, frozenset(proven), interrupted)


def _ask_all(
    search: Search, waiting: list[Decided], found: dict[Decided, Plan], proven: set[str]
) -> bool:
    """Ask pack by pack, and add what is answered; True if the user ended it."""
    began = time.monotonic()
    relaxed = relax(search.crew, search.compiled, search.options, tell=search.tell)
    interrupted = relaxed.interrupted
    while waiting and not interrupted:
        pack, waiting = waiting[:PACK], waiting[PACK:]
        if search.tell is not None:
            stage = f"is there a plan {', '.join(map(str, pack))}?"
            search.tell(News(time.monotonic() - began, None, search.bound, stage))
        looks, interrupted = _asked(search, pack, relaxed.guide)
        for question, look in looks:
            if look.found.result.status == "infeasible":
                proven.add(question.site)
            elif look.found.result.x is not None and not _is_answered(question, found):
                found[question] = search.plan(look)
        waiting = [question for question in waiting if not _is_answered(question, found)]
    return interrupted


def _is_answered(question: Decided, found: Mapping[Decided, Plan]) -> bool:
    return any(question.is_kept(plan.tables) for plan in found.values())


def _asked(
    search: Search, pack: Sequence[Decided], guide: Guide | None
) -> tuple[Iterator[tuple[Decided, Look]], bool]:
    """What was found for the questions of a pack, in their order; and whether the user ended it."""
    looks: dict[Decided, Look] = {}
    limit = search.options.time_limit or QUESTION_S
    options = replace(search.options, threads=1, time_limit=limit)

    def task(question: Decided, crew: Crew) -> Result:
        looks[question] = search.look(question, crew, options, guide=guide)
        return looks[question].found.result

    tasks = [partial(task, question) for question in pack]
    workers = min(search.options.threads, len(tasks))
    results = side_by_side(search.crew, tasks, workers, lambda result: result.interrupted)
    ended = any(result.interrupted for result in results)
    return ((question, looks[question]) for question in pack if question in looks), ended
