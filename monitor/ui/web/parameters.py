"""Reads the parameters of an address into a typed model; what cannot be read
is named, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

LARGEST_NUMBER = 2**63 - 1
"""Of a row, in both databases: what is larger names none."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class BadParameter:
    """A parameter that cannot be read, and why, in pydantic's words."""

    name: str
    value: str
    message: str


class BadParameters(Exception):
    """Some parameters of an address cannot be read."""

    def __init__(self, problems: tuple[BadParameter, ...]) -> None:
        super().__init__(", ".join(problem.name for problem in problems))
        self.problems = problems


def read_parameters(model: type[Model], sent: MultiDict[str, str]) -> Model:
    """The model with what was sent. Empty fields of a form count as not sent;
    unknown ones are ignored. Raises BadParameters.
    """
    try:
        return model(**sent_values(model, sent))
    except ValidationError as error:
        raise BadParameters(
            tuple(_problem(each, sent) for each in error.errors())
        ) from error


def sent_values(
    model: type[BaseModel], sent: MultiDict[str, str]
) -> dict[str, Any]:
    """What was sent of the model's fields, by the names they are sent under."""
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        called = field.alias or name  # `from` is a word of Python's own
        # Browsers count a line's end as one character and send two (HTML, form
        # submission).
        given = [
            value.replace("\r\n", "\n")
            for value in sent.getlist(called)
            if value.strip()
        ]
        if given:
            values[called] = (
                tuple(given)
                if get_origin(field.annotation) is tuple
                else given[-1]
            )
    return values


def read_body(model: type[Model], body: bytes) -> Model:
    """The model from JSON. Raises BadParameters."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise BadParameters(
            tuple(_problem(each, MultiDict()) for each in error.errors())
        ) from error


def _problem(error: object, sent: MultiDict[str, str]) -> BadParameter:
    assert isinstance(error, dict)
    name = str(error["loc"][0]) if error["loc"] else ""
    return BadParameter(name, sent.get(name, "")[:100], str(error["msg"]))
