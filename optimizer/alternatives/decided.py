"""A question about one site: is there a plan that orders units for it, or one that does without?

A plan that answers it does otherwise than those that are known. With `chosen[s]`
(optimizer.alternatives.differ) the question is a bound on one variable.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from optimizer.alternatives.differ import chosen_columns, chosen_sites
from optimizer.compiling import CompiledModel


@dataclass(frozen=True)
class Decided:
    """The rule: units are ordered for a site, or none are.

    Attributes:
        site: the site.
        taken: True if units shall be ordered for it.
    """

    site: str
    taken: bool

    least = 1
    """So many sites differ from the known plans at least."""

    def __str__(self) -> str:
        return f"{'with' if self.taken else 'without'} {self.site}"

    @property
    def about(self) -> tuple[str, ...]:
        """The sites that a plan must be free to decide otherwise."""
        return (self.site,)

    def added_to(self, compiled: CompiledModel) -> CompiledModel:
        """A model that knows what is chosen, with this decided."""
        column = chosen_columns(compiled)[self.site]
        lower, upper = compiled.matrix.lower.copy(), compiled.matrix.upper.copy()
        lower[column] = upper[column] = float(self.taken)
        return replace(compiled, matrix=compiled.matrix.with_bounds(lower, upper))

    def is_kept(self, tables: Mapping[str, pd.DataFrame]) -> bool:
        """True of the tables of a plan that answers the question."""
        return (self.site in chosen_sites(tables)) == self.taken

    def broken(self, tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
        """What is wrong with a plan by this rule, read off its orders."""
        if not self.is_kept(tables):
            orders = "orders no units" if self.taken else "orders units"
            yield f"the plan {orders} for {self.site}, but was to be one {self}"


def open_questions(
    choosable: Sequence[str], plans: Sequence[Mapping[str, pd.DataFrame]]
) -> list[Decided]:
    """For each site on which all plans agree: is there one that does otherwise?

    Args:
        choosable: the sites that units can be ordered for.
        plans: the tables of the plans.
    """
    sets = [chosen_sites(tables) for tables in plans]
    using = {s: sum(s in one for one in sets) for s in choosable}
    return [Decided(s, taken=not n) for s, n in using.items() if n in (0, len(sets))]
