"""The line between client and spare: JSON messages, and on POSIX the terminal itself.

Only the owner gets through: the socket lies in a folder of mode 0700, and the first
line must be the token that stands in the spare's record (mode 0600). On Windows a
named pipe does the same with multiprocessing's own handshake.
"""

import json
import os
import select
import socket


def listen(address, token):
    """A listener at an address; `accept` returns a Wire or None after some seconds."""
    return Pipes(address, token) if os.name == "nt" else Sockets(address, token)


def connect(address, token):
    """A Wire to the spare at an address.

    Raises
        OSError  where nobody listens (yet, or any more)
    """
    if os.name == "nt":
        from multiprocessing.connection import Client

        return PipeWire(Client(address, "AF_PIPE", authkey=token.encode()))
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(address)
    wire = Wire(sock)
    wire.send(token)
    return wire


class Wire:
    """One connection. Messages are what JSON can hold; a closed end is an EOFError."""

    def __init__(self, sock):
        self.sock = sock
        self.rest = b""
        self.files = []  # descriptors that came with messages

    def send(self, message, files=()):
        data = json.dumps(message).encode() + b"\n"
        try:
            sent = socket.send_fds(self.sock, [data], files) if files else 0
            self.sock.sendall(data[sent:])
        except (BrokenPipeError, ConnectionError):
            raise EOFError from None

    def receive(self, seconds=None):
        """The next message, or None when none came in that time [s]."""
        while b"\n" not in self.rest:
            if not select.select([self.sock], [], [], seconds)[0]:
                return None
            try:
                data, files, *_ = socket.recv_fds(self.sock, 65536, 3)
            except ConnectionError:
                data, files = b"", []
            self.files += files
            if not data:
                raise EOFError
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def close(self):
        self.sock.close()


class Sockets:
    """The spare's end on Linux and macOS."""

    def __init__(self, address, token):
        self.address, self.token = address, token
        self.sock = socket.socket(socket.AF_UNIX)
        draft = f"{address}.new"  # nobody may meet a socket that does not listen yet
        self.sock.bind(draft)
        os.chmod(draft, 0o600)
        self.sock.listen(4)
        os.rename(draft, address)

    def waiting(self):
        return bool(select.select([self.sock], [], [], 0)[0])

    def accept(self):
        import hmac

        wire = Wire(self.sock.accept()[0])
        try:
            token = wire.receive(2)
        except (EOFError, ValueError):
            token = None
        if hmac.compare_digest(str(token), self.token):
            return wire
        wire.close()
        return None

    def close(self):
        self.sock.close()
        os.unlink(self.address)


class PipeWire:
    """The same connection over multiprocessing's pipe, for Windows."""

    files = ()  # the spare has the console of its ptw from its start

    def __init__(self, connection):
        self.connection = connection
        self.close = connection.close

    def send(self, message, files=()):
        try:
            self.connection.send_bytes(json.dumps(message).encode())
        except OSError:
            raise EOFError from None

    def receive(self, seconds=None):
        try:
            if seconds is not None and not self.connection.poll(seconds):
                return None
            return json.loads(self.connection.recv_bytes())
        except OSError:
            raise EOFError from None


class Pipes:
    """The spare's end on Windows."""

    def __init__(self, address, token):
        from multiprocessing.connection import Listener

        self.listener = Listener(address, "AF_PIPE", authkey=token.encode())
        self.close = self.listener.close

    def waiting(self):
        return False

    def accept(self):
        from multiprocessing import AuthenticationError

        try:
            return PipeWire(self.listener.accept())
        except (OSError, EOFError, AuthenticationError):
            return None
