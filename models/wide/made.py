"""Components whose data come into being when somebody looks."""

from collections.abc import Callable
from typing import Any


class Made:
    """Goes before an indexed component of Pyomo, whose dictionary of data it makes when asked.

    Attributes:
        is_made: True if there are objects; from then on they are what counts.
    """

    is_made: bool = False
    _constructed: bool = False
    _dictionary: dict[Any, Any] | None = None
    index_set: Callable[[], Any]

    @property
    def _data(self) -> dict[Any, Any]:
        if self._constructed and not self.is_made:
            self._dictionary, self.is_made = self._make(), True
        return {} if self._dictionary is None else self._dictionary

    @_data.setter
    def _data(self, data: dict[Any, Any]) -> None:
        self._dictionary, self.is_made = data, self._constructed

    def __len__(self) -> int:
        return len(self._data if self.is_made else self.index_set())

    def is_reference(self) -> bool:
        """False, as of any component with data of its own."""
        return False

    def _make(self) -> dict[Any, Any]:
        raise NotImplementedError
