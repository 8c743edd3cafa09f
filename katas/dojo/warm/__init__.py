"""The warm runner behind `ptw`: a save gets its result within a second.

Importing TensorFlow is most of a cold run. So a *warm worker* imports it while the
learner types, then runs one pytest session on the learner's terminal and ends. A
fresh one takes its place; no process runs two sessions. Read in this order:

    ptw.py       patches pytest-watch: what it watches, which Python it starts
    client.py    what runs at each save: gives a worker the job, waits for the result
    launcher.py  starts a worker
    worker.py    the waiting process: warmup.py imports, session.py runs pytest
    messages.py  what the two exchange, over the connection of wire.py and listener.py
    registry.py  the folder of the workers' records; processes.py: does one still run?

`KATAS_WARM=off` runs everything cold; `KATAS_WARM=light` warms pytest alone.
"""
