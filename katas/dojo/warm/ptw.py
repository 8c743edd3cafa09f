"""Set in pytest-watch what its own settings cannot: watch `katas/` only, this Python.

pytest-watch finds its settings by starting pytest in its own process, and with it this
plugin (`-p katas.dojo.warm.ptw`). Without it, bare `ptw` watches the whole working
folder: each import of TensorFlow from a virtual environment in it overflows inotify,
and `ignore` takes only one name. In any other process this does nothing.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any


def patch(command: Any, watcher: Any) -> None:
    """Wrap what pytest-watch 4.2.0 calls: modules pytest_watch.command and .watcher."""
    watch, get_runner = command.watch, watcher._get_pytest_runner

    def watch_katas(entries: Sequence[str] = (), **options: Any) -> int:
        from katas.dojo.warm import registry  # not needed in any other pytest process

        os.environ["KATAS_PTW"] = str(os.getpid())  # workers end with this process
        katas = os.path.join(registry.root(), "katas")
        return watch(entries=list(entries) or [katas], **options)

    def this_python(custom: str | None) -> list[str]:
        first, *rest = get_runner(custom)
        return [sys.executable if first == "python" else first, *rest]

    command.watch, watcher._get_pytest_runner = watch_katas, this_python
    if os.name != "nt":
        # SIGINT would print a traceback where it meets a starting interpreter.
        watcher.send_keyboard_interrupt = lambda process: process.terminate()


def _patch_this_process() -> None:
    command = sys.modules.get("pytest_watch.command")
    watcher = sys.modules.get("pytest_watch.watcher")
    if hasattr(command, "watch") and hasattr(watcher, "_get_pytest_runner"):
        patch(command, watcher)


_patch_this_process()
