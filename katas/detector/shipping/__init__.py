"""Pack the model of a training run into LiteRT files, and test them.

Read first `ship.py`, the program; `proof.py` compares the files with Keras and the
stream with the batch; `report.py` holds what is printed and the card's facts.
"""
