"""The reference. Importing it makes `katas.dayNN` answer from here, so that
`python -m solutions.day31.train_detector` runs on the reference all the way down."""

from katas.dojo.course import targets

targets.install("solutions")
