"""Components whose data come into being when somebody looks."""

from collections.abc import Callable
from typing import Any


class Made:
    """Goes before an indexed component of Pyomo, whose dictionary of data it makes when asked."""

    _constructed: bool = False
    _dictionary: dict[Any, Any] | None = None
    index_set: Callable[[], Any]

    @property
    def is_made(self) -> bool:
        """True if there are objects."""
        return bool(self._dictionary)

    @property
    def _data(self) -> dict[Any, Any]:
        if not self._dictionary and self._constructed:
            self._dictionary = self._make()
        return {} if self._dictionary is None else self._dictionary

    @_data.setter
    def _data(self, data: dict[Any, Any]) -> None:
        self._dictionary = data

    def __len__(self) -> int:
        return len(self.index_set()) if not self.is_made else len(self._data)

    def is_reference(self) -> bool:
        """False, as of any component with data of its own."""
        return False

    def _make(self) -> dict[Any, Any]:
        raise NotImplementedError
