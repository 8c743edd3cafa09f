"""Memory, devices, progress and latency: nothing in here changes a score.

`allocator.py` keeps freed memory in the process, `progress.py` shows what trains and
writes event files, `distributed.py` trains on several replicas or workers, `litert.py`
measures the latency of a model.
"""
