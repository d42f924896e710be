"""Which decisions to reconsider together while all others stay: sites near each other, or years."""

from collections.abc import Iterator

import numpy as np

from optimizer.compiling import Place
from optimizer.matrix import Flags

KINDS = ("sites", "window", "scattered")
"""Sites near each other, consecutive periods everywhere, and sites picked at random."""


class Neighbourhoods:
    """An endless series of neighbourhoods, larger while they are easy and smaller while hard."""

    def __init__(self, place: Place, seed: int, share: float) -> None:
        self.place = place
        self.random = np.random.default_rng(seed)
        self.share = dict.fromkeys(KINDS, share)
        self._turns = self._take_turns()

    def next(self) -> tuple[str, Flags]:
        """The next kind of neighbourhood, and which of the whole-number variables are free."""
        kind = next(self._turns)
        share = self.share[kind]
        if kind == "window":
            length = max(1, round(share * self.place.periods))
            first = self.random.integers(0, self.place.periods - length + 1)
            return kind, (self.place.period >= first) & (self.place.period < first + length)
        count = max(1, round(share * len(self.place.distance_km)))
        if kind == "sites":
            centre = self.random.integers(len(self.place.distance_km))
            chosen = np.argsort(self.place.distance_km[centre], kind="stable")[:count]
        else:
            chosen = self.random.permutation(len(self.place.distance_km))[:count]
        return kind, np.isin(self.place.site, chosen)

    def learn(self, kind: str, *, solved: bool) -> None:
        """Look further where the last one was solved to the end, and less far where it was not."""
        factor = 1.25 if solved else 0.8
        self.share[kind] = float(np.clip(self.share[kind] * factor, 0.05, 1.0))

    def _take_turns(self) -> Iterator[str]:
        while True:
            yield from KINDS
