"""Payment profiles: which shares of a price are due how many months after the order."""

from collections.abc import Mapping
from math import fsum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from models.entities.base import Count, FrozenDict, Number

_ROUNDING = 1e-9
"""Shares may miss 1 by so much: a third cannot be written out."""

Months = Annotated[Count, Field(ge=0, le=240)]
Part = Annotated[Number, Field(gt=0, le=1)]


def _read(value: object) -> object:
    """{months: share}, or the text 'months: share; months: share' of a CSV cell."""
    if not isinstance(value, str):
        return value
    out: dict[str, str] = {}
    for part in (part for part in value.split(";") if part.strip()):
        months, colon, share = part.partition(":")
        if not colon:
            raise ValueError("must be shares by months, such as '0: 0.3; 6: 0.7'")
        if months.strip() in out:
            raise ValueError(f"gives the months {months.strip()} twice")
        out[months.strip()] = share.strip()
    return out


def _whole_price(shares: dict[int, float]) -> dict[int, float]:
    if abs((paid := fsum(shares.values())) - 1) > _ROUNDING:
        raise ValueError(f"must be shares that add up to 1, but they add up to {paid:.10g}")
    return FrozenDict(sorted(shares.items()))


def _write(shares: Mapping[int, float]) -> dict[str, float]:
    return {str(months): share for months, share in shares.items()}


Payments = Annotated[
    dict[Months, Part],
    BeforeValidator(_read),
    AfterValidator(_whole_price),
    PlainSerializer(_write),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "object",
                    "additionalProperties": {
                        "type": "number",
                        "exclusiveMinimum": 0,
                        "maximum": 1,
                    },
                },
                {"type": "string", "examples": ["0: 0.3; 6: 0.2; 12: 0.5"]},
            ]
        }
    ),
]
"""Shares of a price by whole months after the order; they add up to 1."""

AT_ORDER: dict[int, float] = FrozenDict({0: 1.0})
"""Everything is paid with the order."""
