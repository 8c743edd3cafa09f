"""`kata doctor`: check the machine and the installation, print a line per finding.

command       first: the checks in their order, and how they are printed
findings      the dataclass that every check yields
installation  Python, the packages, TensorFlow's import
requirements  which installed packages do not meet a requirement
machine       memory, disk, watches
settings      the learner's own settings of Keras and pytest
course_files  the state, the days' tests, the learner's files
"""
