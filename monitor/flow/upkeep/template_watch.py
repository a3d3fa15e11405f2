"""The user's own mail templates: tried at the start and after each edit. What
is wrong with them is said in the log, in `status`, and once to the operator;
meanwhile mails go out with ours.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from monitor.flow.alerting.config_notice import tell_problems
from monitor.flow.alerting.mail_content import MailKit
from monitor.notify.mail.template_check import check_templates
from monitor.notify.mail.templates_render import TemplateProblem
from monitor.ports import Clock
from monitor.store.engine import Database, one_at_a_time
from monitor.store.running import operations
from monitor.types.mail import FileNotice

log = structlog.get_logger("monitor.config")
Stamps = dict[str, tuple[int, int]]


class TemplateWatch:
    """Looks whether the templates can be used. Called by one thread."""

    def __init__(
        self, *, database: Database, clock: Clock, mail: MailKit
    ) -> None:
        """Nothing is looked at yet."""
        self._database, self._clock, self._kit = database, clock, mail
        self._stamps: Stamps | None = None
        self._found: tuple[TemplateProblem, ...] = ()
        self._told: tuple[TemplateProblem, ...] | None = None

    def look(self) -> None:
        """Try the templates if they changed, and tell what is wrong, once.

        A template may also break on one mail only, which no trial shows.
        """
        templates = self._kit.templates
        stamps = self._stamps_now()
        if stamps != self._stamps:
            self._stamps, self._found = stamps, check_templates(templates)
        problems = tuple(dict.fromkeys((*self._found, *templates.problems)))
        if problems != self._told:
            self._tell(problems)
            self._told = problems

    def _stamps_now(self) -> Stamps:
        folder = self._kit.templates.folder
        if folder is None:
            return {}
        stats = {
            str(file): file.stat()
            for file in folder.rglob("*")
            if file.is_file()
        }
        return {
            file: (stat.st_mtime_ns, stat.st_size)
            for file, stat in stats.items()
        }

    def _tell(self, problems: Sequence[TemplateProblem]) -> None:
        for one in problems:
            log.error(
                "template_not_used",
                file=one.place,
                problem=one.message,
                hint=one.hint,
            )
        now, trouble = self._clock.now(), _in_one_line(problems)
        with self._database.write() as connection:
            one_at_a_time(connection)  # several daemons see an edit at once
            known = (
                operations.get_fact(connection, operations.TEMPLATE_TROUBLE)
                or ""
            )
            if trouble == known:
                return
            operations.set_fact(
                connection, operations.TEMPLATE_TROUBLE, trouble, now=now
            )
            if trouble:
                notices = tuple(
                    FileNotice(one.place, one.message, one.hint)
                    for one in problems
                )
                tell_problems(
                    connection, "templates", notices, kit=self._kit, now=now
                )


def _in_one_line(problems: Sequence[TemplateProblem]) -> str:
    return "; ".join(f"{one.place}: {one.message}" for one in problems)
