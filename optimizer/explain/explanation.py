"""What an explanation says: a conflict, its background in words, and repairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any, Literal

from optimizer.explain.changes import as_set

NOT_TO_BLAME = "no limit that could give way is to blame"
NOT_KNOWN = "the limits to blame were not found in time"


@dataclass(frozen=True)
class Blamed:
    """A declared limit of a conflict.

    Attributes:
        kind: its kind, as in the table of docs/explain.md.
        at: where: a site, pool, quota, stream …
        path: where it is written, as a path of `--set`.
        words: what it says.
        periods: the periods in which it matters; empty for the horizon as a whole.
        scenarios: the scenarios in which it does; empty where the future is certain.
        file, line: where it is written; empty and 0 for an instance that was not read from files.
    """

    kind: str
    at: str
    path: str
    words: str
    periods: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Remedy:
    """A repair that was tried: with it the instance has a plan.

    Attributes:
        words: what gives way, by how much.
        changes: the changes by path, as `inst.with_changes` takes them.
        price_musd: what it is worth by the prices of giving way [MUSD].
    """

    words: tuple[str, ...]
    changes: Mapping[str, object]
    price_musd: float

    @property
    def sets(self) -> tuple[str, ...]:
        """The arguments of `--set` that apply it."""
        return tuple(as_set(path, value) for path, value in self.changes.items())

    @property
    def options(self) -> tuple[str, ...]:
        """The options that apply it, as a shell takes them."""
        return tuple(f"--set {quote(text)}" for text in self.sets)


@dataclass(frozen=True)
class Explanation:
    """Why an instance has no plan, and what would help.

    Attributes:
        name: the instance.
        status: 'infeasible'; 'feasible' if there is a plan; 'unknown' if the time was too short to
            tell.
        facts: what the streams in conflict ask for, and who could serve them.
        conflict: limits that cannot hold together.
        minimal: True if it is proven that without any one of them the rest can hold.
        indivisible: True if they could hold if units and halls came in parts.
        repairs: what would help, the cheapest first.
        complete: False if the time was up before all was said.
        law_is_given: True if law and dates of sale were taken as they are, not as limits.
        seconds: how long it took [s].
    """

    name: str
    status: Literal["infeasible", "feasible", "unknown"]
    facts: tuple[str, ...] = ()
    conflict: tuple[Blamed, ...] = ()
    minimal: bool = False
    indivisible: bool = False
    repairs: tuple[Remedy, ...] = ()
    complete: bool = True
    law_is_given: bool = False
    seconds: float = 0.0

    @property
    def head(self) -> str:
        """What the conflict is, before its limits."""
        if len(self.conflict) == 1:
            return "this limit cannot hold, whatever gives way beside it"
        end = "; without any one of them the others can" if self.minimal else ""
        return f"these limits cannot hold together{end}"

    @property
    def reasons(self) -> tuple[str, ...]:
        """The conflict in short, as a plan without content tells it."""
        if self.status != "infeasible":
            return ()
        if not self.conflict:
            return (NOT_TO_BLAME if self.minimal else NOT_KNOWN,)
        helps = (f"there would be a plan with {' '.join(one.options)}" for one in self.repairs)
        return (self.head, *(f"{one.path}: {one.words}" for one in self.conflict), *helps)

    def as_dict(self) -> dict[str, Any]:
        """The explanation as plain data, for JSON."""
        return {
            "status": self.status,
            "name": self.name,
            "facts": list(self.facts),
            "conflict": [
                {
                    "kind": one.kind,
                    "at": one.at,
                    "path": one.path,
                    "words": one.words,
                    "periods": list(one.periods),
                    "scenarios": list(one.scenarios),
                    "file": one.file,
                    "line": one.line,
                }
                for one in self.conflict
            ],
            "minimal": self.minimal,
            "indivisible": self.indivisible,
            "repairs": [
                {
                    "words": list(one.words),
                    "changes": dict(one.changes),
                    "set": list(one.sets),
                    "price_musd": one.price_musd,
                }
                for one in self.repairs
            ],
            "complete": self.complete,
            "law_is_given": self.law_is_given,
            "seconds": self.seconds,
        }
