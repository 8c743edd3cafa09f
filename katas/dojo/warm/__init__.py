"""The warm runner behind `ptw`: a save gets its result within a second.

A *warm worker* imports TensorFlow while the learner types, runs one pytest session on
the learner's terminal and ends; a fresh one takes its place. Read first `ptw.py` (what
pytest-watch watches and starts) and `client.py` (what runs at each save), then
`launcher.py` and `worker.py` with `warmup.py` and `session.py`; `messages.py` is what
the two exchange, over `wire.py` and `listener.py`; `registry.py` finds workers.
`KATAS_WARM=off` runs everything cold, `KATAS_WARM=light` warms pytest alone.
"""
