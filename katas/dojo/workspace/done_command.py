"""`kata done`: verify, fill the note, tick the progress list, commit."""

from katas.dojo.course import standing
from katas.dojo.notebook import notes, progress_list
from katas.dojo.runner import verify
from katas.dojo.store import git, state, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import (
    format_count,
    format_duration,
    print_line,
    print_text,
)


def finish_day(day, commit=True):
    """Run the day's tests for real; when all are true write it down and commit.

    Returns True when the day is green.
    """
    drawn = day.picture.exists() or not (day.folder / "picture.py").exists()
    verdict = verify.verify_day(day, count=not (standing.is_green(day) and drawn))
    if not verdict.green:
        count = f"is not green: {verdict.passed} of {verdict.total} passed"
        print_text(f"{terminal.marks()['failed']} day {day.number:02d} {count}", "red")
        print_text(f"  {verdict.problem or verdict.failing_test}")
        print_text(f"  pytest katas/{day.name}")
        return False
    count = f"{verdict.total} of {verdict.total} passed"
    print_text(
        f"{terminal.marks()['ok']} day {day.number:02d} is green: {count}", "green"
    )
    print_line(f"  {notes.fill(day)}")
    print_line(f"  {progress_list.tick()}")
    if commit:
        print_line(f"  {commit_day(day)}")
    if (following := standing.today()) != day:
        title = f"day {following.number:02d}, {following.title}"
        print_line(f"  next: {title}: {shown(following.lesson)}")
    return True


def commit_day(day):
    """Commit the learner's files of a day and nothing else; say what came of it."""
    if why := git.problem():
        return f"not committed: {why}"
    files = [*day.owned, day.note, day.picture, progress_list.file()]
    paths = [shown(file) for file in files if file.exists()]
    paths = [p for p in paths if git.try_line("check-ignore", "--", p) is None]
    if git.try_line("var", "GIT_COMMITTER_IDENT") is None:
        return "not committed: git has no name for you; kata doctor says more"
    try:
        if what := git.busy():
            return f"not committed: a {what} is under way; end it, then kata done"
        if not git.run("status", "--porcelain", "--", *paths).strip():
            return "nothing to commit"
        git.run("add", "--", *paths)
        git.run("commit", "-q", "-m", message(day), "--", *paths)
    except CourseError as error:
        return f"not committed: {error}"
    return f"committed {git.line('rev-parse', '--short', 'HEAD')}: {message(day, 1)}"


def message(day, lines=None):
    """The commit's message: the day, then what it took."""
    mine = state.record(day)
    quiz, hints = mine.get("quiz_first", {}), sum(mine.get("hints", {}).values())
    took = [
        format_duration(mine.get("seconds", 0)),
        format_count(mine.get("attempts", 0), "run"),
    ]
    took.append(format_count(hints, "hint"))
    text = [f"Day {day.number:02d}: {day.title}", "", ", ".join(took)]
    if quiz:
        text[-1] += f"; quiz {sum(quiz.values())} of {len(quiz)} at first try"
    return "\n".join(text[:lines])
