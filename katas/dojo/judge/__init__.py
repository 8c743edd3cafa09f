"""What decides whether code is correct.

Read `check` first: the comparisons that every test of a day uses. `strategies` draws
inputs for them, `contract` checks what every Keras layer must do, `quiz` compares a
prediction with an experiment, and `spies` observes calls and logs. `properties` evaluates
tests that the learner wrote, in a process of its own (`property_runner`); `profiles` sets
how many examples hypothesis draws.
"""
