"""What is finished of a trial, in a folder: one file a batch."""

import json
import subprocess
from collections import Counter
from pathlib import Path

from benchmarks.trust.part import Part
from benchmarks.trust.watch import Tally


class Kept:
    """Batches on disk, each with the commit that was tried; nowhere without a folder."""

    def __init__(self, folder: Path | None, *, fresh: bool) -> None:
        self.folder, self.fresh = folder, fresh
        self.commits: dict[str, set[str]] = {}
        self._now = _commit()

    def find(self, part: Part, first: int, last: int) -> Tally | None:
        """What came of a batch before."""
        file = self._file(part, first, last)
        if file is None or self.fresh or not file.exists():
            return None
        told = json.loads(file.read_text())
        self._note(part, told.pop("commit"))
        return Tally(**told | {"counts": Counter(told["counts"])})

    def keep(self, part: Part, first: int, last: int, tally: Tally) -> Tally:
        """Write what came of a batch, and hand it back."""
        self._note(part, self._now)
        if file := self._file(part, first, last):
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished = file.with_suffix(".part")
            unfinished.write_text(json.dumps({"commit": self._now, **vars(tally)}))
            unfinished.replace(file)
        return tally

    def _file(self, part: Part, first: int, last: int) -> Path | None:
        return self.folder and self.folder / f"{part.name}-{first:06}-{last:06}.json"

    def _note(self, part: Part, commit: str) -> None:
        self.commits.setdefault(part.name, set()).add(commit)


def _commit() -> str:
    """The commit of the sources, or what stands for it where there is no repository."""
    root = Path(__file__).parents[2]
    command = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
