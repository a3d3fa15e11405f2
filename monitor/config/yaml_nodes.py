"""The YAML nodes of a file, with their places."""

from __future__ import annotations

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from monitor.config.source import Source, Unusable
from monitor.config.yaml_errors import explained
from monitor.types.catalog import CatalogProblem, Place


def compose(source: Source) -> Node | None:
    """The root node, None for a file without content. Raises `Unusable`."""
    yaml = YAML(typ="safe", pure=True)
    # YAML 1.2 lets an anchor be given again; the parser's warning would be no help.
    yaml.composer.warn_double_anchors = False
    try:
        root: Node | None = yaml.compose(source.text)
    except ReaderError as error:
        message = f"the invisible character U+{error.character:04X} is not allowed"
        place = source.place(error.position)
        problem = source.problem(place, message, hint="delete it", code="character")
        raise Unusable(problem) from None
    except MarkedYAMLError as error:
        raise Unusable(explained(source, error)) from None
    except (RecursionError, YAMLError):
        place = Place(source.file, 1)
        message = "the file is nested too deeply"
        raise Unusable(CatalogProblem(place, message, code="nesting")) from None
    return root
