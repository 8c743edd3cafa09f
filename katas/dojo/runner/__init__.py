"""A run of a day's tests, from pytest's start to the text on the screen.

Read `plugin` first: the hooks of pytest that everything else hangs on. `session` holds the
outcomes, `explain` turns an error into a short text (with `hints` and `symptoms`), `screen`
prints the result, and `progress` updates the learner's state, note and picture afterwards.
`limits` contains what a test can do to the next one, `signatures` names the misconception
behind a failure, `tensorflow_import` imports TensorFlow fast and silently. `verify` runs
days in processes of their own for the commands; `json_report` is its plugin in there.
"""
