"""Samples and screenings: cases drawn at random, the same ones for the same seed."""

from collections.abc import Sequence

from models.problems import Path, Problem, did_you_mean
from optimizer.study.case import Lever
from optimizer.study.definition import Distribution, Morris, Sample
from optimizer.study.distributions import pick, quantile, rounded
from optimizer.study.drafts import Draft, Setting, lever, of_options, of_value, of_values
from optimizer.study.faults import faults
from optimizer.study.parts import Part

TAIL = 0.05
"""A lever's low and high are the values that this part of the draws lies below or above."""


def sample(asked: Sample) -> Part:
    """The cases of a sample."""
    from optimizer.study.points import spread

    out = Part()
    choices = {name: _settings(name, law) for name, law in asked.levers.items()}
    for name, law in asked.levers.items():
        out.problems += _weights(law, choices[name], ("sample", "levers", name))
    out.problems += faults(choices, ("sample", "levers"))
    if out.problems:
        return out
    laws = [_Law(name, law, choices[name]) for name, law in asked.levers.items()]
    points = spread(asked.method, asked.size, len(laws), asked.seed)
    width = max(3, len(str(len(points))))
    for number, point in enumerate(points, start=1):
        settings = [law.at(part) for law, part in zip(laws, point, strict=True)]
        out.drafts.append(Draft.of_settings(f"sample/{number:0{width}d}", "sample", settings))
    out.levers = tuple(law.ends() for law in laws)
    return out


def morris(asked: Morris) -> Part:
    """The cases of a screening, walk after walk."""
    from optimizer.study.points import walks

    where: Path = ("morris", "levers")
    out = Part(levers=tuple(Lever(name, one.min, one.max) for name, one in asked.levers.items()))
    out.problems += faults(dict.fromkeys(asked.levers, ()), where)
    try:
        points = walks(asked)
    except ImportError:
        message = "needs SALib, which is not installed: pip install 'buildplan[screening]'."
        out.problems.append(Problem(("morris",), message))
        return out
    width = max(3, len(str(len(points))))
    for number, point in enumerate(points, start=1):
        settings = []
        for (name, one), part in zip(asked.levers.items(), point, strict=True):
            value = rounded(one.min + part * (one.max - one.min))
            settings.append(of_value(name, value, (*where, name)))
        out.drafts.append(Draft.of_settings(f"morris/{number:0{width}d}", "morris", settings))
    return out


class _Law:
    """A lever of a sample, with its distribution; `choices` are its settings if it has few."""

    def __init__(self, name: str, law: Distribution, choices: Sequence[Setting]) -> None:
        self.name, self.choices = name, choices
        self.given = law.model_dump(exclude_none=True)
        weights = law.weights or {}
        self.weights = [weights.get(one.label, 0.0 if weights else 1.0) for one in choices]

    def at(self, part: float) -> Setting:
        """The setting that a part of the draws lies below."""
        if self.choices:
            return self.choices[pick(self.weights, part)]
        return of_value(self.name, quantile(self.given, part), ("sample", "levers", self.name))

    def ends(self) -> Lever:
        """The lever, from its low to its high end."""
        if self.choices:
            return lever(self.choices)
        return lever([self.at(TAIL), self.at(1 - TAIL)])


def _settings(name: str, law: Distribution) -> list[Setting]:
    """The settings of a choice; none for a distribution of numbers, which has too many."""
    where = ("sample", "levers", name)
    if law.options is not None:
        return of_options(name, law.options, (*where, "options"))
    if law.values is not None:
        return of_values(name, law.values, (*where, "values"))
    return []


def _weights(law: Distribution, choices: Sequence[Setting], where: Path) -> list[Problem]:
    """Weights must name what there is to choose from, all of it."""
    if law.weights is None:
        return []
    labels = [one.label for one in choices]
    out = [
        Problem((*where, "weights", name), f"is none of the choices.{did_you_mean(name, labels)}")
        for name in law.weights
        if name not in labels
    ]
    if lacking := [label for label in labels if label not in law.weights]:
        out.append(Problem((*where, "weights"), f"must give a weight for '{lacking[0]}', too."))
    return out
