"""The measurements of the course's speed, which no test depends on.

cli.py              the two commands: python -m katas.dojo.bench loop | detector
loop.py             from save to result under real pytest-watch, warm against cold
pseudo_terminal.py  runs a program as in a learner's terminal (the tests use it too)
detector.py         training, latency and size of the fall detector
"""
