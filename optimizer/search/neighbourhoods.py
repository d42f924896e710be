"""Which decisions to reconsider together while all others stay: sites near each other, or years."""

import numpy as np

from optimizer.compiling import Place
from optimizer.matrix import Flags

KINDS = ("sites", "window", "scattered")
"""Sites near each other, consecutive periods everywhere, and sites picked at random."""


class Neighbourhoods:
    """An endless series of neighbourhoods, larger while they are easy and smaller while hard.

    Decisions without a site, or a period, are free wherever sites, or periods, are chosen: rules of
    a user's own link them to all the others.
    """

    def __init__(self, place: Place, seed: int, share: float) -> None:
        self.place = place
        self.random = np.random.default_rng(seed)
        self.share = dict.fromkeys(KINDS, share)
        self._turn = -1

    def next(self) -> tuple[str, Flags]:
        """The next kind of neighbourhood, and which of the whole-number variables are free."""
        self._turn += 1
        kind = KINDS[self._turn % len(KINDS)]
        share = self.share[kind]
        if kind == "window":
            length = max(1, round(share * self.place.periods))
            first = self.random.integers(0, self.place.periods - length + 1)
            within = (self.place.period >= first) & (self.place.period < first + length)
            return kind, within | (self.place.period < 0)
        count = max(1, round(share * len(self.place.distance_km)))
        if kind == "sites":
            centre = self.random.integers(len(self.place.distance_km))
            chosen = np.argsort(self.place.distance_km[centre], kind="stable")[:count]
        else:
            chosen = self.random.permutation(len(self.place.distance_km))[:count]
        return kind, np.isin(self.place.site, chosen) | (self.place.site < 0)

    def learn(self, kind: str, *, solved: bool) -> None:
        """Look further where the last one was solved to the end, and less far where it was not."""
        factor = 1.25 if solved else 0.8
        self.share[kind] = float(np.clip(self.share[kind] * factor, 0.05, 1.0))
