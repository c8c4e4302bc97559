"""Gives the replies of a file again, as if they were asked for: to try a pipeline where there is no network.

The file is looked through once and only the places of its lines are kept, so memory does not grow with the replies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from rebaseline import __version__
from rebaseline.domain.attempt import Attempt, Faulted
from rebaseline.domain.model import Provenance
from rebaseline.errors import ConfigurationError
from rebaseline.interop.replies import LINE_LIMIT, BadLine, parse_replies
from rebaseline.targets.base import Asked, Opening, Request

__all__ = ["Recording", "ReplayTarget", "load_recording", "open_adapter"]

_MOST_NAMED = 5
_FOREIGN = re.compile(r"\\|^[A-Za-z]:|^/|^~")


@dataclass(frozen=True, slots=True)
class Recording:
    """An open file of replies.

    Attributes:
        file: The file, open for reading.
        name: How messages name it.
        places: By probe and sample, the byte at which the line begins.
    """

    file: IO[bytes]
    name: str
    places: dict[tuple[str, int], int]

    def attempt_of(self, probe: str, sample: int) -> Attempt | None:
        """Return what was recorded; None for nothing.

        Raises:
            ConfigurationError: The file was written to since it was looked through.
        """
        place = self.places.get((probe, sample))
        if place is None:
            return None
        self.file.seek(place)
        said = next(parse_replies([self.file.readline(LINE_LIMIT + 1)], name=self.name), None)
        if said is None or isinstance(said, BadLine) or said.probe != probe:
            raise ConfigurationError("the file was changed while it was replayed", where=self.name, remedy="Run again.")
        return said.attempt


class ReplayTarget:
    """A target that is a file of replies.

    What it gives is final: a recorded fault would be the same again, and a recorded reply ends its conversation.

    Attributes:
        provider: `replay`.
        mandatory: None.
    """

    provider = "replay"
    mandatory: frozenset[str] = frozenset()

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    @property
    def provenance(self) -> Provenance:
        """We ourselves."""
        return Provenance(sdk="replay", tool=f"rebaseline {__version__}")

    async def ask(self, request: Request) -> Asked:
        """Return what was recorded for the probe and the sample; what the request says is not looked at.

        Raises:
            ConfigurationError: The file was written to meanwhile.
        """
        attempt = self._recording.attempt_of(request.probe, request.sample)
        if attempt is None:
            hint = f"{self._recording.name} has no reply for sample {request.sample} of probe {request.probe!r}"
            attempt = Faulted("unrecorded", hint=hint)
        return Asked(attempt, final=True)

    async def aclose(self) -> None:
        """Close the file."""
        self._recording.file.close()


def load_recording(path: Path, *, name: str) -> Recording:
    """Open a file of replies and find its lines.

    Args:
        path: JSON Lines as they are imported.
        name: How messages name it.

    Raises:
        ConfigurationError: It is no file, cannot be read, or has a line that cannot be used.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise ConfigurationError(
            f"the file cannot be read: {error.strerror}", where=name, remedy="Check its name and its access rights."
        ) from error
    try:
        return Recording(file, name, _places(file, name))
    except BaseException:
        file.close()
        raise


def _places(file: IO[bytes], name: str) -> dict[tuple[str, int], int]:
    places: dict[tuple[str, int], int] = {}
    bad: list[BadLine] = []
    begins = 0

    def lines() -> Iterator[bytes]:
        nonlocal begins
        after = 0
        for line in iter(partial(file.readline, LINE_LIMIT + 1), b""):
            begins, after = after, after + len(line)
            yield line

    for said in parse_replies(lines(), name=name):
        if isinstance(said, BadLine):
            bad.append(said)
        else:
            places[said.probe, said.sample] = begins
        if len(bad) == _MOST_NAMED:
            break
    if bad:
        listed = "; ".join(f"line {each.line} {each.reason}" for each in bad)
        raise ConfigurationError(f"lines cannot be replayed: {listed}", where=name, remedy="Mend the file.")
    return places


def _inside(root: Path | None, name: str, where: str) -> Path:
    """Return the file, which must lie in the project's folder after links are followed: a project comes from others."""
    if root is None:
        raise ConfigurationError("there is no project whose file could be replayed", where=where)
    if not name or _FOREIGN.search(name) or ".." in PurePosixPath(name).parts or not name.isprintable():
        raise ConfigurationError(
            f"the file {name[:200]!r} is not inside the project's folder",
            where=where,
            remedy="Write a path relative to the project, with forward slashes and without `..`.",
        )
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise ConfigurationError(
            f"the file {name!r} is a link out of the project's folder", where=where, remedy="Copy the file here."
        )
    return path


def open_adapter(opening: Opening) -> ReplayTarget:
    """Open a target of type `replay`.

    Raises:
        ConfigurationError: The file is not in the project's folder, or cannot be replayed.
    """
    name = str(opening.target.settings.get("file", ""))
    return ReplayTarget(load_recording(_inside(opening.root, name, f"{opening.where}.file"), name=name))
