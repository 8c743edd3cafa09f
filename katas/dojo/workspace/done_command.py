"""`kata done`: verify, fill the note, tick the progress list, commit."""

from katas.dojo.course import records, standing
from katas.dojo.course.index import Day
from katas.dojo.notebook import notes, progress_list
from katas.dojo.runner import verify
from katas.dojo.store import files, git, terminal
from katas.dojo.store.errors import CourseError
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import (
    format_count,
    format_duration,
    print_line,
    print_text,
)


def finish_day(day: Day, commit: bool = True) -> bool:
    """Run the day's tests; when all pass, fill the note and commit.

    Returns True when the day is green.
    """
    drawn = day.picture.exists() or not (day.folder / "picture.py").exists()
    verdict = verify.verify_day(day, count=not (standing.is_green(day) and drawn))
    head = f"day {day.number:02d} is {'green' if verdict.green else 'not green'}"
    head += f": {verdict.passed} of {verdict.total} tests passed"
    if not verdict.green:
        print_text(f"{terminal.marks()['failed']} {head}", "red")
        print_text(f"  {verdict.problem or verdict.failing_test}")
        print_text(f"  pytest katas/{day.name}")
        return False
    print_text(f"{terminal.marks()['ok']} {head}", "green")
    print_line(f"  {notes.fill(day)}")
    print_line(f"  {progress_list.tick()}")
    if commit:
        print_line(f"  {commit_day(day)}")
    if (following := standing.today()) != day:
        title = f"day {following.number:02d}, {following.title}"
        print_line(f"  next: {title}: {shown(following.lesson)}")
    return True


def commit_day(day: Day) -> str:
    """Commit the learner's files of a day and nothing else; return the outcome."""
    if why := git.problem():
        return f"not committed: {why}"
    owned = [*day.owned, day.note, day.picture, progress_list.file()]
    present = [file for file in owned if file.exists()]
    linked = [shown(file) for file in present if files.is_linked(file)]
    paths = [shown(file) for file in present if not files.is_linked(file)]
    paths = [p for p in paths if git.try_line("check-ignore", "--", p) is None]
    left_out = f" (without {', '.join(linked)}: git follows no links)" if linked else ""
    if not paths:
        return f"nothing to commit{left_out}"
    if git.try_line("var", "GIT_COMMITTER_IDENT") is None:
        return "not committed: git has no name for you; kata doctor shows how to set it"
    try:
        if operation := git.busy():
            return (
                f"not committed: a {operation} is in progress; end it, then kata done"
            )
        if not git.run("status", "--porcelain", "--", *paths).strip():
            return f"nothing to commit{left_out}"
        git.run("add", "--", *paths)
        git.run("commit", "-q", "-m", message(day), "--", *paths)
    except CourseError as error:
        return f"not committed: {error}"
    commit = git.line("rev-parse", "--short", "HEAD")
    if git.is_detached():
        note = "on no branch (detached HEAD): git switch -c NAME keeps it"
        return f"committed {commit}{left_out}, {note}"
    return f"committed {commit}: {subject(day)}{left_out}"


def subject(day: Day) -> str:
    """The first line of the commit's message."""
    return f"Day {day.number:02d}: {day.title}"


def message(day: Day) -> str:
    """The commit's message: the day, then its time, runs and hints."""
    record = records.record(day)
    quiz = record.quiz_first
    effort = [
        format_duration(record.seconds),
        format_count(record.attempts, "run"),
        format_count(record.hints_shown, "hint"),
    ]
    text = ", ".join(effort)
    if quiz:
        text += f"; quiz {sum(quiz.values())} of {len(quiz)} at first try"
    return f"{subject(day)}\n\n{text}"
