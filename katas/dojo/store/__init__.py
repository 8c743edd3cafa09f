"""Storage: what the course writes, remembers and prints. It knows no day.

Read first `errors.py` (the two errors whose text is the message for the learner) and
`paths.py` (which checkout the course acts on). `files.py` writes whole files or none
and keeps copies; `markers.py` writes between two marker lines; `state.py` is
`.dojo/state.json`, changed under a lock and checked by `state_schema.py`. `git.py` runs
git, `terminal.py` prints, `streams.py` silences C++, `packaged.py` finds data inside
installed packages.
"""
