"""What a run leaves behind: metrics, predictions, pictures, the model and its card."""

import io
import json
import math
import shutil

import numpy as np

from katas.detector import protocol
from katas.detector.artifacts import tables
from katas.detector.run import POINTS
from katas.dojo.store.files import write_atomic

SCRIPTED = (
    "Activities in these recordings are scripted and provocative: false alarms an hour"
    " are not those of daily life."
)


def write_all(run, scored, model_file, about):
    """Write every file of a finished run; return the metrics."""
    found, best = (
        {name: judged(run, scored[point][name]) for name in run.models}
        for point in POINTS
    )
    found["network"]["parameters"] = about["parameters"]
    found |= {"best_f1": best, "run": about}
    found["threshold_of_the_model"] = about["threshold"]
    scored = scored["budget"]
    write_atomic(run.out / "metrics.json", json.dumps(plain(found), indent=1))
    write_atomic(run.out / "predictions.npz", predictions(run, scored["network"]))
    from katas.detector.artifacts import pictures  # here: matplotlib takes 30 MB

    for name, content in pictures.drawn(run, scored).items():
        write_atomic(run.out / name, content)
    write_atomic(run.out / "model_card.md", card(found, about))
    if model_file != run.out / "model.keras":
        shutil.copyfile(model_file, run.out / "model.keras")
    return found


def judged(run, seeds):
    """The learner's report of one model."""

    tested = np.flatnonzero(~np.isnan(seeds[0].score))

    def judge(one, rows):
        return protocol.judge(run.windows, run.recordings, *one, tested[rows])

    return run.parts.report(seeds, run.windows.subject[tested], judge)


def plain(value):
    """The value with None in place of NaN, which JSON does not know."""
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def predictions(run, seeds):
    """predictions.npz as bytes: one row a seed and tested window."""
    tested = ~np.isnan(seeds[0].score)
    names = np.array([one.name for one in run.recordings])
    count = tested.sum()
    rows = {
        "subject": run.windows.subject[tested],
        "recording": names[run.windows.recording[tested]],
        "first_sample": run.windows.start[tested],
        "label": run.windows.label[tested],
    }
    rows = {name: np.tile(column, len(seeds)) for name, column in rows.items()}
    rows["score"] = np.concatenate([one.score[tested] for one in seeds])
    rows["threshold"] = np.concatenate([one.threshold[tested] for one in seeds])
    rows["seed"] = np.repeat(run.seeds, count)
    content = io.BytesIO()
    np.savez_compressed(content, **rows)
    return content.getvalue()


def table(found):
    """The three models' figures at both operating points, as lines of Markdown."""
    budget = found["run"]["false_alarms"]
    said = f"At most {budget:g} false alarms an hour", "Best F1 of windows"
    lines = []
    for point, models in zip(said, (found, found["best_f1"]), strict=True):
        header, body = tables.rows(models)
        lines += [f"{point}, on people who neither train nor test:", ""]
        lines += ["| " + " | ".join(row) + " |" for row in (header, *body)]
        lines.insert(-len(body), "|---" * len(header) + "|")
        lines.append("")
    return [*lines, "In brackets: deviation over seeds; over people."]


def card(found, about):
    """The model card, in Markdown."""
    return "\n".join(
        [
            "# Fall detector",
            "",
            f"Reads {about['window_s']} s of a wrist's acceleration [g] and angular"
            " rate [rad/s] at 50 Hz, six raw channels, and gives the probability of a"
            f" fall. {about['parameters']:,} parameters. It alarms at"
            f" {about['threshold']:.3f} and over.",
            "",
            "## What it was trained on and judged by",
            "",
            *(
                f"- {key}: {about[key]}"
                for key in ("data", "protocol", "split", "seeds")
            ),
            f"- {about['people']} people, {about['falls']} falls,"
            f" {about['hours']:.2f} h outside them",
            f"- the file `model.keras`: {about['model']}",
            "",
            *table(found),
            "",
            "A threshold was chosen before the test, by scores that inner networks gave"
            " to training people whom they had not met"
            + ("." if about["split"] == "subjects" else " - NOT here, see below."),
            "",
            "## What it is not",
            "",
            f"- {SCRIPTED}",
            "- Falls were staged, by people who knew that they would fall.",
            "- It is no medical device, and has not been judged on the people it would"
            " be for unless they stand in the table above.",
            *(
                [
                    "- The split was at random over windows: the same people train and"
                    " test, so these figures are too good."
                ]
                if about["split"] == "windows"
                else []
            ),
            "",
        ]
    )
