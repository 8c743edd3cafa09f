"""What client and worker exchange, as classes, and how it becomes JSON and back.

These work like dataclasses, and type checkers take them for such. The real ones would
cost the client half its start: the module `dataclasses` imports `inspect`.
"""

import json
from collections.abc import Callable

TYPE_CHECKING = False  # typing's own constant costs the import of typing
if TYPE_CHECKING:
    from typing import Self, dataclass_transform
else:

    def dataclass_transform(**options: bool) -> Callable[[type], type]:
        return lambda cls: cls


@dataclass_transform(kw_only_default=True)
class Data:
    """Fields that are given by name and are what JSON can hold."""

    def __init__(self, **fields: object) -> None:
        vars(self).update(fields)

    def to_json(self) -> str:
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, text: str) -> "Self":
        """Raises ValueError where the text does not hold an object of this class."""
        fields = json.loads(text)
        if not isinstance(fields, dict):
            raise ValueError(f"expected a JSON object, got {text[:40]!r}")
        return cls(**fields)


class Record(Data):
    """A worker, as its file in the folder of the workers describes it."""

    address: str  # of its socket or pipe
    token: str  # which a client must present
    ptw: int  # the process number of the pytest-watch it serves
    path: str  # of this record
    pid: int | None = None  # its process number, once it is ready


class Message(Data):
    """What goes over the connection, as one line: the class's name and the fields."""

    def encode(self) -> bytes:
        return json.dumps([type(self).__name__, vars(self)]).encode()


class Token(Message):
    """Client: the first message of all."""

    token: str


class Ready(Message):
    """Worker: warmed up, send the job."""

    pid: int


class Job(Message):
    """Client: run pytest."""

    fingerprint: dict[str, object]  # registry.fingerprint() of the client
    args: list[str]
    cwd: str
    environment: dict[str, str]
    run_log: str  # the file in which the session writes down what runs
    deaths: str  # the tests in which earlier sessions died, as variables.DEATHS has it
    client: int  # its process number


class Stale(Message):
    """Worker: something that I imported has changed since; start another worker."""


class Exit(Message):
    """Worker: the session has ended."""

    code: int


CLASSES = {cls.__name__: cls for cls in Message.__subclasses__()}


def decode(line: bytes) -> Message:
    """The message of a line.

    Raises
        ValueError  where the line is no message
    """
    try:
        name, fields = json.loads(line)
        return CLASSES[name](**fields)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a message: {line[:40]!r}") from error
