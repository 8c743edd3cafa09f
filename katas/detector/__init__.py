"""The fall detector: given production code, meant to be read.

Read `run.py` first, the whole training program from top to bottom. `parts.py` lists which
day defines which part of it. Then what it calls: `training.py` (one network),
`protocol.py` (folds, events, figures), `baselines.py`, `sampling.py`, and `artifacts/`
(what a run leaves behind). `ablation.py` and `shipping/` are the two other programs;
`cli.py` and `options.py` their command line. `sources.py` finds the recordings, which
`recordings/` reads and `simulator/` generates. `runtime/` holds memory, devices, progress.
"""
