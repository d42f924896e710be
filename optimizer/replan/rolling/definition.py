"""The file of a replay: what is known at first, and what becomes known on which day."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Day, Entity, FrozenDict, Share, Text
from optimizer.study.definition import Changes


class Step(Entity):
    """What becomes known on a day."""

    date: Day
    """The day; orders of periods that start before it are placed."""

    description: Text = ""
    """What has happened."""

    instance: Annotated[Text, Field(min_length=1)] | None = None
    """An instance that tells everything anew, as seen from the file's own folder; none: the data
    known before."""

    changes: Changes = FrozenDict()
    """What differs from these data, by path."""


class ReplayFile(Entity):
    """A horizon of revealed data."""

    name: Annotated[Text, Field(min_length=1)]
    """Name of the replay, for headings and folders."""

    description: Text = ""
    """What it is about."""

    instance: Annotated[Text, Field(min_length=1)]
    """What is known at first: an instance, as seen from the file's own folder."""

    changes: Changes = FrozenDict()
    """What differs from this instance at first, by path."""

    cancel_share: Share | None = None
    """What it costs to give up a later order of the plan before, relative to its price [ratio];
    none: as the instance says."""

    delay_share: Share | None = None
    """What it costs to place a later order of the plan before even later [ratio]."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """What becomes known, in order of time; in the end everything is."""
