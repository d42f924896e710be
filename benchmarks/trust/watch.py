"""Seeds tried in a process of their own, with an eye on the clock."""

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from queue import Empty, Queue
from typing import IO, Any

from benchmarks.trust.part import Outcome, Part

START_S = 3600.0
"""Longest time for a process to start [s]."""

BUSY = 6.0
"""So many times what a seed may take of the processor it may take by the clock: other processes
run beside it [ratio]."""


@dataclass
class Tally:
    """What came of a batch of seeds.

    Attributes:
        counts: how often each kind of outcome came.
        bad: of each bad outcome its seed, kind and words.
        seconds: time it took [s].
        memory_mb: most memory of the process that tried them, its children left out [MB].
    """

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    memory_mb: float = 0.0

    def note(self, seed: int, outcome: Outcome) -> None:
        """Count an outcome."""
        self.counts[outcome.kind] += 1
        if outcome.bad:
            self.bad.append({"seed": seed, **asdict(outcome)})

    def add(self, other: "Tally") -> None:
        """Count those of another batch too."""
        self.counts += other.counts
        self.bad += other.bad
        self.seconds += other.seconds
        self.memory_mb = max(self.memory_mb, other.memory_mb)


def watched(part: Part, first: int, last: int) -> Tally:
    """Try the seeds from `first` to before `last`; a process that hangs or dies is replaced."""
    tally, began = Tally(), time.monotonic()
    while first < last:
        first = _until_trouble(part, first, last, tally)
    tally.seconds = time.monotonic() - began
    return tally


def _until_trouble(part: Part, first: int, last: int, tally: Tally) -> int:
    """Try seeds until one is trouble; the seed to go on with."""
    command = [sys.executable, "-m", "benchmarks.trust.worker", part.name, str(first), str(last)]
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        said: Queue[dict[str, Any] | None] = Queue()
        threading.Thread(target=_listen, args=(process, said), daemon=True).start()
        patience = START_S
        while first < last:
            try:
                facts = said.get(timeout=patience)
            except Empty:
                process.kill()
                words = f"no answer within {patience:g} s"
                tally.note(first, Outcome("hang", bad=True, words=words))
                return first + 1
            if facts is None:
                tally.note(first, _ended(process.wait(), part, errors))
                return first + 1
            patience = part.hang_s * BUSY
            if "seed" in facts:
                tally.memory_mb = max(tally.memory_mb, facts["memory_mb"])
                outcome = Outcome(facts["kind"], facts["bad"], facts["words"])
                tally.note(facts["seed"], outcome)
                first = facts["seed"] + 1
    return first


def _ended(code: int, part: Part, errors: IO[bytes]) -> Outcome:
    if code == -signal.SIGPROF:
        return Outcome("hang", bad=True, words=f"more than {part.hang_s:g} s of the processor")
    errors.seek(0)
    last = errors.read()[-1500:].decode(errors="replace")
    return Outcome("crash", bad=True, words=f"the process ended with code {code}\n{last}")


def _listen(process: "subprocess.Popen[str]", said: Queue[dict[str, Any] | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        said.put(json.loads(line))
    said.put(None)
