"""The connection between client and worker: messages, and on POSIX the terminal."""

import os
import select
import socket
from collections.abc import Sequence

from katas.dojo.warm import messages
from katas.dojo.warm.messages import Message, Token

TYPE_CHECKING = False  # typing's own constant costs the import of typing
if TYPE_CHECKING:
    from multiprocessing import connection


class SocketConnection:
    """A connection on Linux and macOS.

    Attributes
        files  the descriptors that came with messages
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.unread = b""
        self.files: list[int] = []

    def send(self, message: Message, files: Sequence[int] = ()) -> None:
        """Raises EOFError where the other end is closed."""
        data = message.encode() + b"\n"
        try:
            sent = socket.send_fds(self.sock, [data], files) if files else 0
            self.sock.sendall(data[sent:])
        except (BrokenPipeError, ConnectionError):
            raise EOFError from None

    def receive(self, seconds: float | None = None) -> Message | None:
        """The next message, or None when none came in that time [s].

        Raises
            EOFError    where the other end is closed
            ValueError  where something else than a message came
        """
        while b"\n" not in self.unread:
            if not select.select([self.sock], [], [], seconds)[0]:
                return None
            try:
                data, files, *_ = socket.recv_fds(self.sock, 65536, 3)
            except ConnectionError:
                data, files = b"", []
            self.files += files
            if not data:
                raise EOFError
            self.unread += data
        line, self.unread = self.unread.split(b"\n", 1)
        return messages.decode(line)

    def close(self) -> None:
        self.sock.close()


class PipeConnection:
    """The same over multiprocessing's pipe, for Windows."""

    files = ()  # the worker has the console of its ptw from its start

    def __init__(self, pipe: "connection.Connection") -> None:
        self.pipe = pipe

    def send(self, message: Message, files: Sequence[int] = ()) -> None:
        try:
            self.pipe.send_bytes(message.encode())
        except OSError:
            raise EOFError from None

    def receive(self, seconds: float | None = None) -> Message | None:
        try:
            if seconds is not None and not self.pipe.poll(seconds):
                return None
            return messages.decode(self.pipe.recv_bytes())
        except OSError:
            raise EOFError from None

    def close(self) -> None:
        self.pipe.close()


Connection = SocketConnection | PipeConnection


def connect(address: str, token: str) -> Connection:
    """A connection to the worker at an address.

    Raises
        OSError  where nobody listens (yet, or any more)
    """
    if os.name == "nt":
        from multiprocessing.connection import Client  # slow, for Windows alone

        return PipeConnection(Client(address, "AF_PIPE", authkey=token.encode()))
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(address)
    connection = SocketConnection(sock)
    connection.send(Token(token=token))
    return connection
