"""Checks that span several entities: references, plausibility, streams that nothing can serve."""

from typing import TYPE_CHECKING

from models.problems import Problem

if TYPE_CHECKING:
    from models.instance import Instance


def find_errors(inst: "Instance") -> list[Problem]:
    """All errors of an instance whose single records are valid."""
    return []
