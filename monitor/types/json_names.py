"""How our fields are called in JSON. A module of its own: `monitor health`
loads little else.
"""

from __future__ import annotations

JSON_NAME = "json"
"""Metadata of a field that machines read under an earlier name: scripts depend
on it.
"""
