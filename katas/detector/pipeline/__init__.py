"""The detector as a picture: which day brings what, in the order of the data.

Read first `table.py`: the parts that the programs call, each with its day; `parts.py`
of the package above imports them. `boxes.py` puts them, and the days whose ideas they
are built on, into the order of the data. Nothing in here imports NumPy or TensorFlow.
"""
