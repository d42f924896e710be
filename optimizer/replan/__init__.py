"""Planning again: orders placed stand, today's data count, and the difference is explained.

`placed`, `passed` and `agreed` tell what the last plan has ordered, where it stands, and what is
still to be paid; `standing` binds today's instance to it. `changed` and `reverting` tell what
changed, and take it back; `causes` what each change costs and moves. `rolling` replays a horizon.
"""

from optimizer.replan.replan import Replan, replan

__all__ = ["Replan", "replan"]
