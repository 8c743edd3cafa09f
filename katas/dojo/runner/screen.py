"""What the learner reads after a save: the tests, the first failure, what to do next."""

import textwrap
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

from katas.dojo.course import records
from katas.dojo.course.index import Day
from katas.dojo.course.records import DayRecord
from katas.dojo.runner import explain, limits, signatures
from katas.dojo.runner.session import RUN, Outcome, Run
from katas.dojo.store.paths import shown
from katas.dojo.store.terminal import format_count

HINT_AFTER = 3  # runs on one failing test before a hint is offered
COLUMNS = 80


def replace_reporter(config: pytest.Config) -> None:
    """Put this reporter in the place of pytest's own."""
    standard = config.pluginmanager.getplugin("terminalreporter")
    if standard and type(standard) is TerminalReporter:
        config.pluginmanager.unregister(standard)
        config.pluginmanager.register(Reporter(config), "terminalreporter")


# Other plugins look for a TerminalReporter, which pytest marks final for type checkers.
class Reporter(TerminalReporter):  # pyright: ignore[reportGeneralTypeIssues]
    """One screen: no header, no dots, no traceback, no statistics."""

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session
        encoding = getattr(self._tw._file, "encoding", None) or "ascii"
        try:
            "✓✗·".encode(encoding)
            self.passed_mark, self.failed_mark, self.dot = "✓✗·"
        except UnicodeEncodeError:
            self.passed_mark, self.failed_mark, self.dot = "+x-"

    def pytest_collection(self) -> None:
        pass

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        pass

    def report_collect(self, final: bool = False) -> None:
        pass

    def pytest_runtest_logstart(
        self, nodeid: str, location: tuple[str, int | None, str]
    ) -> None:
        pass

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        pass

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tests_ran = True
        self.stats.setdefault(report.outcome, []).append(report)

    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int | pytest.ExitCode
    ) -> Any:
        run = self.config.stash[RUN]
        for number, day in enumerate(run.days):
            if number:
                self._tw.line()
            self._write_day(run, day)
        for remark in run.remarks:
            self._tw.line(remark, yellow=True)
        if not run.days:
            self._write_no_tests(exitstatus)

    def pytest_terminal_summary(self) -> Any:
        pass

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[Any]) -> None:
        if excinfo.type is KeyboardInterrupt:  # not pytest's, after a syntax error
            self._tw.line("interrupted", yellow=True)

    def pytest_unconfigure(self) -> None:
        pass

    def _write_no_tests(self, exitstatus: int | pytest.ExitCode) -> None:
        if exitstatus not in (0, 2):
            where = ", ".join(str(a) for a in self.config.args)
            self._tw.line(f"No test found in {where}: type kata to see the days.")

    def _write_day(self, run: Run, day: Day) -> None:
        failures = run.failures(day)
        passed, total = run.count(day)
        title = f"day {day.number:02d} {self.dot} {day.title}"
        count = f"{passed} of {total} passed"
        width = max(COLUMNS - len(title), len(count) + 2)
        self._tw.line(f"{title}{count:>{width}}", bold=True)
        if len(run.days) == 1:
            self._tw.line()
            for outcome in run.outcomes_of(day):
                self._write_test(outcome)
        if failures:
            self._write_failure(run, failures[0])
        elif not run.is_green(day):
            self._write_unrun(run, day)
        elif run.target == "katas":
            self._write_green(day)

    def _write_test(self, outcome: Outcome) -> None:
        if outcome.failed:
            self._tw.write(f"  {self.failed_mark} ", red=True)
        else:
            self._tw.write(f"  {self.passed_mark} ", green=True)
        note = ""
        if outcome.text.startswith((explain.NOT_RUN, limits.WAITS)):
            note = "  waits"
        elif outcome.text.startswith(explain.BLANK):
            note = f"  {explain.BLANK}"
        if not outcome.is_listed:
            note = "  not one of the course's tests"
        self._tw.write(textwrap.shorten(explain.readable_name(outcome.test), 62))
        self._tw.line(note, light=True)

    def _write_failure(self, run: Run, outcome: Outcome) -> None:
        self._tw.line()
        self._tw.line(explain.readable_name(outcome.test), red=True, bold=True)
        self._tw.line(textwrap.indent(outcome.text, "  "))
        if run.is_whole and (match := signatures.misconception(run, outcome.day)):
            line = f"  This is what comes out when {match.claim}."
            self._tw.line(line, yellow=True)
        if run.target == "katas":
            self._tw.line()
            self._tw.line(self._next_step(outcome))

    def _write_unrun(self, run: Run, day: Day) -> None:
        self._tw.line()
        count = format_count(len(run.unrun(day)), "test")
        self._tw.line(f"{count} not run: pytest katas/{day.name}", yellow=True)

    def _next_step(self, outcome: Outcome) -> str:
        day = outcome.day
        record = records.record(day)
        blank = record.blank
        if record.runs_on_failing_test >= HINT_AFTER and blank:
            step = record.hints.get(blank, 0)
            if step < 3:
                return f"next: kata hint   ({step + 1} of 3, for {blank})"
        if outcome.text.startswith(explain.BLANK):
            if outcome.is_quiz:
                return f"next: write your predictions in {shown(day.quiz)}, save"
            return f"next: write {blank} in {shown(day.file)}, save"
        return (
            "next: change it, save"
            if outcome.error
            else f"next: pytest katas/{day.name}"
        )

    def _write_green(self, day: Day) -> None:
        record = records.record(day)
        self._tw.line()
        self._tw.line(f"green{_effort(record)}", green=True)
        self._tw.line(f"  compare  kata diff {day.number}")
        self._tw.line(f"           diff {shown(day.file)} {shown(day.solution)}")
        self._tw.line(f"  next     kata done {day.number}")


def _effort(record: DayRecord) -> str:
    """`, after 3 runs and 12 min`; empty where no run was recorded."""
    if not record.attempts:
        return ""
    runs = format_count(record.attempts, "run")
    return f", after {runs} and {round(record.seconds / 60)} min"
