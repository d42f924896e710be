"""Explain why an instance has no plan: a smallest conflict, and repairs that were tried."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from models.instance import Instance
from optimizer import highs
from optimizer.errors import SolveError
from optimizer.explain.conflict import Conflict, find_conflict
from optimizer.explain.elastic import has_many_routes
from optimizer.explain.explanation import NOT_KNOWN, Explanation, Remedy
from optimizer.explain.facts import facts
from optimizer.explain.kinds import KINDS
from optimizer.explain.narrowed import may_narrow, narrowed, short_streams
from optimizer.explain.probes import OutOfTime, Probes
from optimizer.explain.repairs import Repair, find_repairs
from optimizer.explain.softened import soften
from optimizer.explain.words import blamed, remedy
from optimizer.matrix import Floats
from optimizer.options import Options, resolve
from optimizer.own import OwnFamily, compile_with, own_families

REPAIRS = 3
"""So many different repairs are offered, if there are."""


SHORT_S, LARGE_S = 30.0, 180.0
"""Longest time to look for the reason after a search found no plan; of a large instance [s]."""


def explain(
    inst: Instance,
    *,
    repairs: int = REPAIRS,
    prices: Mapping[str, float] | None = None,
    time_limit: float | None = None,
    threads: int | None = None,
    seed: int | None = None,
    families: Sequence[object] = (),
    on_stage: Callable[[str], None] | None = None,
) -> Explanation:
    """Return why an instance has no plan: limits that cannot hold together, and what would help.

    Each repair was tried: with its changes the instance has a plan.

    Args:
        inst: the instance.
        repairs: how many different repairs at most; 0 for none.
        prices: what one unit of giving way is worth, by kind of limit, in place of what the
            instance says in `soft_limits` and of the usual prices (docs/explain.md) [MUSD].
        time_limit: longest time; what is known by then is told [s].
        threads: cores to use.
        seed: seed of random choices.
        families: own constraint families beside ours; their rules are taken as they are.
        on_stage: is told of what is being done.

    Raises ValueError for options out of range or kinds of limits that there are not, FamilyError if
    one of `families` is none or fails, SolveError if the solver fails. An instance that has a plan
    is no error: `explanation.status` says so.
    """
    if unknown := sorted(set(prices or ()) - set(KINDS)):
        known = ", ".join(KINDS)
        raise ValueError(f"no kind of limit is called '{unknown[0]}'; there are: {known}")
    options = resolve(inst, None, time_limit, threads, seed)
    with highs.Crew() as crew:
        return explain_with(
            crew,
            own_families(families),
            inst,
            options,
            repairs=repairs,
            prices=prices,
            on_stage=on_stage,
        )


def why_none(
    crew: highs.Crew, own: tuple[OwnFamily, ...], inst: Instance, options: Options
) -> tuple[str, ...]:
    """In short why an instance, which is known to have no plan, has none."""
    longest = LARGE_S if has_many_routes(inst) else SHORT_S
    limit = min(longest, options.time_limit or longest)
    try:
        told = explain_with(crew, own, inst, replace(options, time_limit=limit), repairs=1)
    except SolveError as error:
        return (f"the limits to blame are not known: {error}",)
    return told.reasons or (NOT_KNOWN,)


def explain_with(
    crew: highs.Crew,
    own: tuple[OwnFamily, ...],
    inst: Instance,
    options: Options,
    *,
    repairs: int = REPAIRS,
    prices: Mapping[str, float] | None = None,
    on_stage: Callable[[str], None] | None = None,
) -> Explanation:
    """As `explain`, with solvers that are kept for others."""
    began = time.monotonic()
    say = on_stage or (lambda _: None)
    say("building a model in which limits can give way")
    until = None if options.time_limit is None else began + options.time_limit
    whole = Probes(crew, soften(inst, own), options, until)
    say("which limits cannot hold together")
    try:
        conflict, part = _conflict(whole, own, inst, say)
    except OutOfTime:
        seconds = time.monotonic() - began
        return Explanation(inst.name, "unknown", complete=False, seconds=seconds)
    if conflict is None:
        return Explanation(inst.name, "feasible", seconds=time.monotonic() - began)
    found: list[Remedy] = []
    complete = conflict.minimal
    if repairs:
        say("what would help")
    try:
        for one in _repairs(whole, part, conflict, own, inst, prices or {}, repairs):
            found.append(remedy(inst, one))
            say(f"what would help: {len(found)} found")
    except OutOfTime:
        complete = False
    return Explanation(
        name=inst.name,
        status="infeasible",
        facts=facts(inst, conflict),
        conflict=blamed(inst, conflict),
        minimal=conflict.minimal,
        indivisible=conflict.whole,
        repairs=tuple(sorted(found, key=lambda one: one.price_musd)),
        complete=complete,
        law_is_given=not part.soft.wide,
        seconds=time.monotonic() - began,
    )


def _conflict(
    whole: Probes, own: tuple[OwnFamily, ...], inst: Instance, say: Callable[[str], None]
) -> tuple[Conflict | None, Probes]:
    """A smallest conflict, and the probes of the model in which it was found.

    Where the instance is too large for law to give way everywhere, it is looked for among streams
    that the relaxation of the whole cannot serve, and without demand if there are none.
    """
    if not whole.soft.wide and may_narrow(inst, own, whole.soft):
        streams = short_streams(whole)
        if streams:
            which = streams[0] if len(streams) == 1 else f"{len(streams)} streams"
            say(f"which limits cannot hold together with the demand of {which}")
        near = narrowed(inst, streams)
        part = replace(whole, soft=soften(near), known=[])
        conflict = find_conflict(part, partial(compile_with, (), near))
        if conflict is not None:
            return conflict, part
    return find_conflict(whole, partial(compile_with, own, inst)), whole


def _repairs(
    whole: Probes,
    part: Probes,
    conflict: Conflict,
    own: tuple[OwnFamily, ...],
    inst: Instance,
    prices: Mapping[str, float],
    count: int,
) -> Iterator[Repair]:
    """Repairs of the part in conflict, if all is well beside it; else of the whole."""

    def of(probes: Probes) -> Iterator[Repair]:
        def works(changed: Instance, known: Floats, longest: float) -> bool:
            return probes.admits(compile_with(own, changed), known, longest)

        return find_repairs(probes, inst, works, prices, count)

    offered = False
    if part is not whole and count and _alone(whole, part, conflict):
        for one in of(part):
            offered = True
            yield one
    if not offered:
        yield from of(whole)


def _alone(whole: Probes, part: Probes, conflict: Conflict) -> bool:
    """True if, by the relaxation, the whole has a plan where a part's conflict and streams are no
    matter."""
    asked = {limit.at for limit in part.soft.limits if limit.kind == "demand"}
    lifted = frozenset(conflict.limits)
    return whole.can_hold(
        limit
        for limit in whole.soft.limits
        if limit not in lifted
        and (limit.kind != "demand" or asked.isdisjoint(limit.members or (limit.at,)))
    )
