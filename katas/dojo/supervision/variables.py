"""Variables of the environment that go from a supervisor to the session below it."""

LOG = "KATAS_RUN_LOG"  # the path of the file of run_log.py
DEATHS = "KATAS_DEATHS"  # JSON: the tests in which the sessions before this one died
PARENT = "KATAS_PARENT"  # the process that waits for the result: the run ends with it
SUPERVISOR = "KATAS_SUPERVISOR"  # its process number, where it cannot fork
