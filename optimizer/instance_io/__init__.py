"""Reading instances: YAML 1.2 and CSV tables to a checked `Instance`, every problem located."""

from collections.abc import Iterable

from models.instance import Instance
from models.problems import Problem
from optimizer.instance_io.overrides import parse_set
from optimizer.instance_io.reader import read_instance

__all__ = ["located", "parse_set", "read_instance"]


def located(inst: Instance, problems: Iterable[Problem]) -> list[Problem]:
    """Problems with the file and line where the instance was written, in that order.

    An instance that was made without files has no places; its problems come back as they are.
    """
    return inst._origin.locate(problems) if inst._origin else list(problems)
