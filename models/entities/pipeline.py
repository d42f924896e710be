"""How far a grid connection has come: announced, permitted, contracted, energised."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from models.entities.base import Count, Entity, FrozenDict, read_steps, split_names, write_steps

Status = Literal["announced", "permitted", "contracted", "energised"]

LADDER: tuple[Status, ...] = ("announced", "permitted", "contracted", "energised")
"""The statuses from the first to the last."""

Statuses = Annotated[
    dict[date, Status],
    BeforeValidator(lambda value: read_steps(value) if value else {}),
    AfterValidator(FrozenDict),
    PlainSerializer(write_steps),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(LADDER)},
                {"type": "object", "additionalProperties": {"enum": list(LADDER)}},
                {"type": "string", "examples": ["2028-01: contracted; 2029-01: announced"]},
            ]
        }
    ),
]
"""The status of steps by their dates; one status alone is that of a step that always holds."""


class Pipeline(Entity):
    """What a plan may rely on of the power that sites are said to get."""

    slip_months: Annotated[
        dict[Status, Annotated[Count, Field(ge=0, le=240)]], AfterValidator(FrozenDict)
    ] = FrozenDict()
    """How much later than its date a step carries power, by its status [months]; 0 for statuses
    that are not named."""

    counts: Annotated[tuple[Status, ...], BeforeValidator(split_names)] = LADDER
    """The statuses that a plan may rely on; steps of any other are never there."""
