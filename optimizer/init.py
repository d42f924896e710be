"""A starter instance: a commented example to begin from, written into a new folder."""

import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from optimizer.schema import schema_text

SCHEMA_FILE = "instance.schema.json"
"""Name of the schema's copy beside an instance, whose first line names it for editors."""


def write_starter(folder: str | Path) -> list[Path]:
    """Write the starter instance into a new or empty folder, all of it or nothing.

    Returns the files. Raises FileExistsError if the folder holds anything, OSError if it cannot
    be written.
    """
    target = Path(folder)
    is_new = not target.exists()
    if not is_new and (not target.is_dir() or any(target.iterdir())):
        what = "is not empty" if target.is_dir() else "is a file"
        raise FileExistsError(f"{folder} {what}; name a new folder.")
    target.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".starter.", dir=target))
    written: list[Path] = []
    try:
        for name, text in _contents().items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        for file in sorted(draft.iterdir()):
            written.append(file.rename(target / file.name))
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        shutil.rmtree(target if is_new else draft, ignore_errors=True)
        raise
    draft.rmdir()
    return written


def _contents() -> dict[str, str]:
    templates = sorted(files("optimizer").joinpath("starter").iterdir(), key=lambda file: file.name)
    texts = {
        file.name: file.read_text(encoding="utf-8")
        for file in templates
        if file.name.endswith((".yaml", ".csv"))
    }
    return {**texts, SCHEMA_FILE: schema_text()}
