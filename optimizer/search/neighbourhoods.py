"""Which decisions to reconsider together while all others stay."""

import numpy as np
from numpy.typing import NDArray

from optimizer.compiling import Place
from optimizer.matrix import Flags, Floats

KINDS = ("differing", "jurisdiction", "units", "window", "operator", "sites", "continent")
"""Decisions in which plan and relaxation differ (RINS: Danna, Rothberg and Le Pape 2005); sites
under the same law; two unit types at most sites, with all else at some; consecutive periods
everywhere; sites of the same operator, near each other, and on the same continent."""

UNIT_TYPES, THEIR_SITES = 2, 4
"""Unit types that are reconsidered together, so that one can take another's place; at how many
times the sites where all else is."""

DIFFERS = 1e-6
"""A plan that is further than this from the relaxation differs from it."""

SMALLEST, MOST = 0.05, 10.0
"""Smallest part of all that is reconsidered; most times of what differs [ratio]."""


class Neighbourhoods:
    """An endless series of neighbourhoods, larger while they are easy and smaller while hard.

    Decisions without a site, or a period, are free wherever sites, or periods, are chosen: rules of
    a user's own link them to all the others.
    """

    def __init__(self, place: Place, relaxed: Floats, seed: int, share: float) -> None:
        """Neighbourhoods of plans of one problem.

        Args:
            place: where and when its whole numbers decide.
            relaxed: what its relaxation says, all variables; guides, whatever it is.
            seed: of random choices.
            share: part of the sites or periods in a neighbourhood at first [ratio].
        """
        self.place = place
        self.relaxed = relaxed[place.columns]
        self.random = np.random.default_rng(seed)
        self.share = dict.fromkeys(KINDS, share) | {"differing": 1.0}
        self._turn = -1

    def next(self, x: Floats) -> tuple[str, Flags]:
        """The next kind of neighbourhood of a plan, and which whole numbers are free in it."""
        self._turn += 1
        kind = KINDS[self._turn % len(KINDS)]
        place = self.place
        if kind == "differing":
            return kind, self._differing(x[place.columns]) | (place.site < 0)
        if kind == "window":
            length = max(1, round(self.share[kind] * place.periods))
            first = self.random.integers(0, place.periods - length + 1)
            within = (place.period >= first) & (place.period < first + length)
            return kind, within | (place.period < 0)
        within = np.isin(place.site, self._sites(kind))
        if kind == "units":
            some = self.random.permutation(np.unique(place.unit[place.unit >= 0]))[:UNIT_TYPES]
            theirs = np.isin(place.site, self._sites(kind, THEIR_SITES))
            within = np.where(place.unit < 0, within, theirs & np.isin(place.unit, some))
        return kind, within | (place.site < 0)

    def _differing(self, decided: Floats) -> Flags:
        """Some of the decisions in which the plan is not as the relaxation, or all and others."""
        differs = np.abs(decided - self.relaxed) > DIFFERS
        count = max(1, round(self.share["differing"] * int(differs.sum())))
        order = self.random.permutation(len(decided))
        order = order[np.argsort(~differs[order], kind="stable")]
        return np.isin(np.arange(len(decided)), order[:count])

    def _sites(self, kind: str, times: int = 1) -> NDArray[np.intp]:
        """The sites that are reconsidered together; so many times the share of the kind."""
        sites = len(self.place.distance_km)
        count = max(1, round(min(1.0, times * self.share[kind]) * sites))
        order = self.random.permutation(sites)
        if kind == "sites":
            order = np.argsort(self.place.distance_km[order[0]], kind="stable")
        elif kind in self.place.groups:
            groups = self.place.groups[kind]
            turns = self.random.permutation(groups.max() + 1)
            order = order[np.argsort(turns[groups[order]], kind="stable")]
        return order[:count]

    def learn(self, kind: str, *, solved: bool, better: bool) -> None:
        """Look further where the last one was solved to the end, and less far where it was neither
        that nor led to a better plan."""
        factor = 1.25 if solved else 1.0 if better else 0.8
        most = MOST if kind == "differing" else 1.0
        self.share[kind] = float(np.clip(self.share[kind] * factor, SMALLEST, most))
