"""The desk: one folder a day, and the tooling in `dojo`."""

import os

# Before TensorFlow is imported: no start-up log lines, the same sums on each machine.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
