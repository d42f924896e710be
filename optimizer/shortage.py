"""Too little memory or no room on the disk, however that is told: libraries have many words for it.

Both are the machine's, not the fault of an instance or of who named a folder.
"""

import errno
from collections.abc import Iterator

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What the system calls a disk that is full, a share of it that is used up, a file too large."""

SIGNS = (
    "memoryerror",
    "out of memory",
    "memory allocation",
    "cannot allocate memory",
    "bad_alloc",
    "failed to map segment",
    "can't start new thread",
    "resource temporarily unavailable",
    "error return without exception set",
)
"""What Python, the loader, and native libraries say that find no memory."""


def of_memory(error: BaseException) -> bool:
    """True if an error, or one of those that led to it, comes of too little memory."""
    return any(
        isinstance(one, MemoryError)
        or (isinstance(one, OSError) and one.errno == errno.ENOMEM)
        or is_told(str(one))
        for one in _chain(error)
    )


def of_room(error: BaseException) -> bool:
    """True if an error, or one of those that led to it, comes of a full disk."""
    return any(isinstance(one, OSError) and one.errno in FULL for one in _chain(error))


def is_told(words: str) -> bool:
    """True if the last words of a process speak of too little memory."""
    return any(sign in words.casefold() for sign in SIGNS)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that led to it; Python sees to it that there is no circle."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
