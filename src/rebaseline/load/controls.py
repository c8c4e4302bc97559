"""Static controls of an assertion as domain records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebaseline.domain.attempt import ToolCall
from rebaseline.domain.suite import Control, Expectation, Location
from rebaseline.errors import ConfigurationError
from rebaseline.load.page import Loc, Page
from rebaseline.load.shape_assertion import CallShape, ControlShape, ControlsShape
from rebaseline.load.stencil import Stencil, text_of

__all__ = ["build_controls"]


def build_controls(shape: ControlsShape, variables: Mapping[str, Any], page: Page, loc: Loc) -> tuple[Control, ...]:
    """Return the controls in the order passes, fails, voids.

    A control sees the variables, over them what is `given` to all controls, over that its own `given`.

    Args:
        shape: As they are written.
        variables: The suite's variables.
        page: The suite's file.
        loc: Place of `controls` in it.
    """
    built = []
    for expected in Expectation:
        for index, control in enumerate(getattr(shape, expected.value)):
            place = (*loc, expected.value, index)
            where = Location(page.path, page.line_of(place))
            try:
                built.append(_control(control, expected, {**variables, **shape.given, **control.given}, where))
            except ConfigurationError as refusal:
                page.refusal(place, refusal)
    return tuple(built)


def _control(shape: ControlShape, expected: Expectation, given: Mapping[str, Any], where: Location) -> Control:
    return Control(
        text=text_of(Stencil.cut(shape.text).fill(given)),
        expected=expected,
        given=given,
        stop=shape.stop,
        tool_calls=tuple(_call(call, given) for call in shape.tool_calls),
        where=where,
    )


def _call(shape: CallShape, given: Mapping[str, Any]) -> ToolCall:
    return ToolCall(shape.name, text_of(Stencil.cut(shape.arguments).fill(given)))
