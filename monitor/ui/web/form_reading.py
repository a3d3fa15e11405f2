"""Reads a form so that it can be shown again: what keeps to its limits as
values, the rest as it was typed, with what is wrong at each field in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from monitor.ui.web.parameters import Model, sent_values
from monitor.ui.web.wording import gettext as _

UNUSABLE = 422

Wrong = Mapping[str, str]
"""Fields by the names they were sent under, and what is wrong with each."""

_OF_CHOICES = ("literal_error", "string_pattern_mismatch", "bool_parsing")

ALL_WELL: Wrong = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FormReading(Generic[Model]):
    """A form as it was sent. Fields that are `wrong` have in `values` what was
    typed.
    """

    values: Model
    wrong: Wrong


def read_form(
    model: type[Model], sent: MultiDict[str, str]
) -> FormReading[Model]:
    """The form; unlike an address, it is never refused as a whole."""
    given = sent_values(model, sent)
    try:
        return FormReading(model(**given), ALL_WELL)
    except ValidationError as error:
        problems = {str(each["loc"][0]): each for each in error.errors()}
    wrong = {name: _said(each) for name, each in problems.items()}
    valid = {name: value for name, value in given.items() if name not in wrong}
    # What is chosen cannot be typed: of that the usual choice is shown.
    typed = {
        name
        for name, each in problems.items()
        if each["type"] not in _OF_CHOICES
    }
    values: dict[str, Any] = {}
    readable = _readable(model, valid)
    for name, field in model.model_fields.items():
        called = field.alias or name
        usual = field.get_default(call_default_factory=True)
        values[name] = (
            given.get(called, "")
            if called in typed
            else readable.get(name, usual)
        )
    return FormReading(model.model_construct(**values), wrong)


def _readable(
    model: type[BaseModel], valid: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of these fields; as they were sent where others must be
    there.
    """
    try:
        read = model(**valid)
    except ValidationError:
        return dict(valid)
    return {name: getattr(read, name) for name in model.model_fields}


def _said(error: Any) -> str:
    """What is wrong, for people: one sentence for each kind of pydantic's
    errors.
    """
    kind, limits = str(error["type"]), error.get("ctx", {})
    most = limits.get("max_length", limits.get("le"))
    known = {
        "missing": _("Das fehlt noch."),
        "string_too_long": _("Höchstens %(n)s Zeichen.") % {"n": most},
        "greater_than_equal": _("Mindestens %(n)s.") % {"n": limits.get("ge")},
        "less_than_equal": _("Höchstens %(n)s.") % {"n": most},
        "too_long": _("Höchstens %(n)s.") % {"n": most},
    }
    if kind.startswith("int_"):
        return _("Das muss eine ganze Zahl sein.")
    if kind.startswith("date_"):
        return _("Das ist kein Tag; lesbar ist zum Beispiel 2026-11-28.")
    return known.get(kind, _("Das steht nicht zur Wahl."))
