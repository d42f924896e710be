"""What atheris calls with one input after the other: the reader, its bytecode instrumented.

Started as `python -m benchmarks.trust.guided_target CORPUS [libFuzzer's options]`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

OURS = ["optimizer.instance_io", "models"]
"""The packages whose branches guide the search."""

with atheris.instrument_imports(include=OURS):
    from models.problems import InstanceError
    from optimizer.instance_io import read_instance


def main() -> None:
    """Read inputs until there were enough; anything but an instance or a refusal is a crash."""
    with TemporaryDirectory(prefix="buildplan-trust-") as name:
        file = Path(name) / "instance.yaml"

        def read(content: bytes) -> None:
            file.write_bytes(content)
            try:
                read_instance(file)
            except InstanceError as refused:
                if not refused.problems:
                    raise

        atheris.Setup(sys.argv, read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
