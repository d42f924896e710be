"""Model families: what is trained at one site and served at others."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Entity, Id, Names, NonNegative, Number, Text


class ModelFamily(Entity):
    """Models that are made by one workload and used by others, wherever each of them stands.

    In every period a site that serves one of `served_by` gets the models from a site that trains
    them, unless it trains them itself.
    """

    amount = "size_gb"

    name: Text = ""
    """Name for people."""

    trained_by: Id
    """The workload that makes the models."""

    served_by: Annotated[Names, Field(min_length=1)]
    """The workloads that use them: inference, fine-tuning."""

    size_gb: NonNegative = 2000.0
    """What one transfer carries, weights and all that goes with them [GB]."""

    transfers_per_year: NonNegative = 12.0
    """How often a site that does not train them gets new ones [transfers per year]."""

    weights_data_class: Id | None = None
    """The data class whose law holds for the weights, as if they arose where they are trained;
    none: they may go anywhere."""

    least_training_share: Annotated[Number, Field(ge=0.01, le=1)] = 0.1
    """Part of all the training asked for in a period that a site must do to be one that trains
    [ratio]."""
