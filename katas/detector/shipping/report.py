"""What shipping prints, and the facts on the card of the int8 file."""

from collections.abc import Mapping
from typing import Any

from katas.detector.artifacts.card import SCRIPTED
from katas.detector.artifacts.record import RunRecord
from katas.detector.shipping.proof import FILES, MODELS

ROWS = (
    ("F1 of windows", "f1", "{:.4f}"),
    ("falls detected", "event_sensitivity", "{:.4f}"),
    ("false alarms [1/h]", "false_alarms_per_hour", "{:.2f}"),
    ("delay, median [s]", "delay_s", "{:.2f}"),
    ("largest change of a score", "largest_difference", "{:.2g}"),
    ("decisions changed", "decisions_changed", "{}"),
    ("file [bytes]", "bytes", "{:,}"),
)


def table(figures: Mapping[str, Any]) -> list[str]:
    """The figures of ship.json as lines of text."""
    lines = [f"{'':28}" + "".join(f"{name:>14}" for name in MODELS)]
    for title, key, form in ROWS:
        cells = [
            form.format(figures[n][key]) if key in figures[n] else "" for n in MODELS
        ]
        lines.append(f"{title:28}" + "".join(f"{cell:>14}" for cell in cells))
    for k, title in enumerate(("latency, median [us]", "latency, 95 % [us]")):
        cells = [f"{figures[name]['latency_us'][k]:.0f}" for name in MODELS]
        lines.append(f"{title:28}" + "".join(f"{cell:>14}" for cell in cells))
    for name in FILES:
        one = figures[name]["watch"]
        low, high = one["an_hour_95"]
        lines.append(
            f"watch without falls, {name}: {one['alarms']} alarms in"
            f" {one['hours']:.2f} h: {one['an_hour']:.1f} an hour"
            f" (95 %: {low:.1f} to {high:.1f})"
        )
    stream = figures["stream"]
    lines.append(
        f"stream against batch, int8: {stream['samples']:,} samples,"
        f" {stream['scores']:,} scores, {stream['unequal']} recordings differ"
    )
    lines.append(f"{figures['windows']:,} windows of {figures['people']} people")
    return lines


def facts(record: RunRecord, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of the int8 file for day 33's `model_card`."""
    int8 = figures["int8"]
    on_watch = int8["watch"]
    return {
        "purpose": "tell a fall from daily life by a watch on the wrist",
        "not_for": "medical use, or anyone whom nobody else looks after",
        "rate_hz": 50,
        "window_s": record.window_s,
        "units": "acceleration [g], angular rate [rad/s], raw",
        "worn_at": "wrist",
        "data": record.description,
        "people": record.people,
        "protocol": f"{record.protocol} by {record.split}, seed"
        f" {record.seeds[0]}; judged were the int8 files of the folds; this file:"
        f" {record.model}",
        "threshold": round(record.threshold, 4),
        "window_f1": round(int8["f1"], 3),
        "event_sensitivity": round(int8["event_sensitivity"], 3),
        "false_alarms_per_hour": round(int8["false_alarms_per_hour"], 2),
        "delay_s": round(int8["delay_s"], 2),
        "limits": f"Falls were staged. {SCRIPTED} A watch on which"
        f" nobody fell: {on_watch['alarms']} alarms in {on_watch['hours']:.2f} h.",
    }
