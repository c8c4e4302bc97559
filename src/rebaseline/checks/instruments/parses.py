"""`parses`: the reply is Python, JSON, YAML or SQL.

Prose is none of them, though a lenient parser may take it: a bare word is a Python name, any line is a YAML text, two
words are an SQL column with an alias. So Python must hold more than one bare name or constant, YAML must be a mapping
or a list, SQL a statement.
"""

from __future__ import annotations

import ast
import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from rebaseline.checks.faults import dressed, fault, unrelated
from rebaseline.checks.forms import block
from rebaseline.checks.kind import CheckType, misused
from rebaseline.checks.structure import MISSING, json_of
from rebaseline.checks.surround import without_announcement
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault
from rebaseline.template import did_you_mean

__all__ = ["TYPES", "Parses"]

_LONGEST = {"python": 200_000, "yaml": 10_000, "sql": 20_000}
"""Characters that are read in well under a second; the parser of Python is not written in Python."""
_DEEPEST = 100


class _TooDeepError(Exception):
    """The source nests deeper than any that a person would read; the parser's time grows with the square of depth."""


def _is_python(text: str, _dialect: str) -> str:
    """Return what is wrong with a text as Python source; nothing where it parses."""
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except ValueError:
        return "holds a character that source may not hold"
    bare = all(isinstance(line, ast.Expr) and isinstance(line.value, ast.Name | ast.Constant) for line in body)
    return "no code" if bare else ""


def _is_yaml(text: str, _dialect: str) -> str:
    """Return what is wrong with a text as YAML; aliases are not followed, so none can grow."""
    from ruamel.yaml import YAML  # noqa: PLC0415
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415
    from ruamel.yaml.nodes import MappingNode, ScalarNode  # noqa: PLC0415

    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _shallow_scanner()
    try:
        node = yaml.compose(text)
    except (YAMLError, ValueError) as error:
        return type(error).__name__
    announced = isinstance(node, MappingNode) and len(node.value) == 1 and _is_bare_lead(*node.value[0])
    return "no mapping or list" if node is None or announced or isinstance(node, ScalarNode) else ""


@cache
def _shallow_scanner() -> Any:
    """Return ruamel's scanner of YAML with a limit of depth: it knows brackets from brackets in quotes."""
    from ruamel.yaml.scanner import Scanner  # noqa: PLC0415

    class ShallowScanner(Scanner):
        """Stops at the first bracket or indentation that is too deep."""

        def add_indent(self, column: int) -> bool:
            _hold_depth(len(self.indents))
            return bool(super().add_indent(column))

        def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803 - as it is there
            _hold_depth(len(self.flow_context))
            super().fetch_flow_collection_start(TokenClass, to_push)

    return ShallowScanner


def _hold_depth(depth: int) -> None:
    if depth >= _DEEPEST:
        raise _TooDeepError


def _is_bare_lead(key: Any, value: Any) -> bool:
    """Say whether a key and its value are a line such as `Here you go:`, which announces what never comes."""
    words = key.value.split() if isinstance(key.value, str) else ()
    return len(words) > 1 and value.tag.endswith(":null") and not value.value


def _is_sql(text: str, dialect: str) -> str:
    """Return what is wrong with a text as SQL statements of a dialect; transactions around them may begin and end."""
    from sqlglot import TokenType  # noqa: PLC0415
    from sqlglot.dialects.dialect import Dialect  # noqa: PLC0415
    from sqlglot.errors import SqlglotError  # noqa: PLC0415

    with _no_log_of_sqlglot():
        try:
            starts: list[list[int]] = [[]]
            for token in Dialect.get_or_raise(dialect or None).tokenize(text):
                if token.token_type is TokenType.SEMICOLON:
                    starts.append([])
                else:
                    starts[-1] += (token.start, token.end + 1)
            sources = [text[min(places) : max(places)].strip() for places in starts if places]
            stated = [source for source in sources if not _TRANSACTION.fullmatch(source)]
            if stated:
                return "" if all(_states(source, dialect) for source in stated) else "no statement"
            return "" if sources and text.isupper() else "no statement"
        except (SqlglotError, ValueError) as error:
            return type(error).__name__


def _states(source: str, dialect: str) -> bool:
    """Say whether a text is one statement of SQL. Much prose is one to the parser: "Begin the work", "Use it"."""
    import sqlglot  # noqa: PLC0415
    from sqlglot import exp  # noqa: PLC0415

    explained = _EXPLAIN.match(source)
    if explained:
        source = source[explained.end() :]
    elif _SHOW.fullmatch(source):
        return True
    statements = (exp.Query, exp.DML, exp.DDL, exp.Drop, exp.Alter, exp.TruncateTable, exp.Set, exp.Grant, exp.Pragma)
    in_capitals = (exp.Use, exp.Describe, exp.Analyze, exp.Comment)
    found = [each for each in sqlglot.parse(source, read=dialect or None) if each is not None]
    found = [each for each in found if not isinstance(each, exp.Semicolon)]
    shouted = source.split(maxsplit=1)[0].isupper() if source.strip() else False
    return bool(found) and all(
        isinstance(each, statements) or (shouted and isinstance(each, in_capitals)) for each in found
    )


_TRANSACTION = re.compile(
    r"(?:begin|start\s+transaction|commit|rollback|end)(?:\s+(?:work|transaction|tran|deferred|immediate|exclusive"
    r"|read\s+(?:only|write)|isolation\s+level\s+(?:read\s+(?:un)?committed|repeatable\s+read|serializable|snapshot)))*",
    re.IGNORECASE,
)
_EXPLAIN = re.compile(
    r"explain(?:\s+(?:analyze|verbose|extended|query\s+plan|plan\s+for|format\s*=\s*\w+|\([\w\s,]{1,200}\)))*\s+",
    re.IGNORECASE,
)
_NAME = r"[`\"\w.]+"
_SHOW = re.compile(
    r"show\s+(?:full\s+|extended\s+|global\s+|session\s+)*(?:"
    r"(?:tables|databases|schemas|views|functions|procedures|variables|status|warnings|errors|engines|plugins|grants"
    r"|processlist|columns|fields|index(?:es)?|keys|partitions|triggers|events|sequences|warehouses|roles|users)"
    rf"|create\s+(?:table|view|database|schema|function|procedure|trigger)\s+{_NAME}"
    rf"|table\s+status|all|time\s+zone|timezone|\w+_\w+)"
    rf"(?:\s+(?:(?:from|in|for|like|on)\s+(?:{_NAME}|'[^']*')))*(?:\s+where\s+[\s\S]+)?",
    re.IGNORECASE,
)


_READING: ContextVar[bool] = ContextVar("_READING", default=False)


class _Quiet(logging.Filter):
    """Drops what sqlglot logs while a reply is read here: it logs the reply itself, raw."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - the signature of logging
        return not _READING.get()


_QUIET = _Quiet()


@contextmanager
def _no_log_of_sqlglot() -> Iterator[None]:
    logger = logging.getLogger("sqlglot")
    logger.addFilter(_QUIET)  # added once, however often
    token = _READING.set(True)
    try:
        yield
    finally:
        _READING.reset(token)


def _sources(text: str, undo: frozenset[Form]) -> tuple[str, ...]:
    """Return what may be the source: what stands in the fence, or what is announced without one."""
    inner = block(text, undo)
    found = [inner.strip()]
    if Form.PREAMBLE in undo and "```" not in inner:
        found.append(without_announcement(inner).strip())
    return tuple(dict.fromkeys(found))


_LANGUAGES: Mapping[str, Callable[[str, str], str]] = {"python": _is_python, "yaml": _is_yaml, "sql": _is_sql}
_BREAKS = {
    "json": ("{", "]", "\n}"),
    "python": ("\ndef (:", "\n    )", "\nThat is all there is to it."),
    "yaml": ("\n- : [", "\n\t}", "\n'open"),
    "sql": ("\nFROM (", "\n) ) SELECT", "\n'open"),
}
_EXAMPLES = {"json": '{"a": 1}', "python": "a = 1", "yaml": "a: 1", "sql": "SELECT a FROM b"}


@dataclass(frozen=True, slots=True)
class Parses:
    """Passes when the reply is source text of a language.

    Attributes:
        language: `python`, `json`, `yaml` or `sql`.
        dialect: A dialect of SQL that sqlglot knows; empty for its own superset.
    """

    language: str
    dialect: str = ""

    polarity: ClassVar[Polarity] = Polarity.PRESENCE
    tolerates: ClassVar[tuple[Form, ...]] = (Form.FENCE, Form.PREAMBLE)
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:
        """Read the reply; see `Instrument.look`."""
        if self.language == "json":
            return Look(0.0, "no JSON value") if json_of(reply.text, undo) is MISSING else Look(1.0)
        longest = _LONGEST[self.language]
        if len(reply.text) > longest:
            return Look(None, f"longer than {longest:,} characters")
        try:
            return self._look_at_source(reply, undo)
        except (_TooDeepError, RecursionError, MemoryError):  # the last is what `ast` raises
            return Look(None, "nested too deeply")

    def _look_at_source(self, reply: Reply, undo: frozenset[Form]) -> Look:
        as_written = reply.text.strip()
        wrong = self._fault_in(as_written)
        for text in _sources(reply.text, undo) if wrong and undo else ():
            if text != as_written and not self._fault_in(text):
                return Look(1.0)
        return Look(0.0, wrong[:120]) if wrong else Look(1.0)

    def _fault_in(self, text: str) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape or a doubled anchor in a reply is no business of ours
            return _LANGUAGES[self.language](text, self.dialect)

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that do not parse."""
        text = block(reply.text, frozenset({Form.FENCE, Form.PREAMBLE})).strip()
        breaks = tuple(fault(f"broken by {end.strip()}", reply, text + end) for end in _BREAKS[self.language])
        return (*breaks, unrelated(reply))

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies that parse, for a negated check."""
        return dressed("source text", reply, _EXAMPLES[self.language])


def _build(argument: Any, options: Mapping[str, Any]) -> Parses:
    if argument not in _BREAKS:
        raise misused("parses", "knows python, json, yaml and sql", argument, did_you_mean(str(argument), _BREAKS))
    dialect = options.get("dialect", "")
    if dialect and argument != "sql":
        raise misused("parses", "takes `dialect` only beside sql", dialect, "leave it out")
    return Parses(argument, _known_dialect(dialect) if dialect else "")


def _known_dialect(dialect: Any) -> str:
    from sqlglot.dialects.dialect import Dialect, Dialects  # noqa: PLC0415

    known = [each.value for each in Dialects if each.value]
    if not isinstance(dialect, str) or dialect not in known:
        raise misused("parses", "needs a dialect that sqlglot knows", dialect, did_you_mean(str(dialect), known))
    Dialect.get_or_raise(dialect)
    return dialect


TYPES = (
    CheckType(
        "parses",
        "The reply is Python, JSON, YAML or SQL.",
        {"enum": ["python", "json", "yaml", "sql"]},
        _build,
        {"dialect": {"type": "string"}},
    ),
)
