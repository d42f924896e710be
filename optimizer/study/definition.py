"""What a study file may hold: its records and their fields. docs/study-format.md describes it.

A lever is a path with values, or a name with labelled sets of changes.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from models.entities.base import (
    Count,
    Entity,
    FrozenDict,
    Id,
    Names,
    NonNegative,
    Number,
    Positive,
    Text,
)
from optimizer.study import shapes

PARTS = ("cases", "sweep", "sample", "tornado", "morris")
"""The parts of a study that give cases."""

BASE: Final = "base"
"""The name of the unchanged base among the cases."""

CASES = "cases"
"""The axis of a grid that lists named cases."""

LIST, TABLE = "[list]", "[table]"
"""Which of two ways a thing is written; stands in pydantic's paths and in no file."""


def _kind(value: object) -> str:
    return TABLE if isinstance(value, dict) else LIST


def _table(what: str) -> BeforeValidator:
    def check(value: object) -> object:
        if not isinstance(value, dict):
            raise ValueError(f"must be a table of {what}")
        return value

    return BeforeValidator(check)


def _list(what: str, holds: int = 0) -> BeforeValidator:
    def check(value: object) -> object:
        if not isinstance(value, list | tuple) or (holds and len(value) != holds):
            has = f", but has {len(value)} values" if isinstance(value, list | tuple) else ""
            raise ValueError(f"must be {what}{has}")
        return value

    return BeforeValidator(check)


def _even(number: int) -> int:
    if number % 2:
        raise ValueError("must be an even number")
    return number


def _names(value: object) -> object:
    if not isinstance(value, str | list | tuple):
        raise ValueError("must be the name of a case, or a list of such names")
    return value


Seed = Annotated[Count, Field(ge=0, le=2_000_000_000)]

Changes = Annotated[dict[str, Any], _table("changes (path: value)")]
"""Changes by dotted path, made in order."""

Options = Annotated[dict[Id, Changes], Field(min_length=1), _table("labels with their changes")]
Values = Annotated[
    tuple[Any, ...],
    Field(min_length=1),
    _list("a list of values, or a table of labels with their changes"),
]
Axis = Annotated[
    Annotated[Values, Tag(LIST)] | Annotated[Options, Tag(TABLE)], Discriminator(_kind)
]
Grid = Annotated[dict[str, Axis], Field(min_length=1), _table("levers")]
Grids = Annotated[
    tuple[Grid, ...],
    Field(min_length=1),
    _list("a table of levers, or a list of such tables"),
]
Sweep = Annotated[Annotated[Grids, Tag(LIST)] | Annotated[Grid, Tag(TABLE)], Discriminator(_kind)]


class Solve(Entity):
    """How each case is solved; what is left out is as the instance says."""

    gap: Annotated[Number, Field(ge=0, lt=1)] | None = None
    """Relative gap at which a plan is good enough [ratio]."""

    time_limit_s: Positive | None = None
    """Longest search for one case [s]."""

    seed: Seed | None = None
    """Seed of the solver's random choices."""


class NamedCase(Entity):
    """A case with a name, and what it changes."""

    description: Text = ""
    """What the case is about."""

    extends: Annotated[Names, BeforeValidator(_names)] = ()
    """The named cases whose changes it makes first: a name, or a list of names."""

    changes: Changes = FrozenDict()
    """Its own changes; they come last, and replace those of the same path that it extends."""


class Distribution(Entity):
    """How a lever varies in a sample."""

    distribution: Literal["normal", "uniform", "triangular", "lognormal", "integers", "choice"]
    """Its kind."""

    mean: Number | None = None
    """Mean of a normal distribution, before it is cut at min and max."""

    sd: Positive | None = None
    """Standard deviation of a normal distribution, before it is cut at min and max."""

    median: Positive | None = None
    """Median of a lognormal distribution."""

    sigma: Positive | None = None
    """Standard deviation of the logarithm in a lognormal distribution."""

    mode: Number | None = None
    """Most likely value of a triangular distribution."""

    min: Number | None = None
    """Least value; a normal or lognormal distribution may do without."""

    max: Number | None = None
    """Largest value; a normal or lognormal distribution may do without."""

    values: Values | None = None
    """What to choose from, where the lever is a path."""

    options: Options | None = None
    """What to choose from, where the lever is a name: labels with their changes."""

    weights: Annotated[dict[str, NonNegative], _table("weights by label")] | None = None
    """How likely each label or value is, relative to the others; all the same if left out."""

    @model_validator(mode="after")
    def _is_complete(self) -> "Distribution":
        if problems := shapes.problems(self.model_dump(exclude_none=True)):
            raise ValueError("; ".join(problems))
        return self


class Sample(Entity):
    """Cases drawn at random."""

    method: Literal["monte-carlo", "latin-hypercube", "sobol", "halton"] = "latin-hypercube"
    """How the points are spread. Sobol points are balanced where size is a power of two."""

    size: Annotated[Count, Field(ge=1)]
    """Number of cases."""

    seed: Seed = 0
    """Seed of the draws; the same seed gives the same cases."""

    levers: Annotated[dict[str, Distribution], Field(min_length=1), _table("levers")]
    """What varies, by path or by name, and how. Levers vary independently."""


class TornadoLever(Entity):
    """The two ends of a lever as changes."""

    low: Changes
    """Changes of the low end."""

    high: Changes
    """Changes of the high end."""


class MorrisLever(Entity):
    """The range of a lever."""

    min: Number
    """Least value."""

    max: Number
    """Largest value."""

    @model_validator(mode="after")
    def _is_a_range(self) -> "MorrisLever":
        if self.min >= self.max:
            raise ValueError(f"min {self.min:g} must be less than max {self.max:g}")
        return self


class Morris(Entity):
    """A screening by elementary effects: from random points, one lever changes after another."""

    trajectories: Annotated[Count, Field(ge=2)]
    """Number of walks; each takes as many cases as there are levers, and one more."""

    levels: Annotated[
        Count, Field(ge=2, le=1000, json_schema_extra={"multipleOf": 2}), AfterValidator(_even)
    ] = 4
    """Number of values that each lever takes, evenly from min to max; an even number."""

    seed: Seed = 0
    """Seed of the walks; the same seed gives the same cases."""

    levers: Annotated[dict[str, MorrisLever], Field(min_length=1), _table("levers")]
    """What varies: paths with their ranges."""


Pair = Annotated[tuple[Any, Any], _list("[low, high], or low and high with their changes", holds=2)]
Ends = Annotated[
    Annotated[TornadoLever, Tag(TABLE)] | Annotated[Pair, Tag(LIST)], Discriminator(_kind)
]


class StudyFile(Entity):
    """A study: a base instance, and the cases to solve."""

    name: Annotated[Text, Field(min_length=1)]
    """Name of the study, for headings and folders."""

    description: Text = ""
    """What the study is about."""

    instance: Annotated[Text, Field(min_length=1)]
    """The base instance: its folder or file, as seen from the study's own folder."""

    changes: Changes = FrozenDict()
    """Changes made in every case; the base is the instance after them."""

    solve: Solve = Solve()
    """How each case is solved, where that differs from what the instance says."""

    base: bool = True
    """Whether the unchanged base is a case of its own, called 'base'."""

    cases: Annotated[dict[Id, NamedCase], _table("named cases")] = FrozenDict()
    """Cases by name."""

    sweep: Sweep | None = None
    """Every combination of the levers' values; a list of tables gives several such grids."""

    sample: Sample | None = None
    """Cases drawn at random."""

    tornado: Annotated[dict[str, Ends], Field(min_length=1), _table("levers")] | None = None
    """One lever at a time at its low and its high end, all others as in the base."""

    morris: Morris | None = None
    """A screening by elementary effects."""
