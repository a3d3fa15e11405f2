"""What a panel must show, counted in SQL over the same documents, from its
columns alone.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import Any

from tests.kibana import kql

Json = dict[str, Any]
RECORDS = "___records___"
"""Kibana's name for counting documents instead of a field's values."""
Row = dict[tuple[Any, ...], list[Any]]
SCHEMA = """
    create table documents (id integer primary key, view text, at text);
    create table facts (document integer, field text, value);
    create index facts_by_field on facts (document, field, value);
"""


def load(
    views: Mapping[str, tuple[str, Iterable[Mapping[str, Any]]]],
) -> sqlite3.Connection:
    """The documents of each data view, given with its time field: a row for
    each, and one for each value of a field.
    """
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    for view, (time_field, documents) in views.items():
        for document in documents:
            insert = "insert into documents (view, at) values (?, ?)"
            number = connection.execute(
                insert, (view, _plain(document[time_field]))
            ).lastrowid
            facts = [
                (number, name, _plain(one))
                for name, value in document.items()
                for one in (
                    value if isinstance(value, tuple | list) else (value,)
                )
                if isinstance(one, str | int | float | datetime)
            ]
            connection.executemany("insert into facts values (?, ?, ?)", facts)
    return connection


def plain(field: str) -> str:
    """The field of a document that a subfield belongs to."""
    return field.removesuffix(".keyword")


def axes_of(columns: Json) -> list[Json]:
    """What the rows are grouped by."""
    return [one for one in columns.values() if one["isBucketed"]]


def measures_of(columns: Json) -> Json:
    """The numbers of a row, by their column; not those of the period before."""
    return {
        name: one
        for name, one in columns.items()
        if not one["isBucketed"] and "timeShift" not in one
    }


def count(
    connection: sqlite3.Connection,
    columns: Json,
    *,
    view: str,
    where: str,
    since: datetime,
    until: datetime,
) -> Row:
    """Measures by keys of the axes; a value that is empty everywhere makes no
    row.
    """
    axes, measures = axes_of(columns), measures_of(columns)
    keys = [
        f"substr(a{n}.value, 1, 10)"
        if axis["dataType"] == "date"
        else f"a{n}.value"
        for n, axis in enumerate(axes)
    ]
    joins = "".join(
        f" join facts a{n} on a{n}.document = d.id and a{n}.field = '{plain(axis['sourceField'])}'"
        for n, axis in enumerate(axes)
    )
    rows: Row = {}
    for number, measure in enumerate(measures.values()):
        told = Asked(measure)
        condition = (
            f"({_condition(where)}) and d.view = ? and d.at >= ? and d.at < ?"
        )
        narrowed = f"from documents d{joins}{told.join} where {condition}"
        grouped = f" group by {', '.join(keys)}" if keys else ""
        statement = (
            f"select {', '.join([*keys, told.expression])} {narrowed}{grouped}"
        )
        for *found, value in connection.execute(
            statement, (view, _plain(since), _plain(until))
        ):
            values = rows.setdefault(tuple(found), [None] * len(measures))
            values[number] = told.read(value)
    return rows


class Asked:
    """How a measure is asked for: a join, an expression over the group, and
    what its value means.
    """

    def __init__(self, column: Json) -> None:
        self._column = column
        self._operation = column["operationType"]
        field = plain(column["sourceField"])
        holds = _condition(column.get("filter", {}).get("query", ""))
        self.join = ""
        if field != RECORDS:
            self.join = f" left join facts m on m.document = d.id and m.field = '{field}' and ({holds})"
        match self._operation:
            case "count":
                self.expression = (
                    f"count(distinct case when {holds} then d.id end)"
                )
            case "unique_count":
                self.expression = "count(distinct m.value)"
            case "last_value":
                newest_by = column["params"]["sortField"]
                self.join += f" left join facts n on n.document = d.id and n.field = '{newest_by}'"
                self.expression = "json_array(m.value, max(n.value))"
            case "median" | "percentile":
                self.expression = "json_group_array(m.value)"
            case operation:
                self.expression = f"{operation}(m.value)"

    def read(self, value: Any) -> Any:
        if self._operation == "sum":
            return value or 0
        if self._operation == "last_value":
            newest = json.loads(value)[0]
            is_date = newest and self._column["dataType"] == "date"
            return datetime.fromisoformat(newest) if is_date else newest
        if self._operation not in ("median", "percentile"):
            return value
        values = sorted(one for one in json.loads(value) if one is not None)
        if not values:
            return None
        if self._operation == "median":
            return median(values)
        return _around(values, self._column["params"]["percentile"])


def _around(values: list[float], percentile: int) -> tuple[float, float]:
    """The bounds between which every sensible reading of a percentile lies."""
    place = percentile / 100 * (len(values) - 1)
    return values[max(0, math.floor(place) - 1)], values[
        min(len(values) - 1, math.ceil(place) + 1)
    ]


def _condition(text: str) -> str:
    return _sql(kql.parse(text))


def _sql(tree: kql.Tree) -> str:
    there = "exists (select 1 from facts f where f.document = d.id and f.field = '{}'{})"
    match tree:
        case ("all",):
            return "1"
        case ("has", field):
            return there.format(field, "")
        case ("is" | "phrase", field, value):
            return there.format(
                field, f" and cast(f.value as text) = '{value}'"
            )
        case ("not", inner):
            return f"not ({_sql(inner)})"
        case (word, left, right):
            return f"({_sql(left)}) {word} ({_sql(right)})"
    raise ValueError(f"not a tree: {tree}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
