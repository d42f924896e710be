"""What a plan says of how it was made: the time each stage took, and the versions used."""

import platform
import time
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from optimizer import highs


@dataclass
class Times:
    """Clock readings at the ends of the stages [s]."""

    read: float
    began: float
    built: float = 0.0
    solved: float = 0.0

    def seconds(self) -> dict[str, float]:
        """What each stage took until now [s]."""
        now = time.monotonic()
        return {
            "read": self.read,
            "build": self.built - self.began,
            "solve": self.solved - self.built,
            "verify": now - self.solved,
            "total": self.read + now - self.began,
        }


@cache
def versions() -> dict[str, str]:
    """The versions of what made a plan, by name."""
    return {
        "buildplan": version("buildplan"),
        "pyomo": version("pyomo"),
        "highs": highs.version(),
        "python": platform.python_version(),
    }
