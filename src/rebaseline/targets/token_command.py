"""Tokens that open an endpoint: fixed ones, and ones that a program of the company prints.

A printed token is kept until the endpoint refuses it; then the program is run once more. One that is refused fresh
from the program is for a person. Neither a token nor what the program printed is shown.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rebaseline.errors import ConfigurationError, ProviderError

__all__ = ["CommandTokens", "FixedToken", "Token", "Tokens", "checked_token"]

_MOST_SECONDS = 30.0
"""A program that took longer is ended: it waits for something that nobody will give it."""

_MOST_BYTES = 65_536
"""No token is longer; the rest of what a program prints is read and dropped."""

_MOST_CHARACTERS = 200
_LONG_WORD = re.compile(r"[A-Za-z0-9_+=-]{20,}")


@dataclass(frozen=True, slots=True)
class Token:
    """A token.

    Attributes:
        text: The token itself, never shown.
        number: How many were taken before it.
    """

    text: str = field(repr=False)
    number: int = 0


class Tokens(Protocol):
    """Where tokens come from."""

    async def current(self) -> Token:
        """Return the token to send now."""

    def accepted(self, token: Token) -> None:
        """Take note that the endpoint took a token."""

    def renewable(self, token: Token) -> bool:
        """Take note that the endpoint refused a token, and say whether the next `current` may fare better."""


class FixedToken:
    """One token for the whole run."""

    def __init__(self, text: str) -> None:
        self._token = Token(text)

    async def current(self) -> Token:
        """Return the token."""
        return self._token

    def accepted(self, token: Token) -> None:
        """Do nothing."""

    def renewable(self, token: Token) -> bool:  # noqa: ARG002 - the protocol's signature
        """Say no: there is only one."""
        return False


class CommandTokens:
    """Tokens that a program prints, one at a time."""

    def __init__(self, command: tuple[str, ...], *, where: str, folder: Path, environment: Mapping[str, str]) -> None:
        self._command = command
        self._where = where
        self._folder = folder
        self._environment = environment
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._taken = 0
        self._last = ""
        self._renewed = False

    async def current(self) -> Token:
        """Return the token that is kept, or run the program; many who wait at a time run it once.

        Raises:
            ConfigurationError: The program cannot be started, or prints no token.
            ProviderError: It fails, or takes too long.
        """
        async with self._lock:
            if self._token is None:
                self._last = await self._printed()
                self._token = Token(self._last, self._taken)
                self._taken += 1
            return self._token

    def accepted(self, token: Token) -> None:
        """Take note that the endpoint took a token: when it is refused later, it is worth another."""
        if self._token is not None and token.number == self._token.number:
            self._renewed = False

    def renewable(self, token: Token) -> bool:
        """Let go of a refused token, unless it was fetched because of a refusal and was never taken itself."""
        if self._token is None or token.number != self._token.number:
            return True  # sent before the present one was fetched
        if self._renewed:
            return False
        self._token = None
        self._renewed = True
        return True

    async def _printed(self) -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                cwd=self._folder,
                env=dict(self._environment),
                start_new_session=True,  # so that what it started ends with it
            )
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"the program {self._command[0]!r} of token_command cannot be started: {type(error).__name__}",
                where=self._where,
                remedy="Check its name and that it may be run; it is started in the project's folder, without a shell.",
            ) from None
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                printed, said = await asyncio.gather(_head(process.stdout), _head(process.stderr))
                code = await process.wait()
        except TimeoutError:
            raise self._failed(f"printed no token within {_MOST_SECONDS:g} s") from None
        finally:
            await _end(process)
        if code != 0:
            raise self._failed(f"failed (exit code {code}){self._first_line(said, printed)}")
        return checked_token(
            printed.decode("utf-8", "replace"), f"what the program {self._command[0]!r} prints", self._where
        )

    def _failed(self, how: str) -> ProviderError:
        return ProviderError(
            f"the program {self._command[0]!r} of token_command {how}",
            where=self._where,
            remedy="Run it by hand in the project's folder.",
        )

    def _first_line(self, said: bytes, printed: bytes) -> str:
        """Return the first line of what the program complained, without anything that may be a token."""
        line = next((line for line in said.decode("utf-8", "replace").splitlines() if line.strip()), "")
        for secret in sorted({self._last, *printed.decode("utf-8", "replace").split()} - {""}, key=len, reverse=True):
            line = line.replace(secret, "[…]")
        line = "".join(each if each.isprintable() else " " for each in _LONG_WORD.sub("[…]", line)).strip()
        return f": {line[:_MOST_CHARACTERS]}" if line else ""


def checked_token(text: str, source: str, where: str) -> str:
    """Return a token without the white space around it.

    Args:
        text: What should be a token.
        source: What gave it, for people: `the environment variable CLAIMS_TOKEN`.
        where: The target's place in the project file.

    Raises:
        ConfigurationError: It is empty, or holds what no header can carry. It is not shown.
    """
    token = text.strip()
    if not token:
        raise ConfigurationError(f"{source} is empty: there is no token", where=where, remedy="Give a token.")
    if not token.isascii() or not token.isprintable() or len(token) >= _MOST_BYTES:
        raise ConfigurationError(
            f"{source} is no token: it has several lines, or characters that no header can carry",
            where=where,
            remedy="Give the token and nothing else.",
        )
    return token


async def _head(stream: asyncio.StreamReader | None) -> bytes:
    """Read a stream to its end and return its beginning."""
    head = bytearray()
    while stream is not None and (chunk := await stream.read(_MOST_BYTES)):
        head += chunk[: _MOST_BYTES - len(head)]
    return bytes(head)


async def _end(process: Process) -> None:
    """End a program that still runs, with whatever it started."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
