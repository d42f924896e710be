"""Words that several checks share."""

from collections import Counter
from collections.abc import Iterable


def reasons(found: Iterable[str | None], one: str, many: str) -> str:
    """How often each reason was found, most frequent first: '3 sites: …; 1 site: …'."""
    counted = Counter(reason for reason in found if reason)
    return "; ".join(
        f"{number} {one if number == 1 else many}: {reason}"
        for reason, number in counted.most_common()
    )
