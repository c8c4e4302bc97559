"""A signature that is made of an entry: only by whom it names as acting."""

from __future__ import annotations

from collections.abc import Callable

from rebaseline.domain.ledger import Entry
from rebaseline.errors import LedgerError
from rebaseline.load.settings import Project
from rebaseline.review.signatures import verify_signature
from rebaseline.review.signed import BAD_STATES

__all__ = ["own_signature"]


def own_signature(project: Project, entry: Entry, content: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the signature of an entry's bytes; one that `ledger verify` would find bad for good is refused.

    Args:
        project: The project, which says who may sign.
        entry: The entry.
        content: Its bytes.
        sign: Returns a signature.

    Raises:
        LedgerError: It is not the signature of who acts, or was not made.
    """
    signature = sign(content)
    found = verify_signature(content, signature, entry.actor, entry.at, project.root, signers=project.ledger.signers)
    if found.state in BAD_STATES:
        raise LedgerError(
            f"the entry would not be signed by {entry.actor}: {found.state}{', ' + found.why if found.why else ''}",
            remedy="act as whoever's key signs (leave --as out, or name them), or have them act; nothing was written",
        )
    return signature
