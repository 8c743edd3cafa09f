"""`python -m katas.dojo.bench loop | detector`."""

from katas.dojo.bench.cli import main

if __name__ == "__main__":
    main()
