"""How `pytest tests` runs: on every core, the long part only when it is asked for."""

import os
import signal

import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "deep: the long part: pytest tests -m deep")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's background job ignores Ctrl-C, and so would all it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config):
    return os.cpu_count()


def pytest_collection_modifyitems(config, items):
    if config.option.markexpr or any("::" in argument for argument in config.args):
        return
    deep = [item for item in items if item.get_closest_marker("deep")]
    items[:] = [item for item in items if not item.get_closest_marker("deep")]
    config.hook.pytest_deselected(items=deep)


@pytest.fixture(autouse=True)
def _own_place(monkeypatch):
    """No test of the course answers to the learner's settings."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
