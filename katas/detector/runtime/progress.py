"""What a training shows: a bar over all epochs, and event files for TensorBoard."""

import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """Shows nothing."""

    def callbacks(self, name: str, log: Path | None) -> list[Any]:
        """Return the callbacks of a training; log: the folder of its event files."""
        return []

    def skip(self, models: int) -> None:
        """Count models that an earlier run has trained."""

    def trained(self, name: str) -> None:
        """Report a model that is trained."""


class ProgressBar(Progress):
    """A progress bar over the epochs of all models; one line per model in a log.

    Args
        models  how many the whole run trains; epochs: of each
    """

    def __init__(self, models: int, epochs: int) -> None:
        self.epochs = epochs
        self.console = Console()
        self.bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeRemainingColumn(),
            console=self.console,
        )
        self.task = self.bar.add_task("epochs", total=models * epochs)

    def __enter__(self) -> "ProgressBar":
        self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bar.stop()

    def callbacks(self, name: str, log: Path | None) -> list[Any]:
        self.bar.update(self.task, description=name)
        tick = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: self.bar.advance(self.task)
        )
        if log is None:
            return [tick]
        events = keras.callbacks.TensorBoard(
            str(log), write_graph=False, profile_batch=0
        )
        return [tick, events]

    def skip(self, models: int) -> None:
        self.bar.advance(self.task, models * self.epochs)

    def trained(self, name: str) -> None:
        if not self.console.is_terminal:
            print(f"trained {name}", file=sys.stderr, flush=True)
