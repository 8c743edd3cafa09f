"""Recordings of movement: one type for every source, and a reader for each.

Read first `recording.py`, the type; then `weda.py` and `sisfall.py` (published data
sets), `watch.py` (ships with a package), `folder.py` with `track.py` and `table.py`
(a learner's own CSV files). `clock.py` resamples, `archive.py` reads zips,
`download.py` and `fetch.py` download WEDA-FALL, `cache.py` keeps what was parsed.
"""

from katas.detector.recordings.recording import CHANNELS, Recording
from katas.dojo.store.errors import DataError

__all__ = ["CHANNELS", "DataError", "Recording"]
