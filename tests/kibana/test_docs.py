"""docs/kibana.md names what there is."""

from __future__ import annotations

from pathlib import Path

from monitor.flow.upkeep.operations_log import KEPT
from tests.kibana.reading import data_views, of_kind

PAGE = (Path(__file__).parents[2] / "docs" / "kibana.md").read_text("utf-8")


def test_every_dashboard_and_data_view_is_described() -> None:
    assert all(
        f"**{one['attributes']['title']}**" in PAGE
        for one in of_kind("dashboard")
    )
    assert all(
        f"*{view.name}*" in PAGE and f"`{view.time_field}`" in PAGE
        for view in data_views().values()
    )


def test_the_retention_is_the_real_one() -> None:
    assert f"{KEPT.days} days" in PAGE
