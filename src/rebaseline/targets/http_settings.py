"""Where an application's endpoint is, what opens it and what is read of its replies, from the settings of a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rebaseline.errors import ConfigurationError
from rebaseline.targets.application_reply import ANSWER_KEYS
from rebaseline.targets.base import Opening
from rebaseline.targets.http_request import BodyTemplate, body_template
from rebaseline.targets.json_places import Place, place_of
from rebaseline.targets.proxies import proxy_for
from rebaseline.targets.token_command import CommandTokens, FixedToken, Tokens, checked_token

__all__ = ["Door", "HttpSettings", "http_settings"]


@dataclass(frozen=True, slots=True)
class Door:
    """What opens the endpoint.

    Attributes:
        tokens: Where tokens come from.
        header: The header that carries them.
        scheme: The word before the token; empty for none.
        name: What opens it, for people: `the token in CLAIMS_TOKEN`.
        remedy: What to do where it is refused.
    """

    tokens: Tokens
    header: str
    scheme: str
    name: str
    remedy: str


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """An application's endpoint.

    Attributes:
        url: Address that is POSTed to.
        host: Its host.
        proxy: Proxy on the way, by the environment or the system; None for none.
        headers: Further headers.
        door: What opens it; None where nothing needs to.
        body: What is sent.
        read: Where things are found in the reply, by `ANSWER_KEYS`.
        identity: Where the application says what it is, by names of the project's own.
        where: The target's place in the project file.
    """

    url: str
    host: str
    proxy: str | None
    headers: Mapping[str, str]
    door: Door | None
    body: BodyTemplate
    read: Mapping[str, Place]
    identity: Mapping[str, Place]
    where: str


def http_settings(opening: Opening) -> HttpSettings:
    """Return the endpoint that the settings of a target name.

    Raises:
        ConfigurationError: A setting is wrong, or a token that is named is not there.
    """
    settings, where = opening.target.settings, opening.where
    url = str(settings.get("url", ""))
    host = _host(url, where)
    headers = {str(name): str(value) for name, value in _table(settings, "headers", where).items()}
    door = _door(_table(settings, "auth", where), opening)
    if door is not None and door.header.lower() in {name.lower() for name in headers}:
        raise ConfigurationError(
            f"the header {door.header!r} stands in `headers` and in `auth`", where=where, remedy="Take one of them out."
        )
    read = {key: _place(path, f"{where}.read.{key}") for key, path in _table(settings, "read", where).items()}
    if "reply" not in read or not read.keys() <= set(ANSWER_KEYS):
        raise ConfigurationError(
            "`read` does not say where the reply is, or names what is not read",
            where=f"{where}.read",
            remedy=f"Known: {', '.join(ANSWER_KEYS)}; `reply` is needed.",
        )
    identity = _table(settings, "identity", where)
    return HttpSettings(
        url=url,
        host=host,
        # The client would find it by itself, but then it reads `~/.netrc` too and sends what it finds there.
        proxy=proxy_for(url, where),
        headers=headers,
        door=door,
        body=body_template(_table(settings, "request", where) or None, f"{where}.request"),
        read=read,
        identity={name: _place(path, f"{where}.identity.{name}") for name, path in identity.items()},
        where=where,
    )


def _table(settings: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = settings.get(name)
    if value is not None and not isinstance(value, Mapping):
        raise ConfigurationError(f"{name} is {type(value).__name__}, not a table", where=f"{where}.{name}")
    return value or {}


def _place(path: Any, where: str) -> Place:
    try:
        return place_of(str(path))
    except ConfigurationError as error:
        raise ConfigurationError(error.problem, where=where, remedy=error.remedy) from None


def _host(url: str, where: str) -> str:
    """Return the host of the address, which must be one that can be asked and must carry no user or password."""
    try:
        parts = urlsplit(url)
        host, secret = parts.hostname, parts.username or parts.password
        known = parts.scheme in {"http", "https"} and parts.port != 0
    except ValueError:
        host, secret, known = None, None, False
    if not known or not host:
        raise ConfigurationError("url is no http or https address", where=where, remedy="Write https://host/path.")
    if secret:
        raise ConfigurationError(
            "url carries a user or a password", where=where, remedy="Take it out: say in `auth` where a token is."
        )
    return host


def _door(auth: Mapping[str, Any], opening: Opening) -> Door | None:
    if not auth:
        return None
    where = f"{opening.where}.auth"
    header, scheme = str(auth.get("header", "Authorization")), str(auth.get("scheme", "Bearer"))
    variable, command = auth.get("token_env"), auth.get("token_command")
    if variable is not None:
        token = checked_token(opening.environment.get(variable, ""), f"the environment variable {variable}", where)
        return Door(
            FixedToken(token), header, scheme, f"the token in {variable}", f"Check {variable} and what it may use."
        )
    if not isinstance(command, list | tuple) or not command or not all(isinstance(part, str) for part in command):
        raise ConfigurationError(
            "neither token_env nor token_command says where a token comes from",
            where=where,
            remedy='Write `token_env = "NAME"`, or `token_command = ["program", "argument"]`.',
        )
    tokens = CommandTokens(tuple(command), where=where, folder=opening.root or Path(), environment=opening.environment)
    return Door(
        tokens, header, scheme, "the token of token_command", "Check that what the program prints may be used here."
    )
