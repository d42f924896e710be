"""What a part of a study comes to."""

from dataclasses import dataclass, field

from models.problems import Problem
from optimizer.study.case import Lever
from optimizer.study.drafts import Draft


@dataclass
class Part:
    """The cases of one part of a study.

    Attributes:
        drafts: its cases.
        levers: what it varies.
        problems: what is wrong with it; its cases can be tried all the same.
    """

    drafts: list[Draft] = field(default_factory=list)
    levers: tuple[Lever, ...] = ()
    problems: list[Problem] = field(default_factory=list)
