"""What goes wrong in a way that the learner can mend: one sentence each."""


class CourseError(ValueError):
    """One sentence for the learner: what was expected, what came, what to type."""


class DataError(ValueError):
    """Say in one sentence what is wrong with data, and what to do about it."""


def message_of(error: BaseException) -> str:
    """The text of a learner's error, also where its class cannot give one."""
    try:
        return str(error)
    except Exception as failure:
        return f"its message cannot be shown: __str__ raised {type(failure).__name__}"
