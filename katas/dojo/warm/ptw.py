"""Set in pytest-watch what its own settings cannot: watch `katas/` only, this Python.

pytest-watch finds its settings by starting pytest in its own process, and with it this
plugin (`-p katas.dojo.warm.ptw`). Without it, bare `ptw` watches the whole working
folder: each import of TensorFlow from a virtual environment in it overflows inotify,
and `ignore` takes only one name. In any other process this does nothing.
"""

import errno
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

# What editors write beside a file while they save or lock it: .#x.py, x.py~, 4913, ...
EDITORS_OWN = re.compile(r"[.#].*|4913|.*(~|\.sw[a-z]|___jb_\w+___)")
POLL = "ptw --poll"  # looks at the files again and again, and needs no watches
LIMITS = {
    errno.ENOSPC: ("watches", "fs.inotify.max_user_watches=65536"),
    errno.EMFILE: ("instances", "fs.inotify.max_user_instances=512"),
}


def patch(command: Any, watcher: Any) -> None:
    """Wrap what pytest-watch 4.2.0 calls: modules pytest_watch.command and .watcher."""
    watch, get_runner = command.watch, watcher._get_pytest_runner
    on_any_event = watcher.EventListener.on_any_event

    def watch_katas(entries: Sequence[str] = (), **options: Any) -> int:
        from katas.dojo.warm import registry  # not needed in any other pytest process

        os.environ["KATAS_PTW"] = str(os.getpid())  # workers end with this process
        katas = os.path.join(registry.root(), "katas")
        # A watch does not go through a link, such as a day's folder kept elsewhere.
        links = [entry for entry in os.scandir(katas) if entry.is_symlink()]
        linked = [os.path.realpath(entry) for entry in links if entry.is_dir()]
        _ignore_shadowing_files()
        try:
            return watch(entries=list(entries) or [katas, *linked], **options)
        except OSError as error:
            print(_why_it_cannot_watch(error))
            return 1

    def this_python(custom: str | None) -> list[str]:
        first, *rest = get_runner(custom)
        return [sys.executable if first == "python" else first, *rest]

    def on_event(listener: Any, event: Any) -> None:
        path = os.fsdecode(getattr(event, "dest_path", "") or event.src_path)
        if not EDITORS_OWN.fullmatch(os.path.basename(path)):
            on_any_event(listener, event)

    command.watch, watcher._get_pytest_runner = watch_katas, this_python
    watcher.EventListener.on_any_event = on_event
    if os.name != "nt":
        # SIGINT would print a traceback where it meets a starting interpreter.
        watcher.send_keyboard_interrupt = lambda process: process.terminate()


def _ignore_shadowing_files() -> None:
    """Keep a random.py or keras.py of the learner's out of the way of the runs."""
    from katas.dojo.store import paths

    for file in paths.shadowing():
        os.environ["PYTHONSAFEPATH"] = "1"  # Python 3.11: no working folder on sys.path
        print(
            f"{paths.shown(file)} has the name of a module that the course imports:"
            " rename it, or `python -m` finds it in that module's place."
        )


def _why_it_cannot_watch(error: OSError) -> str:
    """One sentence, with what to type."""
    if error.errno not in LIMITS:
        return f"ptw cannot watch katas/ ({error.strerror or error}): {POLL}"
    name, setting = LIMITS[error.errno]
    return (
        f"The system's limit of inotify {name} is reached: {POLL} needs none, and"
        f"\nsudo sysctl {setting} raises it."
    )


def _patch_this_process() -> None:
    command = sys.modules.get("pytest_watch.command")
    watcher = sys.modules.get("pytest_watch.watcher")
    if hasattr(command, "watch") and hasattr(watcher, "_get_pytest_runner"):
        patch(command, watcher)


_patch_this_process()
