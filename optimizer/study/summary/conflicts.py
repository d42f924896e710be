"""What infeasible cases have in common, and no case with a plan has."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from optimizer.study.case import Case
from optimizer.study.results.outcomes import WITH_PLAN
from optimizer.study.summary.data import Data, Levels, label, levels
from optimizer.study.summary.frame import make_frame

COLUMNS = ("group", "infeasible", "with_plan", "condition", "words")


@dataclass(frozen=True)
class _Condition:
    """What the setting of one lever must be: at most, at least, or one of some labels."""

    lever: str
    words: str
    low: float | None = None
    high: float | None = None
    labels: frozenset[str] = frozenset()

    def holds(self, case: Levels) -> bool:
        level = case.get(self.lever)
        if level is None:
            return False
        if isinstance(level, str):
            return level in self.labels
        if self.labels:
            return False
        return (self.low is None or level >= self.low) and (self.high is None or level <= self.high)


def conflicts(data: Data) -> pd.DataFrame:
    """Conditions that all infeasible cases meet and no case with a plan does.

    First over the whole study; if there is none, for each part of it, and in a tornado for each
    lever.
    """
    asked = [one for one in data.study.cases if one.group != "tornado"]
    rule = _rule(data, asked, "all") if len(asked) == len(data.study.cases) else None
    if rule:
        return make_frame([rule], COLUMNS)
    rules = [_rule(data, part, group) for group, parts in _parts(data).items() for part in parts]
    return make_frame([one for one in rules if one], COLUMNS)


def _parts(data: Data) -> dict[str, list[list[Case]]]:
    groups = dict.fromkeys(one.group for one in data.study.cases)
    out: dict[str, list[list[Case]]] = {}
    for group in groups:
        cases = data.of_group(group)
        if group == "tornado":
            names = dict.fromkeys(name for one in cases for name in one.levers)
            out[group] = [[one for one in cases if name in one.levers] for name in names]
        else:
            out[group] = [cases]
    return out


def _rule(data: Data, cases: Sequence[Case], group: str) -> dict[str, object] | None:
    status = data.cases["status"]
    without = [levels(one) for one in cases if status[one.name] == "infeasible"]
    planned = [levels(one) for one in cases if status[one.name] in WITH_PLAN]
    if not without or not planned:
        return None
    found = _fewest(_conditions(without, planned), planned)
    if not found:
        return None
    told = " and ".join(one.words for one in found)
    count = len(without)
    where = "" if group == "all" else f" of the {group}"
    who = f"all {count} infeasible cases" if count > 1 else "the infeasible case"
    verb = "have" if count > 1 else "has"
    others = f"none of the {len(planned)} cases" if len(planned) > 1 else "not the one case"
    return {
        "group": group,
        "infeasible": count,
        "with_plan": len(planned),
        "condition": told,
        "words": f"{who}{where} {verb} {told}, but {others} with a plan",
    }


def _conditions(without: Sequence[Levels], planned: Sequence[Levels]) -> list[_Condition]:
    """What is common to all infeasible cases, and not to all others, lever by lever."""
    shared = [name for name in without[0] if all(name in one for one in without)]
    out = []
    for name in shared:
        settings = [one[name] for one in without]
        numbers = [one for one in settings if not isinstance(one, str)]
        labels = list(dict.fromkeys(one for one in settings if isinstance(one, str)))
        if labels and not numbers:
            words = f"{name} = {labels[0]}" if len(labels) == 1 else f"{name} in {labels}"
            out.append(_Condition(name, words.replace("'", ""), labels=frozenset(labels)))
        elif numbers and not labels:
            low, high = min(numbers), max(numbers)
            out.append(_Condition(name, f"{name} ≤ {label(high)}", high=high))
            out.append(_Condition(name, f"{name} ≥ {label(low)}", low=low))
    return [one for one in out if not all(one.holds(case) for case in planned)]


def _fewest(conditions: list[_Condition], planned: Sequence[Levels]) -> list[_Condition]:
    """As few of the conditions as exclude every case with a plan; none if all together do not."""

    def excluded(one: _Condition) -> int:
        return sum(not one.holds(case) for case in planned)

    kept = sorted(conditions, key=excluded, reverse=True)
    if any(all(one.holds(case) for one in kept) for case in planned):
        return []
    for one in reversed(kept[:]):
        rest = [other for other in kept if other is not one]
        if rest and not any(all(other.holds(case) for other in rest) for case in planned):
            kept = rest
    return kept
