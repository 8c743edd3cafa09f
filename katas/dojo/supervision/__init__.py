"""No run outlives its end, and none ends without a result.

`supervisor.py` runs pytest in a child process, and afterwards ends all that the child
started (`descendants.py`; `job_object.py` on Windows; `exit_check.py` tells whether a
process still runs). `watchdog.py` ends a test that takes too long, even inside C code.
A run that dies in a test has written so in its `run_log.py`; it is repeated without this
test, so the result names the test and counts. `plugin.py` holds the hooks of pytest.
"""
