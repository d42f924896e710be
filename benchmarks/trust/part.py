"""A part of the trial: what is tried, how often, and what is too long or too much."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Try = Callable[[int, Path], "Outcome"]
"""Tries one seed in an empty folder of its own."""


@dataclass(frozen=True)
class Outcome:
    """What came of one try.

    Attributes:
        kind: in a word or two, to be counted.
        bad: True if this must not happen.
        words: what happened, where that is bad.
    """

    kind: str
    bad: bool = False
    words: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the trial.

    Attributes:
        name: what it is called on the command line.
        what: what is tried, in words.
        home: the module whose function `attempt` tries one seed.
        full: how many seeds a whole trial takes.
        short: how many the short form takes.
        hang_s: most time of the processor for one seed, its children left out [s].
        memory_gb: most address space of the process that tries them; None: no limit [GB].
        batch: seeds that are tried, and kept, at once.
    """

    name: str
    what: str
    home: str
    full: int
    short: int
    hang_s: float = 10.0
    memory_gb: float | None = 2.0
    batch: int = 500


PARTS = {
    part.name: part
    for part in (
        Part("bytes", "instances, bytes changed, read", "mutated_bytes", 12_000, 12),
        Part("guided", "2,000 inputs guided by coverage", "guided_bytes", 50, 1, 600, None, 5),
        Part("structure", "instances, values changed, read", "mutated_values", 12_000, 12),
        Part("changes", "changes (--set), read", "changes", 3_000, 6),
        Part("studies", "studies, changed, read", "studies", 2_000, 4),
        Part("plans", "plans on disk, changed, read back", "plans", 1_000, 3, 30.0, None, 250),
        Part("solves", "changed instances that are valid, solved", "solves", 400, 2, 60, None, 20),
        Part("commands", "the same, by the command line", "commands", 300, 2, 60, None, 25),
        Part("differential", "optimum by four ways", "differential", 2_000, 2, 900, None, 10),
        Part("relations", "optimum of a changed instance", "relations", 500, 2, 900, None, 10),
        Part("kills", "kill -9 in solve, study, report", "kills", 200, 3, 180, None, 20),
        Part("shortages", "too little memory, full disks", "shortages", 250, 5, 180, None, 25),
        Part("interrupts", "Ctrl-C in solve, study, report", "interrupts", 60, 3, 180, None, 15),
    )
}
