"""The course itself: its days, their stubs, and whose code is under test.

Read first `index.py` (the days of `katas/course.toml` and where each keeps its files),
then `stubs.py` (a stub is derived from its solution) and `misconceptions.py` (one-place
edits of a solution). `targets.py` decides whose code `import katas.day07...` returns:
the learner's, the reference, a stub, or the reference with a misconception in it.
`listed_tests.py` has the tests of each day, all of which a green day has passed;
`records.py` is what the course remembers of a day, `standing.py` tells whether it is
green; `digits.py` holds the MNIST images.
"""
