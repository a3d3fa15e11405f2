"""What is ready before a child is forked, so that not every child makes it for
itself.
"""

from __future__ import annotations

from monitor.extract.phrases import phrases
from monitor.extract.site import site_suffixes
from monitor.extract.worker import answering
from monitor.language.spelling_rules import rules


def test_lists_that_nearly_every_page_needs_are_read_before_the_first() -> (
    None
):
    lists = (phrases, site_suffixes, rules)
    for each in lists:
        each.cache_clear()
    answering()
    assert [each.cache_info().currsize for each in lists] == [1, 1, 1]
