"""The socket that is served: bound before the application is imported, so that a port in use is told at once."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path

from vivace.cli.failure import Failure


def listen(host: str, port: int, uds: Path | None, fd: int | None) -> socket.socket:
    """Bind, without accepting yet.

    Raises:
        Failure: the address is in use, not this machine's, or not allowed.
    """
    try:
        if fd is not None:
            found = socket.socket(fileno=os.dup(fd))
        elif uds is not None:
            found = _unix(uds)
        else:
            found = _tcp(host, port)
    except OSError as error:
        raise _explained(error, host, port, uds, fd) from None
    found.set_inheritable(True)
    return found


def _tcp(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    found = socket.socket(family)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError:
        found.close()
        raise
    return found


def _unix(path: Path) -> socket.socket:
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        path.unlink()  # left behind by a server that was killed
    found = socket.socket(socket.AF_UNIX)
    try:
        found.bind(str(path))
        path.chmod(0o666)
    except OSError:
        found.close()
        raise
    return found


def _explained(error: OSError, host: str, port: int, uds: Path | None, fd: int | None) -> Failure:
    if fd is not None:
        return Failure(f"File descriptor {fd} is no socket that can be served: {error.strerror}")
    if uds is not None:
        return Failure(f"{uds} can't be listened on: {error.strerror}")
    if error.errno == errno.EADDRINUSE:
        return Failure(f"Port {port} of {host} is in use", mend="stop what is served there, or choose another --port")
    if error.errno == errno.EACCES:
        return Failure(f"Port {port} of {host} is not allowed to this user", mend="choose a --port above 1023")
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return Failure(f"{host} is no address of this machine", mend="choose another --host, such as 127.0.0.1")
    return Failure(f"{host} port {port} can't be listened on: {error.strerror}")
