"""Scenarios: they make up the whole of what can happen, and each of them is an instance."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from models.problems import InstanceError, Problem
from models.scenarios import OWN, together, without

if TYPE_CHECKING:
    from models.instance import Instance

FIXED = ("name", "description", "money", "horizon", "slices", "currencies", "solve", *OWN)
"""The fields of an instance that are the same in all scenarios."""

ROUNDING = 1e-9
"""Probabilities may miss 1 by so much."""


def probabilities(inst: "Instance") -> Iterator[Problem]:
    """Probabilities that do not add up to 1."""
    total = sum(one.probability for one in inst.scenarios.values())
    if inst.scenarios and abs(total - 1) > ROUNDING:
        message = f"the probabilities of scenarios must add up to 1, but add up to {total:.10g}."
        yield Problem(("scenarios",), message)


def dates(inst: "Instance") -> Iterator[Problem]:
    """Scenarios with changes, but without a date from which on it is known that they come true."""
    for w, one in inst.scenarios.items():
        if one.changes and one.revealed is None:
            message = (
                "is missing: a scenario that changes something needs the date from which on it is "
                "known whether it comes true."
            )
            yield Problem(("scenarios", w, "revealed"), message)


def fixed_fields(inst: "Instance") -> Iterator[Problem]:
    """Changes of what must be the same in all scenarios."""
    for w, one in inst.scenarios.items():
        for path in one.changes:
            field = path.partition(".")[0]
            if field in FIXED:
                message = f"{field} must be the same in all scenarios; change it in the instance."
                yield Problem(("scenarios", w, "changes", path), message)


def risk_without_scenarios(inst: "Instance") -> Iterator[Problem]:
    """Warn of a risk measure that has nothing to measure."""
    if not inst.scenarios and inst.risk.measure != "expected":
        message = "changes nothing: the instance has no scenarios."
        yield Problem(("risk", "measure"), message, "warning")


def broken_instances(inst: "Instance") -> Iterator[Problem]:
    """What is wrong with the instances that the changes of scenarios make, all of it."""
    try:
        known = inst.scenario_instances
    except InstanceError:
        plain = without(inst)
        for w, one in inst.scenarios.items():
            try:
                plain.with_changes(one.changes)
            except InstanceError as error:
                for problem in error.problems:
                    yield _under(w, problem, one.changes)
    else:
        yield from _known_too_early(inst, known)


def goals_beside_cost(inst: "Instance") -> Iterator[Problem]:
    """Objectives that have no risk measure: those other than cost."""
    if inst.scenarios and inst.objective != "cost":
        message = (
            f"is '{inst.objective}', but risk is measured in cost; plan for cost, or for one "
            "future (scenarios.remove)."
        )
        yield Problem(("objective",), message)


def _known_too_early(inst: "Instance", known: Mapping[str, "Instance"]) -> Iterator[Problem]:
    """Warn of demand that tells scenarios apart before they are revealed."""
    told = set()
    for t, (first, *others) in together(inst).items():
        for w in others:
            ours, theirs = (_demand_in(known[one], t) for one in (w, first))
            if ours != theirs and w not in told:
                told.add(w)
                message = (
                    f"demand in {t} is other than in scenario {first}, but nobody is to know by "
                    "then which one comes; let changes begin with the date of revealed."
                )
                yield Problem(("scenarios", w, "revealed"), message, "warning")


def _demand_in(inst: "Instance", t: str) -> dict[tuple[str, str], float]:
    """Demand in a period, by stream and state [Mtok/s]."""
    states = {o for o, state in inst.states.items() if state.period == t}
    return {key: mtok_s for key, mtok_s in inst.demand_mtok_s.items() if key[1] in states}


def _under(w: str, problem: Problem, changes: Mapping[str, object]) -> Problem:
    """A problem of a scenario's instance, at the change in the scenario that it comes from."""
    above = ("scenarios", w, "changes")
    inner = ".".join(str(part) for part in problem.path)
    if inner in changes:
        return replace(problem, path=(*above, inner), file="", line=0, column=0)
    return Problem(above, f"{inner}: {problem.message}", problem.severity)
