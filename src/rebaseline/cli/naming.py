"""Names of assertions as they are typed: `suite/assertion`, or an id that one suite alone has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rebaseline.errors import UsageError

if TYPE_CHECKING:
    from rebaseline.app.workspace import Workspace

__all__ = ["near_names", "split_name"]

_SOME = 3


def split_name(
    workspace: Workspace, name: str, *, suites: Sequence[str] = (), also: Iterable[str] = ()
) -> tuple[str, str]:
    """Return the suite and the assertion that a name means.

    A whole name is taken as it is: whoever acts on it says whether there is such an assertion. An id by itself is
    looked for in the suites, and must be of one only.

    Args:
        workspace: The project.
        name: `suite/assertion`, or an assertion id.
        suites: Suites in which an id is looked for; none for all.
        also: Whole names beside those of the suites.

    Raises:
        UsageError: It names none, or several.
        SuiteErrors: A suite is wrong.
    """
    suite, slash, assertion = name.partition("/")
    if slash:
        if not suite or not assertion:
            raise UsageError(f"{name!r} names no assertion", remedy="write SUITE/ASSERTION, as `rebaseline diff` shows")
        return suite, assertion
    loaded = workspace.suites(suites)
    known = dict.fromkeys(
        [*(f"{each.id}/{it.id}" for each in loaded for it in (*each.assertions, *each.retired)), *also]
    )
    found = [whole for whole in known if whole.split("/", 1)[1] == name]
    if len(found) > 1:
        raise UsageError(f"several assertions are called {name!r}", remedy=f"name the suite too: {', '.join(found)}")
    if not found:
        raise UsageError(f"no suite has an assertion {name!r}", remedy=near_names(name, list(known)))
    return split_name(workspace, found[0])


def near_names(name: str, names: Sequence[str]) -> str:
    """Return the whole names that may be meant; where none is alike, some that there are."""
    by_id = {whole.split("/", 1)[1]: whole for whole in names}
    near = dict.fromkeys(
        [
            *get_close_matches(name, names, n=_SOME, cutoff=0.6),
            *(by_id[match] for match in get_close_matches(name, by_id, n=_SOME, cutoff=0.6)),
            *(each for each in names if name and name.casefold() in each.casefold()),
        ]
    )
    if near:
        return f"did you mean {' or '.join(list(near)[:_SOME])}?"
    rest = len(names) - _SOME
    return f"there are {', '.join(names[:_SOME])}" + (f" and {rest} more: `rebaseline diff --all`" if rest > 0 else "")
