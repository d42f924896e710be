"""How an instance is solved."""

from typing import Literal

Method = Literal["auto", "monolith", "search", "decompose"]
