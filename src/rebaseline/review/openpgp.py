"""Signatures by OpenPGP keys, made and checked by `gpg` as git is set up for it."""

from __future__ import annotations

import re
from pathlib import Path

from rebaseline.domain.decision import Actor
from rebaseline.errors import LedgerError
from rebaseline.review.git import path_setting, said, setting
from rebaseline.review.people import same_person
from rebaseline.review.programs import call, kept_in_file
from rebaseline.review.signed import SignatureState, Signed

__all__ = ["MARK", "sign_by_gpg", "verify_by_gpg"]

MARK = b"-----BEGIN PGP SIGNATURE-----"

_PROGRAM = "gpg.program"
_STATUS = "[GNUPG:] "
_LEVELS = {"undefined": "-qomfu", "marginal": "mfu", "fully": "fu", "ultimate": "u"}
"""How sure gpg is, at least, that a key is the person's: marks of validity in its list of keys."""
_UID = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>")


def sign_by_gpg(content: bytes, root: Path) -> bytes:
    """Return the signature of the content by the key of `user.signingkey`, or that of `user.email`.

    Raises:
        LedgerError: No key is named, or gpg does not sign with it.
    """
    key = setting(root, "user.signingkey") or setting(root, "user.email")
    if not key:
        raise LedgerError(
            "git knows no key to sign with",
            where="git config user.signingkey",
            remedy="set it to the id of your key: `gpg --list-secret-keys` shows it",
        )
    answer = call(
        [_program(root), "--status-fd=2", "--detach-sign", "--armor", "-u", key], given=content, setting=_PROGRAM
    )
    if answer.returncode or not answer.stdout.startswith(MARK):
        raise LedgerError(
            f"gpg does not sign: {said(answer)}",
            where="git config user.signingkey",
            remedy="set it to a key that you can use: `gpg --list-secret-keys` shows them",
        )
    return answer.stdout


def verify_by_gpg(content: bytes, signature: bytes, actor: Actor, root: Path) -> Signed:
    """Return what is known of a signature by an OpenPGP key.

    The actor's e-mail must stand on the key, in a user id that gpg holds to be valid at least as `gpg.minTrustLevel`
    says (`marginal` where it is not set): anybody can write any e-mail on a key. No key is fetched.

    Raises:
        LedgerError: gpg is not there, or `gpg.minTrustLevel` is none of its words.
    """
    level = (setting(root, "gpg.minTrustLevel") or "marginal").casefold()
    if level not in _LEVELS:
        raise LedgerError(
            f"{level!r} is no level of trust",
            where="git config gpg.minTrustLevel",
            remedy=f"write one of {', '.join(_LEVELS)}",
        )
    program = _program(root)
    with kept_in_file(signature) as kept:
        command = [program, "--batch", "--no-auto-key-retrieve", "--status-fd=1", "--verify", kept, "-"]
        answer = call(command, given=content, setting=_PROGRAM)
    said_so = [
        line.removeprefix(_STATUS).split()
        for line in answer.stdout.decode(errors="replace").splitlines()
        if line.startswith(_STATUS)
    ]
    found = {words[0]: words[1:] for words in said_so if words}
    if answer.returncode or "GOODSIG" not in found or "VALIDSIG" not in found:
        return _no_good(found)
    return _by_whom(program, found["VALIDSIG"][-1], actor, _LEVELS[level])


def _no_good(found: dict[str, list[str]]) -> Signed:
    if "BADSIG" in found:
        return Signed(SignatureState.BAD, why="it does not fit the entry")
    if "NO_PUBKEY" in found:
        return Signed(SignatureState.UNKNOWN, why=f"gpg here has no key {found['NO_PUBKEY'][0]}")
    for word, why in (("EXPKEYSIG", "its key has expired"), ("REVKEYSIG", "its key was revoked")):
        if word in found:
            return Signed(SignatureState.UNKNOWN, why=why)
    return Signed(SignatureState.BAD, why="gpg does not take it for a good signature")


def _by_whom(program: str, key: str, actor: Actor, levels: str) -> Signed:
    answer = call([program, "--batch", "--with-colons", "--list-keys", key], given=b"", setting=_PROGRAM)
    rows = [line.split(":") for line in answer.stdout.decode(errors="replace").splitlines()]
    people = [_person(row[9]) for row in rows if row[0] == "uid" and row[1] in set(levels)]
    if not people:
        why = "gpg is not sure enough whose key it is: sign it with your own, or set its owner's trust"
        return Signed(SignatureState.UNKNOWN, why=why)
    for person in people:
        if same_person(actor, person):
            return Signed(SignatureState.GOOD, str(person))
    return Signed(SignatureState.OTHER, str(people[0]), f"{people[0]} signed, and {actor} is named as acting")


def _person(uid: str) -> Actor:
    words = re.sub(r"\\x([0-9a-f]{2})", lambda escaped: chr(int(escaped[1], 16)), uid)
    found = _UID.fullmatch(words)
    return Actor(found["name"].strip(), found["email"]) if found else Actor(words)


def _program(root: Path) -> str:
    return path_setting(root, "gpg.openpgp.program") or path_setting(root, _PROGRAM) or "gpg"
