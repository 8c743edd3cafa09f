"""The model card of a training run, in Markdown."""

from collections.abc import Mapping
from typing import Any

from katas.detector import parts
from katas.detector.artifacts import comparison, tables
from katas.detector.artifacts.record import RunRecord

SCRIPTED = (
    "Activities in these recordings are scripted and provocative: false alarms an hour"
    " are not those of daily life."
)


def text(metrics: Mapping[str, Any], record: RunRecord) -> str:
    """Return the model card: input, data, figures at both operating points, limits."""
    origins = [parts.Origin(**row) for row in record.parts]
    leaks = record.split != "subjects"
    lines = [
        "# Fall detector",
        "",
        f"Reads {record.window_s} s of a wrist's acceleration [g] and angular"
        " rate [rad/s] at 50 Hz, six raw channels, and returns the probability of a"
        f" fall. {record.parameters:,} parameters. It raises an alarm at"
        f" {record.threshold:.3f} and above.",
        "",
        "## Training and test data",
        "",
        f"- data: {record.description}",
        f"- protocol: {record.protocol}",
        f"- split: {record.split}",
        f"- seeds: {record.seeds}",
        f"- {record.people} people, {record.falls} falls,"
        f" {record.hours:.2f} h outside them",
        f"- the file `model.keras`: {record.model}",
        "",
        *figures(metrics, record.false_alarms),
        "",
        "A threshold was chosen before the test, by scores that inner networks gave"
        " to training subjects who were held out of their training"
        + (" - NOT here, see below." if leaks else "."),
        "",
        "## Whose code",
        "",
        *parts.origins_table(origins),
        "",
        "## Limits",
        "",
        f"- {SCRIPTED}",
        "- Falls were staged, by people who knew that they would fall.",
        "- It is no medical device, and has not been tested on the people it would"
        " be for unless they are in the table above.",
    ]
    if leaks:
        lines.append(
            "- The split was at random over windows: the same people train and"
            " test, so these figures are too good."
        )
    return "\n".join([*lines, ""])


def figures(metrics: Mapping[str, Any], false_alarms: float) -> list[str]:
    """The three models' figures at both operating points, as lines of Markdown.

    Args
        metrics       the content of metrics.json
        false_alarms  [1/h] allowed at the operating point "budget"
    """
    compared = metrics["comparison"]
    points = {
        f"At most {false_alarms:g} false alarms an hour": (metrics, compared["budget"]),
        "Best F1 of windows": (metrics["best_f1"], compared["best_f1"]),
    }
    lines = []
    for point, (models, against) in points.items():
        header, body = tables.rows(models)
        lines += [f"{point}, on people who neither train nor test:", ""]
        lines += ["| " + " | ".join(row) + " |" for row in (header, *body)]
        lines.insert(-len(body), "|---" * len(header) + "|")
        lines += ["", *comparison.lines(against), ""] if against else [""]
    return [
        *lines,
        "In brackets: deviation over seeds; over people. Intervals: bootstrap over people."
        " p: permutation test, corrected by Holm.",
    ]
