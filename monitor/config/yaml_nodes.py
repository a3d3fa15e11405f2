"""The YAML nodes of a file, with their places."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from monitor.config.source import Source, Unusable
from monitor.config.yaml_errors import explained
from monitor.types.catalog import CatalogProblem, Place

MOST_BRACKETS = 50
"""Open at once; people need three. With each further one the scanner looks at
all that are open: 20,000 would keep it for minutes.
"""


class _TooManyBrackets(Exception):
    """At this offset one more opens."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class _BoundedScanner(Scanner):
    """The library's, with a bound."""

    def fetch_flow_collection_start(
        self, TokenClass: Any, to_push: str
    ) -> None:
        """`[` or `{`."""
        if self.flow_level >= MOST_BRACKETS:
            raise _TooManyBrackets(self.reader.index)
        super().fetch_flow_collection_start(TokenClass, to_push)


def compose(source: Source) -> Node | None:
    """The root node, None for a file without content. Raises `Unusable`."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _BoundedScanner
    # YAML 1.2 lets an anchor be given again; the parser's warning would be no
    # help.
    yaml.composer.warn_double_anchors = False
    try:
        root: Node | None = yaml.compose(source.text)
    except ReaderError as error:
        message = (
            f"the invisible character U+{error.character:04X} is not allowed"
        )
        place = source.place(error.position)
        problem = source.problem(
            place, message, hint="delete it", code="character"
        )
        raise Unusable(problem) from None
    except _TooManyBrackets as error:
        message = "the brackets are nested too deeply"
        hint = f"at most {MOST_BRACKETS} levels"
        problem = source.problem(
            source.place(error.offset), message, hint=hint, code="nesting"
        )
        raise Unusable(problem) from None
    except MarkedYAMLError as error:
        raise Unusable(explained(source, error)) from None
    except (RecursionError, YAMLError):
        place = Place(source.file, 1)
        message = "the file is nested too deeply"
        raise Unusable(
            CatalogProblem(place, message, code="nesting")
        ) from None
    return root
