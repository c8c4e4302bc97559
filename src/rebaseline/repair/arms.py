"""`controls` and `alive`: arms that no longer tell, and what is read without them so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rebaseline.domain.edit import Drop, Put
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.suite import Expectation, LiveArm
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts

__all__ = ["propose_alive_check", "propose_arm_of_its_own"]

_OPPOSITE = {"refusal": "compliance", "compliance": "refusal"}
_KEPT = ("kind", "layers", "owner", "consumer", "on_refusal")


def propose_arm_of_its_own(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Turn the live arm into an assertion, and take it out of this one: then each is read for itself.

    A model that reads a constant answer is out on one of the two. The bar of the new assertion is the floor of the
    separation: the share of right readings on either arm is at least J.
    """
    live = facts.assertion.live
    if live is None or live.against is not None or facts.assertion.form_claimed or not facts.check:
        return
    name = _free_id(facts)
    yield Proposal(
        kind=RepairKind.ADD_ARM,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=f"its live arm `{live.on}` becomes an assertion of its own, {name}, and this one is read by itself",
        edits=(
            Drop(facts.place("controls", "live")),
            Put(("assertions", len(facts.written["assertions"])), _arm_entry(facts, live, name)),
        ),
        group=f"arm {live.on} of its own",
        adds=(name,),
    )


def _arm_entry(facts: Facts, live: LiveArm, name: str) -> dict[str, Any]:
    flipped = live.expected is Expectation.FAILS
    verb = "fail" if flipped else "pass"
    entry: dict[str, Any] = {
        "id": name,
        "claim": f"Replies to the probes `{live.on}` {verb} what {facts.assertion.id} asks.",
        "on": live.on,
        "check": {"not": dict(facts.check)} if flipped else dict(facts.check),
        "bar": {"at_least": live.floor},
    }
    entry |= {key: facts.entry[key] for key in _KEPT if key in facts.entry}
    means = facts.entry.get("means")
    if means is not None:
        opposite = _OPPOSITE[means] if isinstance(means, str) else {"not": means}
        entry["means"] = opposite if flipped else means
    controls = _controls(facts, flipped=flipped)
    return entry | ({"controls": controls} if controls else {})


def _controls(facts: Facts, *, flipped: bool) -> dict[str, Any]:
    """Return the static controls as the arm's assertion must read them."""
    written = facts.entry.get("controls")
    if not isinstance(written, dict):
        return {}
    sides: dict[str, str] = {"passes": "fails", "fails": "passes"} if flipped else {}
    return {sides.get(str(key), str(key)): value for key, value in written.items() if key != "live"}


def _free_id(facts: Facts) -> str:
    taken = {assertion.get("id") for assertion in facts.written.get("assertions", []) if isinstance(assertion, dict)}
    base = f"{facts.assertion.id}-arm"
    return next(
        name for name in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if name not in taken
    )


def propose_alive_check(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Ask of the arm that shows engagement only that it answers: its own check may be what broke."""
    alive, group = facts.assertion.alive_if, facts.comparison.new.group
    if alive is None or group.alive is None or not group.alive.refuted or alive.check.name == "answers":
        return
    yield Proposal(
        kind=RepairKind.SWITCH_CHECK,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=f"the arm `{alive.on}` shows engagement by answering at all, whatever it answers (looser)",
        edits=(Put(facts.place("alive_if", "check"), {"answers": True}),),
        group="arm shows engagement by answering",
    )
