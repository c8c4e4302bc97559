"""Detached signatures of entries, made and checked by what git signs commits with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError
from rebaseline.review.git import setting
from rebaseline.review.openpgp import MARK as PGP_MARK
from rebaseline.review.openpgp import sign_by_gpg, verify_by_gpg
from rebaseline.review.signed import SignatureState, Signed
from rebaseline.review.ssh import MARK as SSH_MARK
from rebaseline.review.ssh import sign_by_ssh, verify_by_ssh

__all__ = ["sign", "verify_signature"]

_FORMAT = "gpg.format"


def sign(content: bytes, root: Path) -> bytes:
    """Return the signature of an entry's bytes, to be written beside it as `ENTRY.json.sig`.

    Args:
        content: The bytes that `compose_entry` returned.
        root: Folder of the project; git is asked there for `gpg.format`, the key and the program.

    Raises:
        LedgerError: git is not set up to sign, or the program does not sign.
    """
    form = setting(root, _FORMAT) or "openpgp"
    if form == "ssh":
        return sign_by_ssh(content, root)
    if form == "openpgp":
        return sign_by_gpg(content, root)
    raise LedgerError(
        f"entries cannot be signed by {form!r}",
        where=f"git config {_FORMAT}",
        remedy="set it to `ssh` or `openpgp`",
    )


def verify_signature(
    content: bytes, signature: bytes | None, actor: Actor, at: datetime, root: Path, *, signers: Path | None = None
) -> Signed:
    """Return what is known of an entry's signature. The kind is told by its first line, whatever git is set up for.

    Args:
        content: The entry's bytes as they were written.
        signature: What lies beside it; None for nothing.
        actor: Who is named as acting.
        at: When the entry was made.
        root: Folder of the project, for git's settings.
        signers: Who may sign with which SSH key; where it is given, nothing but these keys counts.

    Raises:
        LedgerError: A program or a file that is needed to check is not there.
    """
    if signature is None:
        return Signed(SignatureState.NONE)
    if signature.startswith(SSH_MARK):
        return verify_by_ssh(content, signature, actor, at, root, signers=signers)
    if signature.startswith(PGP_MARK) and signers is not None:
        return Signed(SignatureState.UNKNOWN, why="it is made by OpenPGP, and `signers` under [ledger] names SSH keys")
    if signature.startswith(PGP_MARK):
        return verify_by_gpg(content, signature, actor, root)
    return Signed(SignatureState.BAD, why="this is neither an SSH nor an OpenPGP signature")
