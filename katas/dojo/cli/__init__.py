"""The command `kata`: thin, the packages that it imports do the work.

entry      first: run one command, turn an error into a line and an exit code
app        the commands, their arguments and help texts, in the order of `kata --help`
arguments  types of arguments that commands share; messages for a mistyped command

`python -m katas.dojo.cli` is the same as `kata`. From any folder it acts on the checkout
that its code lies in, unless the environment variable KATAS_ROOT names another one.
"""
