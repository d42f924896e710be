"""Which case is solved next, from which plan, and where its result goes."""

import shutil
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from optimizer.errors import StudyError
from optimizer.options import Options
from optimizer.starts import Decisions, decisions_in
from optimizer.study.claims import Claims
from optimizer.study.folder import StudyFolder, is_whole, to_text, write_whole
from optimizer.study.neighbours import order_of_starts
from optimizer.study.pool import Pool
from optimizer.study.request import Report, Request

ATTEMPTS = 5
"""A case whose worker is lost so often has failed."""

ELSEWHERE_S = 0.5
"""How often to look whether another run has finished a case [s]."""

WAIT_S = 0.5
"""How long to wait for the next report before looking around [s]."""


class Queue:
    """The cases of a study by key: finished, failed, in work here or elsewhere, or waiting."""

    def __init__(self, folder: StudyFolder, options: Mapping[str, Options], *, cold: bool) -> None:
        self._folder = folder
        cases = {folder.keys[case.name]: case for case in reversed(folder.study.cases)}
        self._cases = dict(reversed(cases.items()))
        self._options = {key: options[case.name] for key, case in self._cases.items()}
        self._starts: dict[str, list[str]] = {}
        self._cold = cold
        self._waiting = list(self._cases)
        self._here: dict[str, Request] = {}
        self._lost: dict[str, int] = {}
        self._failed: set[str] = set()
        self._elsewhere: dict[str, float] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._claims = self._stack.enter_context(Claims(self._folder.path))
        (self._folder.path / "cases").mkdir(exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def work(self) -> Path:
        """A folder of this run alone."""
        return self._claims.work

    @property
    def is_done(self) -> bool:
        """True once every case is finished or has failed."""
        return not (self._waiting or self._here)

    def finished_before(self) -> list[str]:
        """The keys of cases that are finished already; what is damaged is put away."""
        for key in self._waiting:
            place = self._place(key)
            if place.exists() and not is_whole(place) and self._claims.take(key):
                if not is_whole(place):
                    place.rename(self.work / f"damaged-{key}")
                self._claims.give_back(key)
        done = {key: self._is_finished(key) for key in self._waiting}
        self._waiting = [key for key in self._waiting if not done[key]]
        if self._waiting and not self._cold:
            self._line_up()
        return [key for key, finished in done.items() if finished]

    def _line_up(self) -> None:
        """Put the cases in order, and say from which others each starts."""
        keys = list(self._cases)
        order = order_of_starts([case.changes for case in self._cases.values()])
        self._starts = {keys[i]: [keys[j] for j in starts] for i, starts in order}
        waiting = set(self._waiting)
        self._waiting = [key for key in self._starts if key in waiting]

    def step(self, pool: Pool) -> list[str]:
        """Hand out cases, wait a moment, and return the keys of those that ended."""
        ended = self._hand_out(pool)
        if not self._here:
            time.sleep(0 if ended else ELSEWHERE_S)
            return ended
        for report in pool.reports(WAIT_S):
            request = self._here.pop(report.key)
            if report.folder is not None:
                self._keep(report.key, report.folder)
            elif not self._give_up(report):
                self._waiting.insert(0, request.key)
                continue
            self._claims.give_back(report.key)
            ended.append(report.key)
        return ended

    def _hand_out(self, pool: Pool) -> list[str]:
        """Fill the pool's room; the keys of cases that other runs have finished meanwhile."""
        ended = []
        for key in list(self._waiting):
            if pool.room <= 0:
                break
            if not self._is_ready(key) or self._elsewhere.get(key, 0) > time.monotonic():
                continue
            if not self._claims.take(key):
                self._elsewhere[key] = time.monotonic() + ELSEWHERE_S
                continue
            self._waiting.remove(key)
            if self._is_finished(key):
                self._claims.give_back(key)
                ended.append(key)
                continue
            starts = [] if self._cold else self._plans_for(key)
            request = Request(key, self._cases[key].changes, self._options[key], tuple(starts))
            self._here[key] = request
            pool.submit(request)
        return ended

    def _is_ready(self, key: str) -> bool:
        """True if the plans that a case starts from are there, or never will be."""
        return self._cold or all(
            start in self._failed or self._is_finished(start) for start in self._starts[key]
        )

    def _plans_for(self, key: str) -> list[Decisions]:
        """What to start from: the nearest plans; else what the nearest case started from."""
        while starts := self._starts[key]:
            found = [self._decided(start) for start in starts if start not in self._failed]
            if plans := [decisions for decisions in found if decisions]:
                return plans
            key = starts[0]
        return []

    def _decided(self, key: str) -> Decisions:
        place = self._place(key)
        try:
            return decisions_in(place)
        except (ValueError, KeyError) as error:
            raise StudyError(f"{place} is damaged ({error}); remove it, and run again") from error

    def _place(self, key: str) -> Path:
        return self._folder.path / "cases" / key

    def _is_finished(self, key: str) -> bool:
        return (self._place(key) / "plan.json").is_file()

    def _keep(self, key: str, part: Path) -> None:
        """Move a plan into its place, unless another run has done so."""
        try:
            part.rename(self._place(key))
        except OSError as error:
            if not self._is_finished(key):
                raise StudyError(f"{self._place(key)}: {error.strerror}") from error
            shutil.rmtree(part)
        (self._folder.path / "failures" / f"{key}.json").unlink(missing_ok=True)

    def _give_up(self, report: Report) -> bool:
        """True if a case has failed for good; then the reason is kept."""
        shutil.rmtree(self.work / report.key, ignore_errors=True)
        self._lost[report.key] = self._lost.get(report.key, 0) + 1
        if report.lost and self._lost[report.key] < ATTEMPTS:
            return False
        self._failed.add(report.key)
        why = f"{report.failure}; tried {ATTEMPTS} times" if report.lost else report.failure
        content = {"status": "failed", "reasons": [why]}
        write_whole(self._folder.path / "failures" / f"{report.key}.json", to_text(content))
        return True
