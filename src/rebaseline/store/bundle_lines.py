"""The lines of a bundle: what is written, and back. Nothing of a line is trusted; `docs/bundles.md` describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from rebaseline.domain.bundle import PackedSession
from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.model import ModelVersion, Provenance, Target, TargetKind
from rebaseline.domain.record import SessionHeader, SessionKind

__all__ = [
    "BadLineError",
    "Fields",
    "encode_line",
    "model_line",
    "model_of",
    "parse_line",
    "session_line",
    "session_of",
]

_MOST = 2**63 - 1
"""The largest whole number that a database holds."""


class BadLineError(ValueError):
    """A line of a bundle is not what it should be; its text says why."""


def encode_line(content: Mapping[str, Any]) -> bytes:
    """Return a line. A half of a surrogate pair passes through: two of them must not come back as one character."""
    return (canonical_json(content) + "\n").encode("utf-8", "surrogatepass")


def parse_line(line: bytes) -> Fields:
    """Return the fields of a line.

    Raises:
        BadLineError: It is no JSON object.
    """
    try:
        content = json.loads(line.decode("utf-8", "surrogatepass"), parse_constant=_no_number)
    except RecursionError:
        raise BadLineError("its JSON is nested too deeply") from None
    except ValueError as error:
        raise BadLineError(f"it is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise BadLineError("it is not a JSON object")
    return Fields(content)


def _no_number(name: str) -> NoReturn:
    raise BadLineError(f"{name} is no number in JSON")


class Fields:
    """The fields of a line, each taken once by its kind; `end` refuses what is left."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._left = dict(content)

    def text(self, name: str) -> str:
        """Return a text."""
        value = self.text_or_none(name)
        return self._missing(name) if value is None else value

    def text_or_none(self, name: str) -> str | None:
        """Return a text, None where there is none."""
        value = self._left.pop(name, None)
        if value is not None and not isinstance(value, str):
            _wrong(name, value, "a text")
        return value

    def word(self, name: str, words: Mapping[str, Any] | frozenset[str]) -> str:
        """Return one of some words."""
        value = self.text(name)
        if value not in words:
            _wrong(name, value, f"one of {', '.join(sorted(words))}")
        return value

    def whole(self, name: str, *, least: int = 0, most: int = _MOST) -> int:
        """Return a whole number within bounds."""
        value = self.whole_or_none(name, least=least, most=most)
        return self._missing(name) if value is None else value

    def whole_or_none(self, name: str, *, least: int = 0, most: int = _MOST) -> int | None:
        """Return a whole number within bounds, None where there is none."""
        value = self._left.pop(name, None)
        if value is not None and (type(value) is not int or not least <= value <= most):
            _wrong(name, value, f"a whole number from {least} to {most}")
        return value

    def seconds_or_none(self, name: str) -> float | None:
        """Return a number, None where there is none."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if type(value) not in {int, float} or not abs(value) <= _MOST:
            _wrong(name, value, "a number")
        return float(value)

    def flag(self, name: str) -> bool:
        """Return whether a mark is set."""
        value = self._left.pop(name, False)
        return value if isinstance(value, bool) else _wrong(name, value, "true or false")

    def instant(self, name: str) -> datetime:
        """Return an instant."""
        value = self.instant_or_none(name)
        return self._missing(name) if value is None else value

    def instant_or_none(self, name: str) -> datetime | None:
        """Return an instant with time zone, None where there is none."""
        value = self.text_or_none(name)
        if value is None:
            return None
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            instant = None
        return instant if instant is not None and instant.tzinfo else _wrong(name, value, "an instant with time zone")

    def mapping(self, name: str) -> dict[str, Any]:
        """Return a JSON object."""
        value = self._left.pop(name, None)
        return value if isinstance(value, dict) else _wrong(name, value, "an object")

    def rows(self, name: str) -> list[Any]:
        """Return a JSON array."""
        value = self._left.pop(name, None)
        return value if isinstance(value, list) else _wrong(name, value, "a list")

    def end(self) -> None:
        """Refuse fields that nobody took: what we do not know may matter."""
        if self._left:
            raise BadLineError(f"it has a field that is not known here: {next(iter(self._left))[:60]!r}")

    def _missing(self, name: str) -> NoReturn:
        raise BadLineError(f"it has no `{name}`")


def _wrong(name: str, value: object, wanted: str) -> NoReturn:
    raise BadLineError(f"its `{name}` is {str(value)[:60]!r}, not {wanted}")


def model_line(model: ModelVersion) -> dict[str, Any]:
    """Return what is written of a model version."""
    return {"provider": model.provider, "requested": model.requested, "served": model.served}


def model_of(fields: Fields) -> ModelVersion:
    """Return the model version of a line."""
    model = ModelVersion(fields.text("provider"), fields.text("requested"), fields.text("served"))
    fields.end()
    return model


def session_line(packed: PackedSession) -> dict[str, Any]:
    """Return what is written of a session."""
    header = packed.header
    return {
        "key": header.key,
        "kind": header.kind.value,
        "suite": header.suite,
        "suite_version": header.suite_version,
        "suite_fingerprint": header.suite_fingerprint,
        "target": {
            "name": header.target.name,
            "type": header.target.type,
            "kind": header.target.kind.value,
            "model": header.target.model,
            "settings": dict(header.target.settings),
            "identity": dict(header.target.identity),
        },
        "sdk": header.provenance.sdk,
        "api_version": header.provenance.api_version,
        "tool": header.provenance.tool,
        "started_at": header.started_at.isoformat(timespec="microseconds"),
        "met": [[model, answered] for model, answered in packed.met.items()],
    }


def session_of(fields: Fields, *, models: int) -> PackedSession:
    """Return the session of a line.

    Args:
        fields: The line.
        models: How many model versions the bundle has.
    """
    target = Fields(fields.mapping("target"))
    identity = target.mapping("identity")
    if not all(isinstance(value, str) for value in identity.values()):
        _wrong("identity", identity, "an object of texts")
    header = SessionHeader(
        key=fields.text("key"),
        kind=SessionKind(fields.word("kind", frozenset(SessionKind))),
        suite=fields.text("suite"),
        suite_version=fields.whole("suite_version"),
        suite_fingerprint=fields.text("suite_fingerprint"),
        target=Target(
            name=target.text("name"),
            type=target.text("type"),
            kind=TargetKind(target.word("kind", frozenset(TargetKind))),
            model=target.text("model"),
            settings=target.mapping("settings"),
            identity=identity,
        ),
        provenance=Provenance(fields.text("sdk"), fields.text("api_version"), fields.text("tool")),
        started_at=fields.instant("started_at"),
    )
    target.end()
    met = {}
    for row in fields.rows("met"):
        if not (isinstance(row, list) and len(row) == 2):  # noqa: PLR2004 - a pair
            _wrong("met", row, "a pair of a model version and whether it answered")
        pair = Fields({"met": row[0], "answered": row[1]})
        met[pair.whole("met", least=1, most=models)] = pair.flag("answered")
    fields.end()
    return PackedSession(header, met)
