"""The desk: one folder a day, and the tooling in `dojo`."""

import os
import re
import sys

# Before TensorFlow is imported: no start-up log lines, the same sums on each machine.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# The course needs Keras 3 on TensorFlow, with loops of full length; `kata doctor` names
# the variables of the learner's that say otherwise.
FOREIGN = ("TF_USE_LEGACY_KERAS", "KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")
OVERRIDDEN = {name: os.environ.pop(name) for name in FOREIGN if name in os.environ}
if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
    OVERRIDDEN["KERAS_BACKEND"] = os.environ["KERAS_BACKEND"]
os.environ["KERAS_BACKEND"] = "tensorflow"

if sys.argv[:1] == ["-m"] and any(
    re.fullmatch(r"(katas|solutions)\.day\d\d\.\w+|katas\.detector", word)
    for word in sys.orig_argv
):
    # The command line of a day or of the detector: `python -m katas.detector train`.
    from katas.dojo.runner import tensorflow_import
    from katas.dojo.store.streams import silent_stderr

    with silent_stderr():
        tensorflow_import.import_with_stand_ins()
