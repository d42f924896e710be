"""What a screening finds."""

from typing import Literal, NamedTuple

from models.problems import Path

Kind = Literal[
    "unserved demand",
    "hopeless floor",
    "commitment",
    "conflict",
    "shortfall",
    "one site",
    "oversubscribed grid",
    "site of no use",
    "unit type of no use",
    "halls of no use",
    "dear site",
    "dear halls",
    "dear unit type",
]


class Finding(NamedTuple):
    """One thing that is known before any plan is looked for.

    Attributes:
        kind: of what kind it is.
        proves_no_plan: True if no plan exists because of it; False if it is worth knowing.
        path: what it is about, in the instance.
        message: in words.
    """

    kind: Kind
    proves_no_plan: bool
    path: Path
    message: str
