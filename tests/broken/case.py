"""What a broken instance is: base.yaml with one change."""

from pathlib import Path
from typing import NamedTuple

BASE = (Path(__file__).parent / "base.yaml").read_text(encoding="utf-8")


class Case(NamedTuple):
    """The text `old` of base.yaml becomes `new`; the line of `at` (else of `new`) is to blame."""

    name: str
    old: str
    new: str
    says: str
    at: str = ""

    def text(self) -> str:
        assert BASE.count(self.old) == 1, f"{self.name}: {self.old!r} must occur once"
        return BASE.replace(self.old, self.new)

    def line(self) -> int:
        text, mark = self.text(), self.at or self.new
        assert text.count(mark) == 1, f"{self.name}: {mark!r} must occur once"
        return text[: text.index(mark)].count("\n") + 1
