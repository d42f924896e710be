"""What all tests share: solver processes, since starting one takes longer than a small solve."""

from collections.abc import Iterator
from types import TracebackType

import pytest

from optimizer import highs

PROCESSES_MATTER = {"cli", "embedding", "solving", "study"}
"""Folders of tests that watch how solver processes come and go: each solve starts its own."""


class Kept:
    """A crew that outlives each caller's context."""

    def __init__(self, crew: highs.Crew) -> None:
        self.crew = crew

    def __enter__(self) -> highs.Crew:
        return self.crew

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the processes to the next caller."""


@pytest.fixture(scope="session")
def crew() -> Iterator[highs.Crew]:
    """Solver processes for the whole session."""
    with highs.Crew() as crew:
        yield crew


@pytest.fixture(scope="module", autouse=True)
def solvers_stay(request: pytest.FixtureRequest, crew: highs.Crew) -> Iterator[None]:
    """`solve` takes processes that are there already, where processes are not what is tested."""
    folders = request.path.relative_to(request.config.rootpath / "tests").parts
    with pytest.MonkeyPatch.context() as patch:
        if folders[0] not in PROCESSES_MATTER:
            patch.setattr(highs, "Crew", lambda: Kept(crew))
        yield
