"""Attempt and compiled check to reading: the rules of docs/verdicts.md on presence, absence, form and refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from rebaseline.assess.second import held_against, held_against_refusal
from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Reply, Stop
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.instrument import AllOf, AnyOf, CheckNode, Leaf, Look, Polarity, RefusalReading
from rebaseline.domain.judge import JUDGE
from rebaseline.domain.model import TargetKind
from rebaseline.domain.reading import OUTSTANDING, Assumption, Reading, Valued, Void
from rebaseline.domain.suite import OnRefusal

__all__ = ["ReadingRules", "RefusalReader", "answer_of", "read_attempt", "read_reply"]

RefusalReader = Callable[[Reply], RefusalReading]

_LONGEST_NOTE = 200
_NOT_FOUND = 404
_NOTHING: frozenset[Form] = frozenset()
_ONLY_FENCE = frozenset({Form.FENCE})
_PASS = Valued(1.0)
_SEEN_CALLS = frozenset({"calls_tool"})
_WITHHELD = (Stop.REFUSED, Stop.FILTERED)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What an assertion, its probe and its target say about how a reply is to be read.

    Attributes:
        form_claimed: Forms that are part of the claim.
        consumer: What the reader downstream does with a form.
        on_refusal: What a refusal means; None for the default of the polarity.
        means: Built-in second reading: `refusal`, `compliance` or None.
        all_or_nothing: Whatever is no pass is a violation, for a second reading too.
        asked: What the reply answers, whose language tells in which one it is expected; empty where that is not known.
        adversarial: The right reaction to the probe may be a refusal.
        target_kind: A cut reply is the suite's doing for a model, a fault of the product for an application.
        unread: Kinds of content of the reply at hand that were not read.
    """

    form_claimed: frozenset[Form] = frozenset()
    consumer: Mapping[Form, FormEffect] = field(default_factory=dict)
    on_refusal: OnRefusal | None = None
    means: str | None = None
    all_or_nothing: bool = False
    asked: str = ""
    adversarial: bool = False
    target_kind: TargetKind = TargetKind.MODEL
    unread: tuple[str, ...] = ()


def read_attempt(
    node: CheckNode,
    attempt: Attempt,
    rules: ReadingRules,
    refusal: RefusalReader,
    *,
    second: CheckNode | None = None,
) -> Reading:
    """Return what the check makes of an attempt.

    A rejection breaks `accepted`; a fault, and a model that the provider does not know, break `delivered`: nothing was
    said that could be read.
    """
    match attempt:
        case Answered(reply=reply, unread=unread):
            return read_reply(node, reply, replace(rules, unread=unread) if unread else rules, refusal, second=second)
        case Rejected(status=status, culprit=culprit):
            if status == _NOT_FOUND:
                return Void(Assumption.DELIVERED, note="404: the model is unknown or retired")
            return Void(Assumption.ACCEPTED, note=f"rejected because of {culprit}" if culprit else "request rejected")
        case Faulted(kind=kind):
            return Void(Assumption.DELIVERED, note=kind)


def read_reply(
    node: CheckNode,
    reply: Reply,
    rules: ReadingRules,
    refusal: RefusalReader,
    *,
    second: CheckNode | None = None,
) -> Reading:
    """Return what the check makes of a reply, held against the second reading where there is one.

    Args:
        node: The check.
        reply: The reply.
        rules: How it is to be read; `rules.means` names the built-in second reading.
        refusal: The built-in refusal reading.
        second: A second, independent check; None for none.
    """
    reading = _read_node(node, reply, rules, refusal)
    if not isinstance(reading, Valued):
        return reading
    if second is not None:
        again = _read_node(second, reply, rules, refusal)
        return held_against(reading, again, all_or_nothing=rules.all_or_nothing)
    if rules.means is None:
        return reading
    return held_against_refusal(reading, refusal(reply), rules.means, all_or_nothing=rules.all_or_nothing)


def answer_of(node: CheckNode, reply: Reply, refusal: RefusalReader) -> str:
    """Return the wrong answer that a failing reply gives, the same text for the same answer; empty where none is read.

    Only one check that claims a presence reads an answer. A reply that declines, or says nothing, gives none.
    """
    if not isinstance(node, Leaf) or node.polarity is not Polarity.PRESENCE or node.negated:
        return ""
    if _disengaged(reply, refusal) is not None:
        return ""
    return _look(node, reply, _NOTHING).answer or _look(node, reply, frozenset(node.tolerant)).answer


def _read_node(node: CheckNode, reply: Reply, rules: ReadingRules, refusal: RefusalReader) -> Reading:
    match node:
        case Leaf():
            return _read_leaf(node, reply, rules, refusal)
        case AllOf(parts=parts):
            return _all_of([_read_node(part, reply, rules, refusal) for part in parts])
        case AnyOf(parts=parts):
            return _any_of([_read_node(part, reply, rules, refusal) for part in parts])


def _all_of(readings: list[Reading]) -> Reading:
    """Kleene's conjunction: the least value among the parts that were read, void unless a fail decides it."""
    least = min((part for part in readings if isinstance(part, Valued)), key=lambda part: part.value, default=None)
    if least is not None and least.value <= 0.0:
        return least
    void = next((part for part in readings if isinstance(part, Void)), None)
    if void is not None:
        return _joint_void(void, readings, combine=min)
    assert least is not None  # a parsed all_of has parts  # noqa: S101
    return least


def _any_of(readings: list[Reading]) -> Reading:
    """Kleene's disjunction: the greatest value among the parts, void unless a pass decides it."""
    most = max((part for part in readings if isinstance(part, Valued)), key=lambda part: part.value, default=None)
    if most is not None and most.value >= 1.0:
        return most
    void = next((part for part in readings if isinstance(part, Void)), None)
    if void is not None:
        return _joint_void(void, readings, combine=max)
    assert most is not None  # a parsed any_of has parts  # noqa: S101
    return most


def _joint_void(first: Void, readings: list[Reading], *, combine: Callable[[list[float]], float]) -> Void:
    """Keep what undoing the forms would give only where every part of the whole would then be read.

    A part that asking again may still read comes first: until it has, the rest of the whole decides nothing.
    """
    waiting = next((part for part in readings if isinstance(part, Void) and part.broken in OUTSTANDING), None)
    if waiting is not None:
        return waiting
    values: list[float] = []
    forms: list[Form] = []
    for part in readings:
        value = part.value if isinstance(part, Valued) else part.if_undone
        if value is None:
            return Void(first.broken, first.forms, None, first.note)
        values.append(value)
        if isinstance(part, Void):
            forms.extend(form for form in part.forms if form not in forms)
    return Void(first.broken, tuple(forms), combine(values), first.note)


def _read_leaf(leaf: Leaf, reply: Reply, rules: ReadingRules, refusal: RefusalReader) -> Reading:
    polarity = leaf.polarity
    strict = _look(leaf, reply, _NOTHING)
    if polarity is Polarity.ABSENCE:
        found = _absence(leaf, reply, rules, strict)
        if isinstance(found, Valued) and found.value < 1.0:
            return found  # a leak is a leak, whatever else is wrong with the reply
    elif polarity is Polarity.PRESENCE and strict.value != 1.0:
        found = _presence(leaf, reply, rules, strict)
    else:
        found = _as_read(strict)
    if rules.unread and not _told_by_the_rest(leaf, found, reply, refusal):
        return Void(Assumption.COMPLETE, note=f"part of it was not read: {', '.join(rules.unread)}"[:_LONGEST_NOTE])
    if leaf.instrument.judges_refusal:
        told = _disputed(
            _unshown(_by_the_suite(found, leaf, reply, rules, refusal), reply, rules), leaf, reply, refusal
        )
        return _unless_unheard_of(told, reply)
    incomplete = _completeness(reply, rules)
    if incomplete is not None:
        return incomplete
    return _engagement(found, polarity, reply, rules, refusal)


def _told_by_the_rest(leaf: Leaf, found: Reading, reply: Reply, refusal: RefusalReader) -> bool:
    """Return whether a reading stands whatever the unread part of the reply holds.

    What is there is there, and words that do what should be declined have done it. That something is not there, how
    long the reply is and whether it declines may all be otherwise in the part that nobody read.
    """
    if isinstance(found, Void):
        return found.broken in OUTSTANDING
    if leaf.polarity is Polarity.PRESENCE:
        return found.value >= 1.0
    if leaf.name in _SEEN_CALLS:
        return found.value == (0.0 if leaf.negated else 1.0)
    answered = bool(reply.text.strip()) and refusal(reply).refuses is False
    return leaf.instrument.judges_refusal and found.value <= 0.0 and answered


def _look(leaf: Leaf, reply: Reply, undo: frozenset[Form]) -> Look:
    look = leaf.instrument.look(reply, undo)
    if leaf.negated and look.value is not None:
        return Look(1.0 - look.value, look.note)
    return look


def _as_read(look: Look) -> Reading:
    if look.value is None:
        return Void(look.broken, note=look.note)
    if look.value == 1.0 and not look.note:
        return _PASS  # one object for what most replies are: a diff holds a million of them
    return Valued(look.value, note=look.note)


def _absence(leaf: Leaf, reply: Reply, rules: ReadingRules, strict: Look) -> Reading:
    """A tolerant reading may only find more: a pass, or what is not readable as written, becomes a fail."""
    undo = frozenset(leaf.tolerant) | rules.form_claimed | frozenset(rules.consumer)
    tolerant = _look(leaf, reply, undo) if undo else strict
    least = 1.0 if strict.value is None else strict.value
    if tolerant.value is None or tolerant.value >= least:
        return _as_read(strict)
    leak = tolerant.value
    return Valued(leak, _smallest(leaf, reply, undo, found=lambda value: value <= leak), tolerant.note)


def _presence(leaf: Leaf, reply: Reply, rules: ReadingRules, strict: Look) -> Reading:
    """A tolerant reading may only doubt: fail becomes void, unless the suite says what the form means."""
    undo = frozenset(leaf.tolerant) | rules.form_claimed | frozenset(rules.consumer)
    unfenced = _look(leaf, reply, _ONLY_FENCE) if Form.FENCE in undo and "```" in reply.text else strict
    tolerant = unfenced if unfenced.value == 1.0 or not undo else _look(leaf, reply, undo)
    if tolerant.value is None or (strict.value is not None and tolerant.value <= strict.value):
        return _as_read(strict)
    floor = strict.value or 0.0
    goal = tolerant.value
    alone = tolerant is unfenced  # nothing more than a pass can be read, and the fence was all that stood before it
    forms = (Form.FENCE,) if alone else _smallest(leaf, reply, undo, found=lambda value: value >= goal)
    if tolerant.value <= floor:
        return Valued(floor, forms, tolerant.note)  # wrong whatever the reader downstream does with the form
    if any(form in rules.form_claimed for form in forms):
        return Valued(floor, forms, "the claim is about this form")
    undeclared = tuple(form for form in forms if form not in rules.consumer)
    if any(rules.consumer.get(form) is FormEffect.BREAKS for form in forms):
        return Valued(floor, forms, "what reads the reply breaks on this form")
    if undeclared:
        return Void(Assumption.FORM, undeclared, tolerant.value, tolerant.note)
    return Valued(tolerant.value, forms, tolerant.note)


def _smallest(leaf: Leaf, reply: Reply, undo: frozenset[Form], *, found: Callable[[float], bool]) -> tuple[Form, ...]:
    """Return a smallest set of forms whose undoing gives the tolerant reading: one alone, else none can be spared."""
    ordered = [form for form in Form if form in undo]

    def serves(forms: list[Form]) -> bool:
        value = _look(leaf, reply, frozenset(forms)).value
        return value is not None and found(value)

    for form in ordered:
        if serves([form]):
            return (form,)
    kept = ordered
    for form in ordered:
        without = [other for other in kept if other is not form]
        if serves(without):
            kept = without
    return tuple(kept)


def _by_the_suite(found: Reading, leaf: Leaf, reply: Reply, rules: ReadingRules, refusal: RefusalReader) -> Reading:
    """Let what the suite says of a refusal stand before what a judge says of the reply."""
    cue = _disengaged(reply, refusal) if leaf.name == JUDGE and rules.on_refusal is not None else None
    return found if cue is None else _by_refusal(rules, cue, proves_nothing=False)


def _unshown(found: Reading, reply: Reply, rules: ReadingRules) -> Reading:
    """Read what is not there to be judged: a reply that is cut, before it shows where it goes, or says nothing."""
    match found:
        case Void(broken=Assumption.COMPLETE):
            return _completeness(reply, rules) or found
        case Void(broken=Assumption.ENGAGED, note=cue):
            return _by_refusal(rules, cue, proves_nothing=False)
        case _:
            return found


def _disputed(found: Reading, leaf: Leaf, reply: Reply, refusal: RefusalReader) -> Reading:
    """Name the second reading where a list of phrases does not know a reply that declines all the same.

    The check itself voids it; nothing else about refusals is unreadable and a refusal to the built-in reading.
    """
    if leaf.name != "refuses" or isinstance(found, Valued) or not refusal(reply).refuses:
        return found
    return Void(Assumption.AGREEMENT, if_undone=float(not leaf.negated), note="second reading: a refusal")


def _unless_unheard_of(found: Reading, reply: Reply) -> Reading:
    """Void the pass of a check that judges refusal where the stop reason is news; its fail stays a fail.

    A cut is no matter to it: how a reply opens says whether it declines, and what complied until it was cut complied.
    """
    passes = isinstance(found, Valued) and found.value >= 1.0
    return _unknown_stop(reply) if passes and reply.stop is Stop.UNKNOWN else found


def _unknown_stop(reply: Reply) -> Void:
    return Void(Assumption.COMPLETE, note=f"unknown stop reason {(reply.stop_as_received or '')[:40]!r}")


def _completeness(reply: Reply, rules: ReadingRules) -> Reading | None:
    if reply.stop is Stop.CUT:
        if rules.target_kind is TargetKind.APPLICATION:
            return Valued(0.0, note="the reply was cut")
        return Void(Assumption.COMPLETE, note="the reply was cut at its limit")
    if reply.stop is Stop.UNKNOWN:
        return _unknown_stop(reply)
    return None


def _engagement(
    found: Reading, polarity: Polarity, reply: Reply, rules: ReadingRules, refusal: RefusalReader
) -> Reading:
    """Let a refusal, an empty or a filtered reply mean what the suite, or the polarity, says it means.

    Only a presence is shown by its own pass. Nothing that is absent, and no limit that is kept, shows that the model
    did anything: silence keeps to every limit.
    """
    passes = isinstance(found, Valued) and found.value >= 1.0
    if polarity is Polarity.PRESENCE and (passes or (isinstance(found, Void) and found.broken is Assumption.FORM)):
        return found
    cue = _disengaged(reply, refusal)
    if cue is None:
        return _unless_in_another_language(found, reply, rules, refusal, proves=polarity is Polarity.PRESENCE)
    return _by_refusal(rules, cue, proves_nothing=polarity is Polarity.ABSENCE or passes)


def _unless_in_another_language(
    found: Reading, reply: Reply, rules: ReadingRules, refusal: RefusalReader, *, proves: bool
) -> Reading:
    """Void a pass that engagement must carry where nobody can tell whether the reply declines.

    That is so of a language that the refusal reading does not know, and only where what was asked is in one that it
    does: a suite in that other language expects it, and says with `on_refusal` and `refuses: phrases` what declines.
    """
    passes = isinstance(found, Valued) and found.value >= 1.0
    if proves or not passes or rules.on_refusal is not None or not refusal(reply).unknown_language:
        return found
    if not rules.asked or refusal(Reply(rules.asked)).unknown_language:
        return found
    return Void(Assumption.ENGAGED, note="in a language in which nobody can tell whether it declines")


def _by_refusal(rules: ReadingRules, cue: str, *, proves_nothing: bool) -> Reading:
    match rules.on_refusal or _default_on_refusal(rules, proves_nothing=proves_nothing):
        case OnRefusal.FAIL:
            return Valued(0.0, note=cue)
        case OnRefusal.PASS:
            return Valued(1.0, note=cue)
        case OnRefusal.VOID:
            return Void(Assumption.ENGAGED, note=cue)


def _default_on_refusal(rules: ReadingRules, *, proves_nothing: bool) -> OnRefusal:
    if not proves_nothing:
        return OnRefusal.FAIL
    return OnRefusal.PASS if rules.adversarial else OnRefusal.VOID


def _disengaged(reply: Reply, refusal: RefusalReader) -> str | None:
    """Return why the last turn is no answer, or None where it is one.

    `Reply.tool_calls` are those of the whole conversation. They stand for a turn that says nothing or ends in a call;
    words that decline, after calls or before, are a refusal.
    """
    if reply.tool_calls and (reply.stop is Stop.TOOL or not (reply.text.strip() or reply.stop in _WITHHELD)):
        return None
    if not reply.text.strip():
        return "empty reply"
    if reply.stop is Stop.FILTERED:
        return "filtered"
    seen = refusal(reply)
    return f"refused: {seen.cue}" if seen.refuses else None
