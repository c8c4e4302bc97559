"""Asks a function of the project: whatever Python reaches can be a target."""

from __future__ import annotations

import asyncio
import functools
import inspect
import platform
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, assert_never

from rebaseline import __version__
from rebaseline.domain.attempt import Answered, Attempt, Faulted
from rebaseline.domain.model import Provenance
from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError
from rebaseline.targets.application_reply import ANSWER_KEYS, UnreadableError, answered_of, kind_of
from rebaseline.targets.base import Asked, IssuedCall, Message, ModelTurn, Opening, Request, ToolResult, UserTurn

__all__ = ["PythonTarget", "Question", "open_adapter"]

_HINT_CHARACTERS = 500
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
_LEAST_SECRET = 6
"""Shorter values of such variables are words like `true`; to hide them would garble what is said."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the function is asked.

    Attributes:
        user: Text of the last user turn.
        messages: The conversation so far, the system prompt left out: `{"role": "user", "content": …}`, then
            `assistant` (with `tool_calls`: id, name and arguments as JSON text, where there were calls) and `tool`
            (with `tool_call_id`).
        system: System prompt; None for none.
        tools: Tools that may be called.
        parameters: Parameters of the target and the probe, as written.
        probe: Id of the probe.
        sample: Which asking of the probe, from 0.
        model: The target's `model`.
    """

    user: str
    messages: tuple[Mapping[str, Any], ...]
    system: str | None = None
    tools: tuple[Tool, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    probe: str = ""
    sample: int = 0
    model: str = ""


@dataclass(frozen=True, slots=True)
class _Raised:
    error: Exception


class PythonTarget:
    """A target that is a function, called in the loop where it is asynchronous and in a thread of its own where not.

    Attributes:
        provider: `python`.
        mandatory: None.
    """

    provider = "python"
    mandatory: frozenset[str] = frozenset()

    def __init__(
        self, function: Callable[[Question], Any], *, monotonic: Callable[[], float], secrets: tuple[str, ...] = ()
    ) -> None:
        self._function = function
        self._monotonic = monotonic
        self._secrets = secrets

    @property
    def provenance(self) -> Provenance:
        """Python and we ourselves."""
        return Provenance(sdk=f"python {platform.python_version()}", tool=f"rebaseline {__version__}")

    async def ask(self, request: Request) -> Asked:
        """Call the function once. What it raises is a fault; only the end of the program passes through."""
        started = self._monotonic()
        try:
            async with asyncio.timeout(request.timeout_seconds):
                returned = await self._returned(_question(request))
        except TimeoutError:
            return Asked(Faulted("timeout", hint=f"nothing was returned within {request.timeout_seconds:g} s"))
        if isinstance(returned, _Raised):
            return Asked(Faulted("raised", hint=_words_of(returned.error, self._secrets)))
        attempt = _attempt(returned, self._monotonic() - started)
        return Asked(attempt, turn=_turn(attempt, request))

    async def aclose(self) -> None:
        """Do nothing: threads that still run hold nothing of ours."""

    async def _returned(self, question: Question) -> Any:
        """Return what the function returns or raises, awaited where it is to be awaited."""
        try:
            if _is_asynchronous(self._function):
                return await self._function(question)
            returned = await _in_thread(functools.partial(self._function, question))
            return await returned if inspect.isawaitable(returned) else returned
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return _Raised(RuntimeError(f"{type(error).__name__} inside of the function"))
        except Exception as error:  # noqa: BLE001 - the function is the project's: whatever it raises is an outcome
            return _Raised(error)


def _words_of(error: Exception, secrets: Iterable[str]) -> str:
    """Return what was raised, for people, without values of the environment that look like secrets."""
    try:
        words = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - an exception of the project that cannot even be printed
        words = type(error).__name__
    for secret in secrets:
        words = words.replace(secret, "[key]")
    return words[:_HINT_CHARACTERS]


async def _in_thread(call: Callable[[], Any]) -> Any:
    """Return what `call` returns or raises in a thread of its own.

    Not in a pool: its few threads would make calls wait, a call that hangs would keep one, and the program would not
    end before it. A thread cannot be stopped; one that nobody waits for any more ends with the program.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Any] = loop.create_future()

    def settle(result: Any, error: BaseException | None) -> None:
        if outcome.done():
            return  # nobody waits any more
        if error is None:
            outcome.set_result(result)
        else:
            outcome.set_exception(error)

    def run() -> None:
        result: Any = None
        fatal: BaseException | None = None
        try:
            result = call()
        except Exception as error:  # noqa: BLE001 - see `_returned`; a future could not carry a StopIteration
            result = _Raised(error)
        except BaseException as error:  # noqa: BLE001 - the end of the program is for the loop to meet
            fatal = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, fatal)

    threading.Thread(target=run, name="rebaseline-python", daemon=True).start()
    return await outcome


def _is_asynchronous(function: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


def _question(request: Request) -> Question:
    said = [message.text for message in request.messages if isinstance(message, UserTurn)]
    return Question(
        user=said[-1] if said else "",
        messages=tuple(_message(message) for message in request.messages),
        system=request.system,
        tools=request.tools,
        parameters=dict(request.parameters),
        probe=request.probe,
        sample=request.sample,
        model=request.model,
    )


def _message(message: Message) -> Mapping[str, Any]:
    match message:
        case UserTurn(text):
            return {"role": "user", "content": text}
        case ModelTurn(text, ()):
            return {"role": "assistant", "content": text}
        case ModelTurn(text, calls):
            issued = [{"id": each.id, "name": each.call.name, "arguments": each.call.arguments} for each in calls]
            return {"role": "assistant", "content": text, "tool_calls": issued}
        case ToolResult(call_id, text):
            return {"role": "tool", "tool_call_id": call_id, "content": text}
        case _:
            assert_never(message)


def _attempt(returned: Any, latency_seconds: float) -> Attempt:
    """Return the attempt that a text or a mapping describes; anything else is malformed."""
    values = {"reply": returned} if isinstance(returned, str) else returned
    if not isinstance(values, Mapping):
        return Faulted("malformed", hint=f"the function returned {kind_of(returned)}, neither a text nor a mapping")
    unknown = [repr(key) for key in values if key not in (*ANSWER_KEYS, "identity")]
    if unknown or "reply" not in values:
        problem = f"{unknown[0]}, which is not read" if unknown else "no `reply`"
        return Faulted("malformed", hint=f"the function returned a mapping with {problem}"[:_HINT_CHARACTERS])
    identity = values.get("identity") or {}
    if not isinstance(identity, Mapping) or not all(isinstance(name, str) for name in identity):
        return Faulted("malformed", hint=f"identity is {kind_of(identity)}, not a mapping by names")
    try:
        return answered_of(values, identity, latency_seconds=latency_seconds)
    except UnreadableError as error:
        return Faulted("malformed", hint=f"{error.key} is {error.problem}")


def _turn(attempt: Attempt, request: Request) -> ModelTurn | None:
    """Return the turn to go back. Without tools to call, the calls that are told of were the function's own."""
    if not isinstance(attempt, Answered):
        return None
    calls = attempt.reply.tool_calls if request.tools else ()
    return ModelTurn(attempt.reply.text, tuple(IssuedCall("", call) for call in calls))


def open_adapter(opening: Opening) -> PythonTarget:
    """Open a target of type `python`: import its module, with the project's folder first on the path.

    Raises:
        ConfigurationError: The module cannot be imported, or has no such function.
    """
    name = str(opening.target.settings.get("function", ""))
    module_name, _, way = name.partition(":")
    where = f"{opening.where}.function"
    if not module_name or not way:
        raise ConfigurationError(f"{name!r} names no function", where=where, remedy="Write `module:function`.")
    if opening.root is not None and str(opening.root) not in sys.path:
        sys.path.insert(0, str(opening.root))
    found = {
        value
        for variable, value in opening.environment.items()
        if _SECRET_NAME.search(variable) and len(value) >= _LEAST_SECRET
    }
    secrets = tuple(sorted(found, key=len, reverse=True))
    function = _imported(module_name, opening.root, where, secrets)
    for part in way.split("."):
        function = getattr(function, part, None)
    if not callable(function):
        raise ConfigurationError(
            f"the module {module_name!r} has no function {way!r}", where=where, remedy="Check both names."
        )
    return PythonTarget(function, monotonic=opening.monotonic, secrets=secrets)


def _imported(module_name: str, root: Path | None, where: str, secrets: Iterable[str]) -> Any:
    try:
        return import_module(module_name)
    except Exception as error:
        folder = "the project's folder" if root is not None else "the path"
        raise ConfigurationError(
            f"the module {module_name!r} cannot be imported: {_words_of(error, secrets)}",
            where=where,
            remedy=f"Correct the module; it is looked for in {folder} first.",
        ) from error
