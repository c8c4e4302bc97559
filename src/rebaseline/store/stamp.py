"""What ties a file to the checkout in which it was made: figures that no copy of it has, and that nobody can foresee.

The file's number in its file system, and the time at which the system last changed what it keeps of the file. Version
control hands on neither, a copy gets its own, and no call of POSIX sets that time. Both outlive a kill and a start of
the machine. The number of the device is left out: it may be another one after a start.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Stamp", "stamp_of"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one file of one file system has.

    Attributes:
        number: The file's (inode) number.
        changed_ns: When the system last changed what it keeps of the file, in nanoseconds since 1970; on Windows when
            the file was made.
    """

    number: int
    changed_ns: int


def stamp_of(path: Path) -> Stamp:
    """Return what a file has; of a link, what the link itself has.

    Raises:
        OSError: There is no file.
    """
    found = os.lstat(path)
    return Stamp(found.st_ino, found.st_ctime_ns)
