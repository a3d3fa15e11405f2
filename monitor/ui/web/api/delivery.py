"""GET /api/v1/deliveries/N: one mail as JSON."""

from __future__ import annotations

from monitor.flow.requests.mail_log import MailView
from monitor.ui.web.api.endpoint import Endpoint, NoParameters
from monitor.ui.web.pages.deliveries.routes import find_mail


def _answer(_asked: NoParameters, mail: int) -> MailView:
    return find_mail(mail)


endpoint = Endpoint(
    "/deliveries/<int:mail>",
    "One mail: what became of it, its stories and its words",
    NoParameters,
    MailView,
    _answer,
    role="admin",
)
