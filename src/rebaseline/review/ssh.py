"""Signatures by SSH keys, made and checked by `ssh-keygen` as git is set up for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError
from rebaseline.review.git import path_setting, said, setting
from rebaseline.review.people import same_person
from rebaseline.review.programs import call, kept_in_file
from rebaseline.review.signed import SignatureState, Signed

__all__ = ["MARK", "NAMESPACE", "sign_by_ssh", "verify_by_ssh"]

MARK = b"-----BEGIN SSH SIGNATURE-----"
NAMESPACE = "rebaseline"
"""What the signature is for: one made for a commit, or for a mail, is none of an entry."""

_PROGRAM = "gpg.ssh.program"
_SIGNERS = "gpg.ssh.allowedSignersFile"
_REVOKED = "gpg.ssh.revocationFile"


def sign_by_ssh(content: bytes, root: Path) -> bytes:
    """Return the signature of the content by the key that `user.signingkey` names.

    Raises:
        LedgerError: No key is named, or `ssh-keygen` does not sign with it.
    """
    key = setting(root, "user.signingkey")
    if not key:
        raise LedgerError(
            "git knows no key to sign with",
            where="git config user.signingkey",
            remedy="set it to the path of your SSH key: git config user.signingkey ~/.ssh/id_ed25519.pub",
        )
    if "PRIVATE KEY" in key:
        raise LedgerError(
            "the setting holds a private key itself",
            where="git config user.signingkey",
            remedy="take it out at once, and set the path of a key, or `key::` and a public key",
        )
    literal = key.removeprefix("key::")
    if literal == key and not key.startswith("ssh-"):
        return _sign(["-f", path_setting(root, "user.signingkey")], content, root)
    with kept_in_file(f"{literal}\n".encode()) as public:
        return _sign(["-f", public, "-U"], content, root)  # the agent has the private half


def _sign(options: Sequence[str], content: bytes, root: Path) -> bytes:
    answer = call([_program(root), "-Y", "sign", "-n", NAMESPACE, *options], given=content, setting=_PROGRAM)
    if answer.returncode or not answer.stdout.startswith(MARK):
        raise LedgerError(
            f"`ssh-keygen` does not sign: {said(answer)}",
            where="git config user.signingkey",
            remedy="set it to the path of a key that you can use, or load its private half into the agent: ssh-add",
        )
    return answer.stdout


def verify_by_ssh(
    content: bytes, signature: bytes, actor: Actor, at: datetime, root: Path, *, signers: Path | None
) -> Signed:
    """Return what is known of a signature by an SSH key.

    Args:
        content: What was signed.
        signature: The signature.
        actor: Who should have made it: looked for by e-mail, or by name where there is none.
        at: When; the key must have been valid then.
        root: Folder whose settings of git hold.
        signers: Who may sign with which key; None takes `gpg.ssh.allowedSignersFile`.

    Raises:
        LedgerError: `ssh-keygen` is not there, or a file that it needs is not.
    """
    allowed = str(signers) if signers is not None else path_setting(root, _SIGNERS)
    if not allowed:
        why = f"nobody says who may sign: set `signers` under [ledger], or git config {_SIGNERS}"
        return Signed(SignatureState.UNCHECKED, why=why)
    _require(allowed, "[ledger] signers" if signers is not None else f"git config {_SIGNERS}")
    with kept_in_file(signature) as kept:
        check = _Check(_program(root), allowed, kept, content, at, _revoked(root))
        return check.of(actor)


class _Check:
    """One signature to be checked, with what every call of `ssh-keygen` needs."""

    def __init__(
        self, program: str, allowed: str, kept: str, content: bytes, at: datetime, revoked: Sequence[str]
    ) -> None:
        # ssh-keygen reads a time without a zone as the machine's.
        self._time = f"-Overify-time={at.astimezone():%Y%m%d%H%M%S}"
        self._program, self._allowed, self._kept, self._content = program, allowed, kept, content
        self._revoked = revoked

    def of(self, actor: Actor) -> Signed:
        identity = actor.email or actor.name
        if identity and self._fits(identity):
            return Signed(SignatureState.GOOD, identity)
        principals = self._principals()
        for principal in principals:
            if self._fits(principal):
                state = SignatureState.GOOD if same_person(actor, _person(principal)) else SignatureState.OTHER
                why = "" if state is SignatureState.GOOD else f"{principal} signed, and {actor} is named as acting"
                return Signed(state, principal, why)
        if not principals and self._fits(None):
            return Signed(SignatureState.UNKNOWN, why="its key is not among those that may sign")
        if not principals:
            return Signed(SignatureState.BAD, why="it does not fit the entry")
        if self._fits(None):
            why = "its key may not sign entries, or was revoked"
            return Signed(SignatureState.UNKNOWN, principals[0], why)
        return Signed(SignatureState.BAD, principals[0], "it does not fit the entry")

    def _fits(self, identity: str | None) -> bool:
        """Whether the signature is the identity's; for None, whether it fits the content, whoever made it."""
        with_signers = ["verify", "-f", self._allowed, "-I", identity, self._time, *self._revoked] if identity else []
        action = with_signers or ["check-novalidate"]
        command = [self._program, "-Y", *action, "-n", NAMESPACE, "-s", self._kept]
        return call(command, given=self._content, setting=_PROGRAM).returncode == 0

    def _principals(self) -> list[str]:
        """Return whose key it is: one line may name several, with commas between."""
        command = [self._program, "-Y", "find-principals", "-f", self._allowed, "-s", self._kept, self._time]
        answer = call(command, given=b"", setting=_PROGRAM)
        lines = answer.stdout.decode(errors="replace").splitlines() if answer.returncode == 0 else []
        return [name for line in lines for name in line.split(",") if name and not name.startswith("!")]


def _person(principal: str) -> Actor:
    return Actor(principal, principal if "@" in principal else "")


def _program(root: Path) -> str:
    return path_setting(root, _PROGRAM) or "ssh-keygen"


def _revoked(root: Path) -> list[str]:
    path = path_setting(root, _REVOKED)
    if not path:
        return []
    _require(path, f"git config {_REVOKED}")
    return ["-r", path]


def _require(path: str, where: str) -> None:
    if not Path(path).is_file():
        raise LedgerError(f"there is no file `{path}`", where=where, remedy="create it, or mend the setting")
