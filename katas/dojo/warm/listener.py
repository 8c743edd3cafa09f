"""Where a worker waits for a client: a socket, on Windows a named pipe.

Only the owner can connect: the socket lies in a folder of mode 0700, and the first
message must be the token in the worker's record (mode 0600). On Windows
multiprocessing's own handshake checks the token.
"""

import hmac
import os
import select
import socket

from katas.dojo.warm.messages import Token
from katas.dojo.warm.wire import PipeConnection, SocketConnection


class SocketListener:
    """For Linux and macOS."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token
        self.sock = socket.socket(socket.AF_UNIX)
        draft = f"{address}.new"  # nobody may meet a socket that does not listen yet
        self.sock.bind(draft)
        os.chmod(draft, 0o600)
        self.sock.listen(4)
        os.rename(draft, address)

    def has_client(self) -> bool:
        """True where a client waits to be accepted."""
        return bool(select.select([self.sock], [], [], 0)[0])

    def accept(self) -> SocketConnection | None:
        """The next connection, or None where it brought no token, or a wrong one."""
        connection = SocketConnection(self.sock.accept()[0])
        try:
            first = connection.receive(2)
        except (EOFError, ValueError):
            first = None
        token = first.token if isinstance(first, Token) else ""
        if hmac.compare_digest(token.encode(), self.token.encode()):
            return connection
        connection.close()
        return None

    def close(self) -> None:
        self.sock.close()
        os.unlink(self.address)


class PipeListener:
    """For Windows."""

    def __init__(self, address: str, token: str) -> None:
        from multiprocessing.connection import Listener  # slow, for Windows alone

        self.listener = Listener(address, "AF_PIPE", authkey=token.encode())

    def has_client(self) -> bool:
        return False

    def accept(self) -> PipeConnection | None:
        from multiprocessing import AuthenticationError

        try:
            return PipeConnection(self.listener.accept())
        except (OSError, EOFError, AuthenticationError):
            return None

    def close(self) -> None:
        self.listener.close()


Listener = SocketListener | PipeListener


def listen(address: str, token: str) -> Listener:
    """A listener at an address, for clients that know the token."""
    if os.name == "nt":
        return PipeListener(address, token)
    return SocketListener(address, token)
