"""Currencies: how amounts of other currencies and years become money of the instance."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer

from models.entities.base import Count, Entity, FrozenDict, Number, Positive, Text


def _write(index: Mapping[int, float]) -> dict[str, float]:
    return {str(year): value for year, value in sorted(index.items())}


Year = Annotated[Count, Field(ge=1900, le=2300)]
PriceIndex = Annotated[dict[Year, Positive], AfterValidator(FrozenDict), PlainSerializer(_write)]
NO_INDEX: dict[int, float] = FrozenDict()


class Currency(Entity):
    """A currency in which amounts may be written, such as "12.5 EUR 2024"."""

    name: Text = ""
    """Name for people."""

    rate: Positive
    """What one of it is worth in the money of the instance, at prices of the price year [ratio]."""

    inflation_per_year: Annotated[Number, Field(gt=-0.5, le=2)] = 0.0
    """How its prices grow, where no index is given [per year]."""

    price_index: PriceIndex = NO_INDEX
    """Its price level by year, on any scale; instead of a constant inflation [ratio]."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""
