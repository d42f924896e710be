"""What has been run already: one JSON line a run, so that a benchmark can be continued."""

import json
from pathlib import Path
from typing import Any

Record = dict[str, Any]
FIGURES = "results.jsonl"


class Results:
    """The runs in a folder, by what they were asked to do; a failed run is kept as such."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / FIGURES
        self.records: dict[str, Record] = {}
        if self.file.exists():
            for line in self.file.read_text().splitlines():
                record = json.loads(line)
                self.records[_key(record["order"])] = record

    def has(self, order: Record) -> bool:
        """True if this has been run."""
        return _key(order) in self.records

    def add(self, order: Record, figures: Record) -> None:
        """Keep the figures of a run."""
        record = {"order": order, **figures}
        self.records[_key(order)] = record
        with self.file.open("a") as out:
            out.write(json.dumps(record) + "\n")


def _key(order: Record) -> str:
    return json.dumps(order, sort_keys=True)
