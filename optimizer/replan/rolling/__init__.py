"""A horizon of revealed data, replayed.

`definition` and `reading` of its file, `replay` itself, and `words` for what came of it.
"""

from optimizer.replan.rolling.reading import Rolling, read_rolling
from optimizer.replan.rolling.replay import Replay, replay

__all__ = ["Replay", "Rolling", "read_rolling", "replay"]
