"""Tell pytest-watch what its settings cannot: watch `katas/` only, and who runs.

pytest-watch finds its settings by starting pytest in its own process; there this
plugin (`-p katas.dojo.warm.ptw`) meets it. Left alone, bare `ptw` watches the whole
working folder: each import of TensorFlow from a virtual environment in it overflows
inotify, and `ignore` takes but one name. In any other process this does nothing.
"""

import os
import sys


def settle(command, watcher):
    """Wrap what pytest-watch 4.2.0 calls: modules pytest_watch.command and .watcher."""
    watch, runner = command.watch, watcher._get_pytest_runner

    def watch_katas(entries=(), **options):
        from katas.dojo.warm import registry

        os.environ["KATAS_PTW"] = str(os.getpid())  # spares end with this process
        katas = os.path.join(registry.root(), "katas")
        return watch(entries=list(entries) or [katas], **options)

    def this_python(custom):
        first, *rest = runner(custom)
        return [sys.executable if first == "python" else first, *rest]

    command.watch, watcher._get_pytest_runner = watch_katas, this_python
    if os.name != "nt":
        # SIGINT would print a traceback where it meets a starting interpreter.
        watcher.send_keyboard_interrupt = lambda process: process.terminate()


def _find():
    command = sys.modules.get("pytest_watch.command")
    watcher = sys.modules.get("pytest_watch.watcher")
    if hasattr(command, "watch") and hasattr(watcher, "_get_pytest_runner"):
        settle(command, watcher)


_find()
