"""What a plan is looked for by, beside the instance."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import pandas as pd

from optimizer.compiling import CompiledModel


class Rule(Protocol):
    """What a plan shall do, in terms of the sites that it chooses."""

    @property
    def least(self) -> int:
        """How many sites it decides otherwise than known plans do, at least."""
        ...

    @property
    def about(self) -> Sequence[str]:
        """Sites that have to be free to change sides."""
        ...

    def added_to(self, compiled: CompiledModel) -> CompiledModel:
        """A model that knows what is chosen, with the rule in it."""
        ...

    def broken(self, tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
        """What is wrong with a plan by this rule, read off its tables."""
        ...
