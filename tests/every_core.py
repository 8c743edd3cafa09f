"""The same work for many days, one process a core and a new one for each day: what a day
leaves in TensorFlow's memory does not burden the next."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

from katas.dojo.runner import tensorflow_import

Result = TypeVar("Result")


def on_every_core(
    work: Callable[[int], Result], numbers: Iterable[int]
) -> Iterator[tuple[int, Result]]:
    """Yield (number, work(number)) for each day's number as the results come."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        os.cpu_count(),
        spawn,
        initializer=tensorflow_import.import_tensorflow,
        max_tasks_per_child=1,
    ) as pool:
        futures = {pool.submit(work, number): number for number in numbers}
        for future in as_completed(futures):
            yield futures[future], future.result()
