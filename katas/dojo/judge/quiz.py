"""Compare a prediction with the result of the experiment, and explain it."""

import math
from collections.abc import Callable
from typing import Any


class NotPredicted(NotImplementedError):
    """The prediction is still `...`."""


def require_prediction(test: Callable[..., object]) -> None:
    """Fail before the experiment where the prediction that a test reads is open.

    Args
        test  a function of a test_quiz.py; it names its prediction as quiz.NAME
    """
    function: Any = test
    quiz = function.__globals__.get("quiz")
    if any(getattr(quiz, name, None) is ... for name in function.__code__.co_names):
        raise NotPredicted("no prediction yet: write what you expect in place of `...`")


def predicted(prediction: Any, answer: Any, why: str, tolerance: float = 0.0) -> None:
    """Fail unless the prediction equals the computed answer.

    Args
        prediction  what the learner wrote in quiz.py, no longer `...`
        answer      what the experiment gave: a number, text, bool, tuple or None
        why         one sentence that explains the answer
        tolerance   relative, for numbers that nobody can predict to the last digit
    """
    __tracebackhide__ = True
    if isinstance(answer, (list, tuple)):
        answer, prediction = tuple(answer), _tuple(prediction)
    number = isinstance(answer, (int, float)) and not isinstance(answer, bool)
    if number and isinstance(prediction, (int, float)):
        same = not isinstance(prediction, bool) and math.isclose(
            prediction, answer, rel_tol=tolerance, abs_tol=1e-12
        )
    else:
        same = type(prediction) is type(answer) and prediction == answer
    if not same:
        shown = f"{answer:.4g}" if isinstance(answer, float) else repr(answer)
        raise AssertionError(
            f"You predicted {prediction!r}; the experiment gives {shown}.\n  {why}"
        )


def _tuple(prediction: Any) -> Any:
    return tuple(prediction) if isinstance(prediction, (list, tuple)) else prediction
