"""What a panel must show, counted in SQL over the same documents, from our definition alone."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import Any

from monitor.kibana.definition import (
    RECORDS,
    Axis,
    Bars,
    Days,
    Figure,
    Grid,
    Measure,
    Shares,
    Table,
)
from tests.kibana import kql

Content = Figure | Bars | Shares | Grid | Table
Row = dict[tuple[Any, ...], list[Any]]
SCHEMA = """
    create table documents (id integer primary key, view text, at text);
    create table facts (document integer, field text, value);
    create index facts_by_field on facts (document, field, value);
"""


def load(views: Mapping[str, tuple[str, Iterable[Mapping[str, Any]]]]) -> sqlite3.Connection:
    """The documents of each data view, given with its time field: a row for each, and one for each
    value of a field.
    """
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    for view, (time_field, documents) in views.items():
        for document in documents:
            insert = "insert into documents (view, at) values (?, ?)"
            number = connection.execute(insert, (view, _plain(document[time_field]))).lastrowid
            facts = [
                (number, name, _plain(one))
                for name, value in document.items()
                for one in (value if isinstance(value, tuple | list) else (value,))
                if isinstance(one, str | int | float | datetime)
            ]
            connection.executemany("insert into facts values (?, ?, ?)", facts)
    return connection


def axes_of(content: object) -> tuple[Axis, ...]:
    match content:
        case Bars(axis=axis, split=split):
            return (split, axis) if split else (axis,)
        case Shares(group=group):
            return (group,)
        case Grid(across=across, down=down):
            return (across, down)
        case Table(groups=groups):
            return groups
    return ()


def measures_of(content: Content) -> tuple[Measure, ...]:
    return content.measures if isinstance(content, Bars | Table) else (content.measure,)


def count(
    connection: sqlite3.Connection,
    content: Content,
    *,
    view: str,
    where: str,
    since: datetime,
    until: datetime,
) -> Row:
    """Measures by keys of the axes; a value that is empty everywhere makes no row."""
    axes = axes_of(content)
    keys = [
        f"substr(a{n}.value, 1, 10)" if isinstance(axis, Days) else f"a{n}.value"
        for n, axis in enumerate(axes)
    ]
    joins = "".join(
        f" join facts a{n} on a{n}.document = d.id and a{n}.field = '{a.field}'"
        for n, a in enumerate(axes)
    )
    rows: Row = {}
    for number, measure in enumerate(measures_of(content)):
        told = Asked(measure)
        condition = f"({_condition(where)}) and d.view = ? and d.at >= ? and d.at < ?"
        narrowed = f"from documents d{joins}{told.join} where {condition}"
        grouped = f" group by {', '.join(keys)}" if keys else ""
        statement = f"select {', '.join([*keys, told.expression])} {narrowed}{grouped}"
        for *found, value in connection.execute(statement, (view, _plain(since), _plain(until))):
            values = rows.setdefault(tuple(found), [None] * len(measures_of(content)))
            values[number] = told.read(value)
    return rows


class Asked:
    """How a measure is asked for: a join, an expression over the group, and what its
    value means.
    """

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        holds = _condition(measure.where)
        self.join = ""
        if measure.field != RECORDS:
            self.join = (
                f" left join facts m on m.document = d.id and m.field = '{measure.field}' and"
                f" ({holds})"
            )
        match measure.counting:
            case "count":
                self.expression = f"count(distinct case when {holds} then d.id end)"
            case "unique_count":
                self.expression = "count(distinct m.value)"
            case "last_value":
                self.join += (
                    f" left join facts n on n.document = d.id and n.field = '{measure.newest_by}'"
                )
                self.expression = "json_array(m.value, max(n.value))"
            case "median" | "percentile":
                self.expression = "json_group_array(m.value)"
            case operation:
                self.expression = f"{operation}(m.value)"

    def read(self, value: Any) -> Any:
        measure = self._measure
        if measure.counting == "sum":
            return value or 0
        if measure.counting == "last_value":
            newest = json.loads(value)[0]
            return datetime.fromisoformat(newest) if newest and measure.kind == "date" else newest
        if measure.counting not in ("median", "percentile"):
            return value
        values = sorted(one for one in json.loads(value) if one is not None)
        if not values:
            return None
        return (
            median(values) if measure.counting == "median" else _around(values, measure.percentile)
        )


def _around(values: list[float], percentile: int) -> tuple[float, float]:
    """The bounds between which every sensible reading of a percentile lies."""
    place = percentile / 100 * (len(values) - 1)
    return values[max(0, math.floor(place) - 1)], values[min(len(values) - 1, math.ceil(place) + 1)]


def _condition(text: str) -> str:
    return _sql(kql.parse(text))


def _sql(tree: kql.Tree) -> str:
    there = "exists (select 1 from facts f where f.document = d.id and f.field = '{}'{})"
    match tree:
        case ("all",):
            return "1"
        case ("has", field):
            return there.format(field, "")
        case ("is", field, value):
            return there.format(field, f" and cast(f.value as text) = '{value}'")
        case ("not", inner):
            return f"not ({_sql(inner)})"
        case (word, left, right):
            return f"({_sql(left)}) {word} ({_sql(right)})"
    raise ValueError(f"not a tree: {tree}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
