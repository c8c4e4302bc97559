"""Values in a target's section: addresses, names of variables, headers, paths and templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field

from rebaseline.domain.model import TargetKind
from rebaseline.errors import ConfigurationError
from rebaseline.load.secret_names import secret_in
from rebaseline.load.shape import Json, object_to
from rebaseline.targets.http_request import body_template
from rebaseline.targets.json_places import place_of

__all__ = [
    "Body",
    "Calls",
    "Function",
    "Headers",
    "Http",
    "JsonPath",
    "TargetSort",
    "Timeout",
    "TokenHeader",
    "TokenScheme",
    "Usd",
    "Variable",
    "no_password",
]

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_FUNCTION = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_.]*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS = frozenset({"authorization", "content-length", "content-type", "host", "transfer-encoding"})


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        # The value is not repeated: it may be the key itself.
        object_to("this is not the name of an environment variable", "write its name, never the key itself")
    return name


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        object_to("this is not a URL", "check brackets and the port")


def no_password(url: str) -> str:
    """Refuse an address with a password in it."""
    if _parts(url).password:
        object_to("the URL holds a password", "take it out: the driver reads it from the environment")
    return url


def _http(url: str) -> str:
    parts = _parts(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        object_to("this is not an HTTP address", "write one such as `https://api.openai.com/v1`")
    if parts.query or parts.fragment:
        object_to("the address has a query or a fragment, which may hold a secret", "write the address alone")
    no_password(url)
    if parts.username:
        object_to("the URL holds a user, which may be a secret", "write the address alone")
    return url


def _function(name: str) -> str:
    if not _FUNCTION.fullmatch(name):
        object_to(f"`{name[:60]}` does not name a function", "write `module:function`")
    return name


def _path(path: str) -> str:
    if not path.startswith("$"):
        object_to(f"`{path[:60]}` is not a JSONPath", "begin with `$`, as in `$.answer`")
    return place_of(path).path


def _body(template: Json) -> Json:
    return dict(body_template(template, "").template)


def _told(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a check of an adapter's settings object in the words of a file."""

    def read(value: Any) -> Any:
        try:
            return check(value)
        except ConfigurationError as error:
            object_to(error.problem, error.remedy)

    return read


def _headers(headers: dict[str, str]) -> dict[str, str]:
    secret = secret_in(headers)
    if secret is not None:
        object_to(f"the header `{secret}` looks like a secret", "open the endpoint with `auth`")
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            object_to(f"the header `{name[:60]}` cannot be set here", "take it out; what opens the endpoint is `auth`")
        if not value.isascii() or not value.isprintable():
            object_to(f"the header `{name}` holds characters that no header can", "write printable ASCII")
    return headers


def _token_header(name: str) -> str:
    if not _HEADER.fullmatch(name) or name.lower() in _OURS - {"authorization"}:
        object_to(f"the header `{name[:60]}` cannot carry a token", "name another, or leave it out")
    return name


Calls = Annotated[int, Field(ge=1, le=1000)]
Http = Annotated[str, AfterValidator(_http)]
Variable = Annotated[str, AfterValidator(_variable)]
Body = Annotated[Json, AfterValidator(_told(_body))]
JsonPath = Annotated[str, AfterValidator(_told(_path))]
TargetSort = Annotated[TargetKind, Field(strict=False)]
Timeout = Annotated[float, Field(gt=0, le=3600)]
TokenHeader = Annotated[str, AfterValidator(_token_header)]
TokenScheme = Annotated[str, Field(pattern=r"^[!-~]{0,100}$")]
Usd = Annotated[float, Field(ge=0, le=1e6)]
Function = Annotated[str, AfterValidator(_function)]
Headers = Annotated[dict[str, str], AfterValidator(_headers)]
