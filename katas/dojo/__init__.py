"""The tooling of the course: everything behind `ptw`, `pytest` and `kata`.

Read first `store` and `course` (files, state; days, stubs, whose code is under test),
then `judge` (what decides whether code is right), `runner` (one run of a day's tests)
and `warm` (why a save is answered at once). `workspace` holds the learner's commands,
`notebook` their notes; `cli` is thin. `.github/ARCHITECTURE.md` draws the whole.
"""
