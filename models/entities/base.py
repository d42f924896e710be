"""What every entity shares: closed frozen records, and the field types of the instance format."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from models.calendar import parse_day

K = TypeVar("K")
V = TypeVar("V")

ALWAYS = date(1, 1, 1)
"""The date of a step that holds from the beginning of time."""


FIRST_YEAR, LAST_YEAR = 1900, 2300
"""Dates lie between these years, so that lives and lead times can be added to them."""


class Entity(BaseModel):
    """A record of the instance: closed to unknown fields, never changed after it is made."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    amount: ClassVar[str | None] = None
    """The field that `scale` multiplies when a change names the whole record."""

    key: ClassVar[tuple[str, ...]] = ()
    """The fields that tell a row of a list table from the others; paths walk along them."""


class FrozenDict(dict[K, V]):
    """A dict that refuses to be changed, so that an instance cannot be edited in place."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("an instance is never edited in place; use with_changes()")

    __setitem__ = __delitem__ = _refuse
    __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (dict(self),))


class BadAmount(str):
    """A text in place of an amount of money, with the reason why it is none."""

    def __new__(cls, text: str, message: str) -> "BadAmount":
        """The text as it was written."""
        out = super().__new__(cls, text)
        out.message = message
        return out

    message: str


def _not_bool(value: object) -> object:
    if isinstance(value, BadAmount):
        raise ValueError(value.message.removesuffix("."))
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


def split_names(value: object) -> object:
    """The names in the text 'a; b' of a CSV cell; anything else as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"must be a date between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def _printable(value: str) -> str:
    if any(ord(ch) < 32 or ord(ch) == 127 for ch in value):
        raise ValueError("must not contain control characters")
    return value


def step_pairs(value: object) -> Iterable[tuple[object, object]] | None:
    """The dates and values of dated values, as written; None for a single value."""
    if isinstance(value, Mapping):
        return value.items()
    if isinstance(value, str) and ":" in value:
        parts = [part for part in value.split(";") if part.strip()]
        if all(":" in part for part in parts):
            return [(part.rpartition(":")[0], part.rpartition(":")[2].strip()) for part in parts]
    return None


def read_steps(value: object) -> object:
    """A number, {date: number}, or the text 'date: number; date: number' of a CSV cell."""
    pairs = step_pairs(value)
    if pairs is None:
        return {ALWAYS: value}
    steps: dict[date, object] = {}
    for text, amount in pairs:
        try:
            day = parse_day(text)
        except ValueError as error:
            raise ValueError(f"gives '{text}' as a date, which {error}") from error
        if day in steps:
            raise ValueError(f"gives the date {day} twice")
        steps[day] = amount
    if not steps:
        raise ValueError("must give at least one date with its value")
    return steps


def write_steps(steps: Mapping[date, V]) -> dict[str, V] | V:
    """The shortest plain form of steps: a number that always holds, else {date as text: number}."""
    if list(steps) == [ALWAYS]:
        return steps[ALWAYS]
    return {day.isoformat(): amount for day, amount in sorted(steps.items())}


Number = Annotated[float, BeforeValidator(_not_bool)]
Count = Annotated[int, BeforeValidator(_not_bool)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_printable)]
Id = Annotated[str, Field(pattern=r"^\w[\w-]{0,79}$")]
"""A name used as a reference: letters, digits, '_' and '-' (a dot would break paths)."""

Names = Annotated[
    tuple[Id, ...],
    BeforeValidator(split_names),
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
]
"""A list of names; in a CSV cell they are separated by ';'."""

Day = Annotated[
    date,
    BeforeValidator(parse_day),
    AfterValidator(_in_range),
    PlainSerializer(lambda day: day.isoformat(), return_type=str, when_used="json"),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["2027-01-01", "2027Q1", 2027]}),
]
"""A date: 2027-01-15, 2027-01 (its first day), 2027Q1 or 2027."""

NonNegative = Annotated[Number, Field(ge=0)]
Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]

Steps = Annotated[
    dict[date, NonNegative],
    BeforeValidator(read_steps),
    AfterValidator(FrozenDict),
    PlainSerializer(write_steps),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
                {"type": "string", "examples": ["2027-01: 90; 2029-01: 300"]},
            ]
        }
    ),
]
"""Values from dates: one number for always, or {date: value}, each holding until the next."""
