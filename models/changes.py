"""What-ifs: a new instance from an old one, by changes at dotted paths."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.instance import Instance


def apply(inst: "Instance", changed: Mapping[str, object]) -> "Instance":
    """Return a new instance with the changes."""
    raise NotImplementedError
