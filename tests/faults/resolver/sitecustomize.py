"""Python runs this at the start of every process of the program (site.main):
names that end in .test are looked up in a file, so that a fault can take the
name server away. It stands where the system's resolver stands; nothing of the
program is touched.
"""

import os
import socket
from pathlib import Path

_system = socket.getaddrinfo


def _look_up(host, port, *arguments, **options):  # type: ignore[no-untyped-def]
    """As the system does, after the file has answered for its own names."""
    name = host.decode() if isinstance(host, bytes) else host
    if name and name.endswith(".test"):
        lines = Path(os.environ["FAULTS_HOSTS"]).read_text().splitlines()
        known = dict(line.split()[::-1] for line in lines)
        if name not in known:
            raise socket.gaierror(
                socket.EAI_AGAIN, "Temporary failure in name resolution"
            )
        host = known[name]
    return _system(host, port, *arguments, **options)


socket.getaddrinfo = _look_up
