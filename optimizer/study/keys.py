"""The key of a case: equal for equal instances, options and versions, and for nothing else."""

import hashlib
import json
from functools import cache
from importlib.metadata import version

from optimizer.options import Options

DECIDES = ("buildplan", "pyomo", "highspy")
"""The versions that decide what plan is found."""


def case_key(instance_sha256: str, options: Options) -> str:
    """The key of a case, from the hash of its instance and how it is solved."""
    content = {
        "instance": instance_sha256,
        "options": options.as_dict(),
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


@cache
def versions() -> dict[str, str]:
    """What is installed here of all that decides what plan is found."""
    return {name: version(name) for name in DECIDES}
