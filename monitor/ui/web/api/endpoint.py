"""What an endpoint of the API is: an address, typed parameters, a typed
answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from monitor.types.accounts import Role


class NoParameters(BaseModel):
    """Everything stands in the path, or there is nothing to choose."""


def _always_well(_answer: object) -> int:
    return 200


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One read or change. `answer` takes a `parameters` model and gives an
    `answer_type`, a dataclass.

    What stands in the path comes by its name. `parameters` of a change are its
    JSON body; `status_of` gives the status of an answer.
    """

    path: str  # below /api/v1, with Flask's placeholders
    summary: str
    parameters: type[BaseModel]
    answer_type: type[Any]
    answer: Callable[..., Any]
    role: Role = "reader"
    method: Literal["GET", "POST"] = "GET"
    status_of: Callable[[Any], int] = _always_well
