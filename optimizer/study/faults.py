"""What can be wrong between the levers of one part of a study, whatever the instance."""

import re
from collections.abc import Mapping, Sequence

from models.problems import Path, Problem
from optimizer.study.drafts import Setting

_NAME = re.compile(r"[\w*][\w.*-]{0,199}")

Settings = Mapping[str, Sequence[Setting]]
"""The settings of each lever."""


def faults(levers: Settings, where: Path, shared: bool = False) -> list[Problem]:
    """Levers with unusable names, with a setting given twice, or with a change of another's path.

    `shared`: levers may change the same, since no case sets two of them.
    """
    named = [
        Problem((*where, name), "must be a path, or a name of letters, digits, '_' and '-'.")
        for name in levers
        if not _NAME.fullmatch(name)
    ]
    again = [one for name, axis in levers.items() for one in _twice(axis, (*where, name))]
    return named + again + ([] if shared else _overlaps(levers, where))


def _twice(settings: Sequence[Setting], where: Path) -> list[Problem]:
    seen: set[str] = set()
    out = []
    for position, one in enumerate(settings):
        if one.label in seen:
            out.append(Problem((*where, position), f"gives {one.label} a second time."))
        seen.add(one.label)
    return out


def _overlaps(levers: Settings, where: Path) -> list[Problem]:
    owners: dict[str, str] = {}
    out = []
    for name, settings in levers.items():
        paths = dict.fromkeys(change.path for one in settings for change in one.changes)
        if shared := [path for path in paths if path in owners]:
            message = f"changes '{shared[0]}', which the lever '{owners[shared[0]]}' changes, too."
            out.append(Problem((*where, name), message))
        owners |= {path: name for path in paths if path not in owners}
    return out
