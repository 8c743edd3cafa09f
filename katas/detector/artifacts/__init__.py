"""What a training run leaves behind, and how it is read again.

Read first `results.py`: the result of a fold and its file, the predictions of a run;
then `record.py`: how the run was made. `files.py` writes metrics, predictions and
model; `card.py` the model card, with the tables of `tables.py`; `pictures.py` draws
the learning curves and confusion matrices.
"""
