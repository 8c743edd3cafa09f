"""`kata update`: bring a newer course under a learner's work without losing a byte.

ownership  first: which files are the learner's, which days have moved
tree       git trees as {path: file}, and the tree that an update makes
journal    the record of an update on disk, by which a killed one is resumed
checkout   carry an update out: keep copies, write files, move the branch
command    the two commands: fetch, decide, carry out; undo
summary    the lines that the learner reads afterwards
"""
