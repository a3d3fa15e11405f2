"""`monitor init`: a feeds.yaml to start with, for installations without a
checkout.
"""

from __future__ import annotations

from monitor.config.starter import starter_file
from monitor.errors import ConfigError
from monitor.ui.context import Session


def write_starter(session: Session) -> int:
    """Copy the starter file to where the settings look for it.

    Raises ConfigError; never replaces a file.
    """
    path = session.settings.feeds_file
    try:
        with path.open("xb") as file:
            file.write(starter_file().read_bytes())
    except FileExistsError:
        raise ConfigError(
            f"{path} is there already",
            hint="edit it; `monitor check` says what is wrong",
        ) from None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}", about=str(path)
        ) from error
    session.tell(session.say("init.wrote", path=path))
    return 0
