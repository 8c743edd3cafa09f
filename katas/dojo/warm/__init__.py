"""The warm runner: what stands behind `ptw`, so that a save is answered at once.

Importing TensorFlow is most of a cold run. So a *spare* process imports it while the
learner types, then runs one pytest session with the learner's terminal and ends.
A fresh one takes its place; no process runs two sessions.

    ptw.py      tells pytest-watch what to watch and what to run
    client.py   what runs at each save: hands terminal and job to a spare, waits
    spare.py    the waiting process; session.py its one pytest session
    imports.py  TensorFlow without what the course never asks of it
    where.py    the private folder of the spares, and when a spare is out of date
    wire.py     the line between client and spare; life.py: does a process live?

`KATAS_WARM=off` runs everything cold; `KATAS_WARM=light` warms pytest alone.
"""
