"""What goes wrong in a way that the learner can mend: one sentence each."""


class CourseError(ValueError):
    """One sentence for the learner: what was expected, what came, what to type."""


class DataError(ValueError):
    """Say in one sentence what is wrong with data, and what to do about it."""
