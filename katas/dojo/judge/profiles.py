"""Hypothesis profiles of the course: few examples, and the same ones at each save."""

from typing import Any


def register(name: str, **changes: Any) -> None:
    """Register a profile: 25 fixed examples a property, and what differs from that."""
    from hypothesis import Phase, settings
    from hypothesis.internal.conjecture import providers

    # Else a number in the learner's file changes which examples are drawn.
    providers._get_local_constants = lambda: providers._local_constants
    fixed = {
        "max_examples": 25,
        "derandomize": True,
        "database": None,
        "deadline": None,
        "print_blob": False,
        "report_multiple_bugs": False,
        "phases": [Phase.explicit, Phase.generate, Phase.shrink],
    }
    settings.register_profile(name, **{**fixed, **changes})
