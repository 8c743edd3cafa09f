"""The same work for many days, one process a core, a new one for each day: what a day
leaves behind in TensorFlow's memory is not the next one's burden."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed

from katas.dojo.runner import tensorflow_import


def on_every_core(work, numbers):
    """Yield (number, work(number)) for each day's number as the answers come."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        os.cpu_count(),
        spawn,
        initializer=tensorflow_import.import_tensorflow,
        max_tasks_per_child=1,
    ) as pool:
        asked = {pool.submit(work, number): number for number in numbers}
        for answer in as_completed(asked):
            yield asked[answer], answer.result()
