"""What the shapes of files have in common."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from rebaseline.domain.form import Form

__all__ = ["FormName", "Fraction", "InnerPath", "Json", "Label", "Name", "Shape", "Text", "object_to", "require_one"]


class Shape(BaseModel):
    """A mapping in a file: unknown keys are errors, and nothing is converted behind the writer's back."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def object_to(message: str, remedy: str) -> NoReturn:
    """Refuse a value inside a validator, with what to do about it."""
    raise PydanticCustomError("objection", "{message}", {"message": message, "remedy": remedy})


def require_one(shape: Shape, *names: str) -> None:
    """Refuse a shape that does not set exactly one of its fields `names`."""
    given = [name for name in names if name in shape.model_fields_set and getattr(shape, name) is not None]
    if len(given) != 1:
        choice = " or ".join(f"`{name}`" for name in names)
        found = " and ".join(f"`{name}`" for name in given) or "none of them"
        object_to(f"exactly one of {choice} is needed, here {'are' if given else 'is'} {found}", f"write {choice}")


def _label(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        object_to(f"{text[:60]!r} has white space around it or characters that cannot be printed", "take them out")
    return text


def _inner(path: str) -> str:
    if "\\" in path or ":" in path or path.startswith(("/", "~")) or ".." in PurePosixPath(path).parts:
        object_to(f"`{path[:60]}` does not lie in the project", "write a relative path with forward slashes")
    return path


Text = Annotated[str, Field(min_length=1)]
"""Words for a model or a person."""

Label = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_label)]
"""A tag, or the id of a probe."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$")]
"""An id that also names folders and appears in commands."""

Fraction = Annotated[float, Field(gt=0, lt=1)]
"""Strictly between 0 and 1."""

FormName = Annotated[Form, Field(strict=False)]
"""A named form, written as text."""

Json = dict[str, Any]
"""A mapping that is passed on as it stands."""

InnerPath = Annotated[str, Field(min_length=1), AfterValidator(_inner)]
"""A folder or a file of the project, relative to its root; where links lead is looked at when it is opened."""
