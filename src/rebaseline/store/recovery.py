"""A change that a kill left: finished where it was committed here, refused where it was made elsewhere.

What lies in the folder of changes is untrusted: it may have come with a clone, written by whoever wants files of this
machine overwritten. So a change is finished only where its stamp says that it was made in this checkout, and only of
files that a decision writes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from rebaseline.errors import ChangeError
from rebaseline.store.change_folder import ChangeFolder
from rebaseline.store.changeable import Changeable
from rebaseline.store.disk import content_of
from rebaseline.store.locking import locked
from rebaseline.store.manifest import MANIFEST, STAMPED, Manifest, parse_manifest
from rebaseline.store.moving import roll_forward
from rebaseline.store.stamp import stamp_of

__all__ = ["WAIT_SECONDS", "finish_changes", "held"]

WAIT_SECONDS = 10.0


@contextmanager
def held(changeable: Changeable, *, wait_seconds: float) -> Iterator[None]:
    """Keep every other process from changing files of the project in this block, and finish what one left unfinished.

    Raises:
        ChangeError: Another process is changing files, or an unfinished change cannot be finished.
    """
    folder = ChangeFolder(changeable.root)
    with contextlib.ExitStack() as stack:
        folder.require_own()
        with folder.speaking():
            stack.enter_context(locked(folder.lock, wait_seconds=wait_seconds))
            folder.clear()
            if folder.has_committed:
                _finish(changeable, folder)
        yield


def finish_changes(changeable: Changeable, *, wait_seconds: float = WAIT_SECONDS) -> bool:
    """Finish a change that was committed and not finished, and throw away what was not committed.

    Costs one look at a folder where there is neither.

    Args:
        changeable: What may be changed.
        wait_seconds: How long to wait for another process that is finishing it.

    Returns:
        Whether there was a change to finish: files may be others now than before.

    Raises:
        ChangeError: A change cannot be finished: it was not made in this checkout, a file is neither as it was nor as
            it is to be, may not be changed, or cannot be written.
    """
    folder = ChangeFolder(changeable.root)
    if folder.is_empty():
        return False
    folder.require_own()
    if folder.has_committed:
        with held(changeable, wait_seconds=wait_seconds):
            return True
    with contextlib.suppress(ChangeError), held(changeable, wait_seconds=0):  # else it is being staged just now
        pass
    return False


def _finish(changeable: Changeable, folder: ChangeFolder) -> None:
    manifest = _own_manifest(folder)
    for change in manifest.changes:
        try:
            changeable.place(change)
        except ChangeError as refusal:
            raise ChangeError(
                f"this unfinished change is refused: {refusal.problem}",
                where=str(folder.committed),
                remedy="delete this folder, which drops the change, and take files that it changed already back with "
                "git; nothing was overwritten",
            ) from refusal
    roll_forward(changeable, manifest.changes, put_back=False)


def _own_manifest(folder: ChangeFolder) -> Manifest:
    """Return what is to be finished.

    Raises:
        ChangeError: It is damaged, or was made in another checkout.
    """
    path = folder.committed / MANIFEST
    if folder.committed.is_symlink() or path.is_symlink():
        raise _foreign(folder)
    manifest = parse_manifest(content_of(path) or b"", shown=str(path))
    try:
        is_own = stamp_of(folder.committed / STAMPED) == manifest.stamp
    except FileNotFoundError:
        is_own = False
    if not is_own:
        raise _foreign(folder)
    return manifest


def _foreign(folder: ChangeFolder) -> ChangeError:
    return ChangeError(
        "this unfinished change was not made in this checkout: it came with a clone, a copy or a restored folder",
        where=str(folder.committed),
        remedy="delete this folder; nothing was overwritten. In a copy of a checkout where a command was killed, look "
        "also at what git says of your files: some may be changed already",
    )
