"""Listening sockets: opened before anything else is started, so that a taken port is known at once."""

from __future__ import annotations

import errno
import socket

from broadsheet.errors import ConfigurationError

HOST = "127.0.0.1"
# Fixed, so that bookmarks and shell histories stay right.
API_PORT = 8080
# 4566 and 5000 belong to other emulators by custom.
AWS_PORT = 5005


def listen(port: int, option: str) -> socket.socket:
    """Open a listening socket on this machine; ``option`` is the one a person may change the port with.

    Raise ConfigurationError when that cannot be done: ``port_in_use``, or ``no_port`` for a number that is none.
    """
    if not 0 <= port <= 65_535:
        raise ConfigurationError(f"{option} {port}: a port is a number from 0 to 65535", code="no_port")
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        reason = (
            "another program uses it, perhaps this one in another terminal"
            if error.errno == errno.EADDRINUSE
            else str(error)
        )
        raise ConfigurationError(
            f"cannot listen on port {port} of {HOST}: {reason}. Stop the other program, or choose another port with "
            f"{option} PORT ({option} 0 takes any free one).",
            code="port_in_use",
        ) from error


def address_of(listener: socket.socket) -> str:
    """Return the HTTP address of a listening socket."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}"
