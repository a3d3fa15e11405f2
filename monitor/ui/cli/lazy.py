"""Commands whose code is imported when they are called, so that `--help` costs
no more than typer.
"""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer

from monitor.ui.interrupts import end_in_order

PACKAGE = "monitor.ui.commands"
LOGGING = {"running", "web", "demo"}
"""Commands whose log lines are what one watches; of others only warnings are
shown.
"""
Signature = Callable[..., None]


def import_structlog() -> None:
    """Import it as if rich were not installed.

    It would load rich and Pygments to draw tracebacks. Ours are plain lines,
    and both are five megabytes of a daemon. (A module that is None in
    `sys.modules` is not found: the import system's own rule,
    docs.python.org/3/reference/import.html.)
    """
    if "structlog" in sys.modules:
        return
    modules: dict[str, object] = vars(sys)["modules"]
    rich = modules.pop("rich", None)
    modules["rich"] = None
    import_module("structlog")
    del modules["rich"]
    if rich is not None:
        modules["rich"] = rich


def calling(target: str, signature: Signature) -> Signature:
    """A command of a signature. It calls `target`, written `module.function`,
    of `ui.commands`.

    The signature has a docstring and no body. The target gets the session and
    each argument by its name, and returns the exit code.
    """
    module_name, function_name = target.split(".")

    @functools.wraps(signature)
    def command(context: typer.Context, **arguments: Any) -> None:
        # imported code is never garbage: no collection needs to go through it
        gc.disable()
        try:
            if module_name in LOGGING:
                import_structlog()
            make_session = import_module("monitor.ui.context").make_session
            module = import_module(f"{PACKAGE}.{module_name}")
        finally:
            gc.freeze()
            gc.enable()
        session = make_session(context.obj)
        if "structlog" in sys.modules:  # only then there is somebody who logs
            session.configure_logs(quiet=module_name not in LOGGING)
        end_in_order()
        raise typer.Exit(getattr(module, function_name)(session, **arguments))

    return command
