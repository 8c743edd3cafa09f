"""What the learner reads after a save: the sentences, the first false one, what next."""

import textwrap

from _pytest.terminal import TerminalReporter

from katas.dojo.runner import explain, signatures
from katas.dojo.runner.session import RUN
from katas.dojo.store import state

HINT_AFTER = 3  # runs on one sentence before a hint is offered


def take_over(config):
    """Put this reporter in the place of pytest's own."""
    standard = config.pluginmanager.getplugin("terminalreporter")
    if standard and type(standard) is TerminalReporter:
        config.pluginmanager.unregister(standard)
        config.pluginmanager.register(Reporter(config), "terminalreporter")


class Reporter(TerminalReporter):
    """One screen: no header, no dots, no traceback, no statistics."""

    def pytest_sessionstart(self, session):
        self._session = session
        encoding = getattr(self._tw._file, "encoding", None) or "ascii"
        try:
            "✓✗·".encode(encoding)
            self.marks = "✓✗"
        except UnicodeEncodeError:
            self.marks = "+x"

    def pytest_collection(self):
        pass

    def pytest_collection_finish(self, session):
        pass

    def report_collect(self, final=False):
        pass

    def pytest_runtest_logstart(self, nodeid, location):
        pass

    def pytest_runtest_logfinish(self, nodeid):
        pass

    def pytest_runtest_logreport(self, report):
        self._tests_ran = True
        self.stats.setdefault(report.outcome, []).append(report)

    def pytest_sessionfinish(self, session, exitstatus):
        run = self.config.stash[RUN]
        for number, day in enumerate(run.days):
            if number:
                self._tw.line()
            self._day(run, day)
        if not run.outcomes:
            self._nothing(exitstatus)

    def pytest_terminal_summary(self):
        pass

    def pytest_keyboard_interrupt(self, excinfo):
        if excinfo.type is KeyboardInterrupt:  # not pytest's, after a syntax error
            self._tw.line("interrupted", yellow=True)

    def pytest_unconfigure(self):
        pass

    def _nothing(self, exitstatus):
        if exitstatus not in (0, 2):
            where = ", ".join(str(a) for a in self.config.args)
            self._tw.line(f"No test found in {where}: type kata to see the days.")

    def _day(self, run, day):
        results = [o for o in run.outcomes.values() if o[0] == day]
        false = [o for o in results if o[3]]
        true = len(results) - len(false)
        title = f"day {day.number:02d} · {day.title}".replace(
            "·", "·" if self.marks == "✓✗" else "-"
        )
        count = f"{true} of {len(results)} true"
        self._tw.line(
            f"{title}{count:>{max(80 - len(title), len(count) + 2)}}", bold=True
        )
        if len(run.days) == 1:
            self._tw.line()
            for _, name, _, text in results:
                mark = self.marks[bool(text)]
                colour = {"red": True} if text else {"green": True}
                self._tw.write(f"  {mark} ", **colour)
                waits = "  waits" if text.startswith(explain.WAITS) else ""
                note = f"  {explain.BLANK}" if text.startswith(explain.BLANK) else waits
                self._tw.write(textwrap.shorten(explain.sentence(name), 62))
                self._tw.line(note, light=True)
        if false:
            self._false(run, day, false[0], len(false))
        else:
            self._true(run, day)

    def _false(self, run, day, outcome, count):
        _, name, _, text = outcome
        self._tw.line()
        self._tw.line(explain.sentence(name), red=True, bold=True)
        self._tw.line(textwrap.indent(text, "  "))
        known = signatures.misconception(run, day) if run.whole else None
        if known:
            self._tw.line(f"  This is what comes out when {known.claim}.", yellow=True)
        if run.target == "katas":
            self._tw.line()
            self._tw.line(self._next(day, text))

    def _next(self, day, text):
        mine = state.record(day)
        blank = mine.get("blank")
        if mine.get("runs_on_sentence", 0) >= HINT_AFTER and blank:
            step = mine.get("hints", {}).get(blank, 0)
            if step < 3:
                return f"next: kata hint   ({step + 1} of 3, for {blank})"
        if text.startswith(explain.BLANK):
            from katas.dojo.store.paths import shown

            if not blank:
                return f"next: write your predictions in {shown(day.quiz)}, save"
            return f"next: write {blank} in {shown(day.file)}, save"
        return "next: change it, save"

    def _true(self, run, day):
        if run.target != "katas":
            return
        mine = state.record(day)
        from katas.dojo.store.paths import shown

        runs, minutes = mine.get("attempts", 0), round(mine.get("seconds", 0) / 60)
        self._tw.line()
        tries = f"{runs} run{'s' * (runs != 1)}"
        self._tw.line(f"green, after {tries} and {minutes} min", green=True)
        self._tw.line(f"  compare  kata diff {day.number}")
        self._tw.line(f"           diff {shown(day.file)} {shown(day.solution)}")
        self._tw.line(f"  next     kata done {day.number}")
