"""Day 26. Four trainings of day 22 against the plain one, and what an interval holds."""

import matplotlib.pyplot as plt
import numpy as np

from katas.day26.strategies import coverage, paired_bootstrap, rank_strategies

# F1 at the chosen threshold, 2 % falls, 8 epochs, 30 simulated people split anew for
# each of 20 seeds (day 22): on the people who chose the threshold, then on others.
VALIDATION = {
    "as it comes": "0.505 0.598 0.541 0.449 0.536 0.467 0.636 0.521 0.412 0.593"
    " 0.453 0.559 0.568 0.536 0.495 0.542 0.466 0.290 0.444 0.518",
    "bias": "0.472 0.541 0.575 0.489 0.624 0.545 0.578 0.549 0.518 0.559"
    " 0.592 0.610 0.654 0.596 0.571 0.611 0.515 0.481 0.444 0.441",
    "class weights": "0.421 0.550 0.547 0.483 0.493 0.512 0.455 0.515 0.511 0.548"
    " 0.559 0.522 0.588 0.495 0.525 0.615 0.422 0.425 0.356 0.545",
    "focal loss": "0.362 0.569 0.474 0.460 0.505 0.394 0.446 0.455 0.400 0.489"
    " 0.504 0.456 0.545 0.406 0.444 0.581 0.443 0.414 0.279 0.397",
    "resampling": "0.556 0.507 0.608 0.500 0.644 0.535 0.491 0.414 0.415 0.555"
    " 0.537 0.491 0.568 0.478 0.450 0.614 0.480 0.344 0.400 0.481",
}
TEST = {
    "as it comes": "0.377 0.543 0.410 0.526 0.621 0.432 0.487 0.475 0.376 0.400"
    " 0.281 0.479 0.511 0.367 0.339 0.350 0.432 0.406 0.313 0.378",
    "bias": "0.371 0.503 0.368 0.560 0.651 0.517 0.477 0.429 0.493 0.525"
    " 0.440 0.610 0.558 0.377 0.420 0.507 0.540 0.498 0.430 0.456",
    "class weights": "0.394 0.494 0.392 0.460 0.579 0.448 0.453 0.414 0.491 0.451"
    " 0.486 0.581 0.556 0.309 0.490 0.442 0.442 0.483 0.411 0.433",
    "focal loss": "0.349 0.432 0.348 0.360 0.514 0.393 0.407 0.388 0.353 0.443"
    " 0.398 0.447 0.329 0.438 0.440 0.336 0.411 0.419 0.381 0.340",
    "resampling": "0.348 0.427 0.383 0.483 0.617 0.502 0.518 0.393 0.357 0.395"
    " 0.376 0.477 0.525 0.452 0.415 0.467 0.400 0.332 0.388 0.396",
}


def numbers(table):
    """{name: [20]} out of the figures as they were printed."""
    return {name: np.array(row.split(), float) for name, row in table.items()}


def draw():
    """Return a figure: gains with intervals; how often an interval holds the truth."""
    rows = rank_strategies(numbers(VALIDATION), numbers(TEST), "as it comes")
    figure, (left, right) = plt.subplots(1, 2, width_ratios=(3, 2))
    for height, row in enumerate(reversed(rows)):
        left.plot([row.low, row.high], [height, height], color="C0")
        left.plot(row.gain, height, "o", color="C0")
        left.text(0.105, height, f"p = {row.p:.3f}", fontsize=9, va="center")
    left.axvline(0, color="0.5", linewidth=1)
    left.margins(y=0.15)
    left.set_yticks(range(len(rows)), [row.name for row in reversed(rows)])
    left.set(xlabel="gain in F1 over the plain training", xlim=(-0.08, 0.16))

    sizes, held = (3, 5, 10, 20, 40), []
    for n in sizes:

        def pair(rng, n=n):
            shared = rng.normal(0.9, 0.05, n)
            return shared + rng.normal(0.01, 0.01, n), shared + rng.normal(0, 0.01, n)

        interval = lambda a, b: paired_bootstrap(a, b, 300)  # noqa: E731
        held.append(coverage(interval, pair, 0.01, runs=600))
    right.plot(sizes, held, "o-", color="C1")
    right.axhline(0.95, color="0.5", linewidth=1)
    right.set(xlabel="seeds", ylabel="share that holds the truth", ylim=(0.7, 1))
    right.set(xscale="log", xticks=sizes, xticklabels=sizes)
    right.minorticks_off()
    return figure
