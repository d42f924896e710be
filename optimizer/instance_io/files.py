"""Files of an instance: read whole, within limits, as UTF-8 text, and only below its folder."""

import hashlib
import os
import re
import stat
import sys
from pathlib import Path, PureWindowsPath

from models.problems import InstanceError, Problem, did_you_mean

STDIN = "-"
MAX_BYTES = 50_000_000
"""Largest file that is read [bytes]."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control characters and other characters that an editor does not show."""


class Refusal(Exception):  # noqa: N818
    """Something that cannot be read, with its place; becomes a Problem."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column

    def problem(self, file: str) -> Problem:
        """The same as a problem of a file."""
        return Problem((), self.message, file=file, line=self.line, column=self.column)


def instance_file(path: str | Path) -> Path | None:
    """The instance's own file: the path, instance.yaml in it if it is a folder, None for '-'."""
    if str(path) == STDIN:
        return None
    try:
        file = Path(path)
        return file / "instance.yaml" if file.is_dir() else file
    except (OSError, ValueError) as error:
        raise InstanceError([Problem((), f"is not a path: {error}.", file=repr(path))]) from error


def read_text(file: Path | None) -> str:
    """The text of a file, or of standard input; raises Refusal."""
    return read_hashed(file)[0]


def read_hashed(file: Path | None) -> tuple[str, str]:
    """The text of a file, or of standard input, and the SHA-256 of its bytes; raises Refusal."""
    try:
        data = _stdin_bytes() if file is None else _file_bytes(file)
    except FileNotFoundError as error:
        raise Refusal(f"no such file.{_neighbour(file)}") from error
    except PermissionError as error:
        raise Refusal("may not be read: permission denied.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Refusal(f"cannot be read: {reason}.") from error
    return decode(data), hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """Bytes as text with '\\n' line ends and without byte-order mark; raises Refusal."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal("is UTF-16 text; save it as UTF-8.", 1, 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte, (line, column) = (
            data[error.start],
            _place(data[: error.start].decode("utf-8", "replace")),
        )
        raise Refusal(
            f"byte 0x{byte:02X} is not UTF-8 text; save the file as UTF-8.", line, column
        ) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _UNSEEN.search(text):
        code = ord(found[0])
        message = f"holds the invisible character U+{code:04X}, which is not allowed."
        raise Refusal(message, *_place(text[: found.start()]))
    return text


def table_file(folder: Path, name: str) -> Path:
    """The file of a table named in an instance; raises Refusal if it leaves the folder."""
    windows = PureWindowsPath(name)
    if "\\" in name or windows.drive or Path(name).is_absolute():
        raise Refusal(f"must be a path inside the instance's folder, with '/', but is '{name}'.")
    if ".." in windows.parts:
        raise Refusal(f"must stay inside the instance's folder, but is '{name}'.")
    file = folder / name
    try:
        inside = file.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError) as error:
        raise Refusal(f"must be the name of a CSV file, but is '{name}'.") from error
    if not inside:
        raise Refusal(f"must stay inside the instance's folder, but '{name}' links to outside.")
    return file


def _file_bytes(file: Path) -> bytes:
    if file.is_dir():
        raise Refusal("is a folder, not a file.")
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    with open(descriptor, "rb") as stream:  # noqa: PTH123
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Refusal("is not a regular file; use '-' to read standard input.")
        if status.st_size > MAX_BYTES:
            raise Refusal(_too_large(status.st_size))
        return _bounded(stream.read(MAX_BYTES + 1))


def _stdin_bytes() -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        return _bounded(sys.stdin.read(MAX_BYTES + 1).encode("utf-8", "surrogateescape"))
    return _bounded(stream.read(MAX_BYTES + 1))


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise Refusal(_too_large(len(data)))
    return data


def _too_large(size: int) -> str:
    return f"has {size / 1e6:,.0f} MB or more; the limit is {MAX_BYTES / 1e6:.0f} MB."


def _neighbour(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        names = [entry.name for entry in file.parent.iterdir() if entry.suffix == file.suffix]
    except OSError:
        return ""
    return did_you_mean(file.name, names)


def _place(before: str) -> tuple[int, int]:
    """Line and column of what follows a text, both from 1."""
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1, (
        len(before) - max(before.rfind("\n"), before.rfind("\r"))
    )
