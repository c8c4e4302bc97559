"""Who acts: as `--as` says, or as git knows them."""

from __future__ import annotations

import re
import unicodedata

from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Actor
from rebaseline.errors import UsageError
from rebaseline.review.git import setting

__all__ = ["actor_here", "actor_named"]

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>\s]+)>")


def actor_here(workspace: Workspace, as_: str | None) -> Actor:
    """Return who acts on the project.

    Args:
        workspace: The project; git is asked in its folder.
        as_: `Name <mail>`, or a name; None takes `user.name` and `user.email` from git.

    Raises:
        UsageError: Nobody is named, or not in this way.
        LedgerError: Nobody is named, and git is not installed.
    """
    if as_ is not None:
        return actor_named(as_)
    root = workspace.project.root
    name, email = setting(root, "user.name"), setting(root, "user.email")
    if not name:
        raise UsageError(
            "nobody is named as acting, and git knows no user.name here",
            where=str(root),
            remedy='give --as "Name <mail>", or set `git config user.name "Name"` and `git config user.email MAIL`',
        )
    return _sound(Actor(name, email), "git config user.name")


def actor_named(words: str) -> Actor:
    """Return the actor that `Name <mail>`, or a mere name, stands for.

    Raises:
        UsageError: It is empty, or not of this form.
    """
    found = _NAMED.fullmatch(words.strip())
    actor = Actor(found["name"].strip(), found["email"]) if found else Actor(words.strip())
    return _sound(actor, "--as")


def _sound(actor: Actor, where: str) -> Actor:
    """An actor is written into files for good, and e-mails are compared: nothing may stand in them unseen."""
    text = actor.name + actor.email
    if not actor.name:
        raise UsageError("nobody is named as acting", where=where, remedy='write "Name <mail>", or a name')
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in text) or set("<>") & set(text):
        raise UsageError(f"{str(actor)!r} names nobody", where=where, remedy='write "Name <mail>", or a name')
    return actor
