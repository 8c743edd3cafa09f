"""Which values the state may hold: everything else is dropped when it is read."""

import math
from collections.abc import Callable
from typing import Any

MOST_RUNS = 10**6
LATEST = 32503680000  # s since 1970: the year 3000
DROPPED = object()
Rule = Callable[[Any], Any]  # the value as far as it is sound, or DROPPED


def repaired(state: object) -> dict[str, Any]:
    """The state without the values that no run of the course can have written."""
    sound = _fields(STATE)(state)
    return {} if sound is DROPPED else sound


def _fields(rules: dict[str, Rule]) -> Rule:
    """For a dict whose keys have rules of their own; other keys are left alone."""

    def rule(value: Any) -> Any:
        if not isinstance(value, dict):
            return DROPPED
        return _without_dropped(
            {key: rules[key](x) if key in rules else x for key, x in value.items()}
        )

    return rule


def _values(rule_of_each: Rule) -> Rule:
    """For a dict whose values all have one rule."""

    def rule(value: Any) -> Any:
        if not isinstance(value, dict):
            return DROPPED
        return _without_dropped({key: rule_of_each(x) for key, x in value.items()})

    return rule


def _list(rule_of_each: Rule, length: int | None = None) -> Rule:
    """For a list whose entries all have one rule, and which may have a fixed length."""

    def rule(value: Any) -> Any:
        if not isinstance(value, list):
            return DROPPED
        sound = [x for x in map(rule_of_each, value) if x is not DROPPED]
        return DROPPED if length not in (None, len(sound)) else sound

    return rule


def _without_dropped(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not DROPPED}


def _if(is_sound: Callable[[Any], bool]) -> Rule:
    return lambda value: value if is_sound(value) else DROPPED


def _or_none(rule: Rule) -> Rule:
    return lambda value: value if value is None else rule(value)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_RUNS


def _is_time(value: Any) -> bool:
    number = type(value) in (int, float) and not math.isnan(value)
    return number and 0 <= value <= LATEST


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


count, time, text = _if(_is_count), _if(_is_time), _if(_is_text)
boolean = _if(lambda value: isinstance(value, bool))
paths = _list(_list(text, length=2))  # [[a file, its kept copy]]

ROUND: dict[str, Rule] = {
    **dict.fromkeys(("attempts", "runs_on_sentence"), count),
    **dict.fromkeys(("seconds", "first_run", "last_run", "green_at"), time),
    **dict.fromkeys(("fingerprint", "sentence"), text),
    "blank": _or_none(text),
    "hints": _values(count),
    "quiz_first": _values(boolean),
    "caught": _or_none(_list(count, length=2)),
    "kept": paths,
}
DAY: dict[str, Rule] = {
    **ROUND,
    "rounds": _list(_fields(ROUND)),
    "last_move": _fields({"what": text, "at": time, "kept": paths}),
}
STATE: dict[str, Rule] = {
    "days": _values(_fields(DAY)),
    "course": _or_none(text),
    "today": _if(_is_count),
}
