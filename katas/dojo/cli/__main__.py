"""`python -m katas.dojo.cli`: the same as `kata`."""

from katas.dojo.cli.entry import main

if __name__ == "__main__":
    main()
