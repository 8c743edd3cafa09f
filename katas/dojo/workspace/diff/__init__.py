"""What `kata diff` compares, beside the text: lines of code and time.

`bodies.py` finds the functions of a file; `timing_plugin.py` measures each blank on the
tests' own inputs, in a run of pytest, and leaves `costs.py`'s table of them.
"""
