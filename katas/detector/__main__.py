"""`python -m katas.detector train|ablate|ship`: the detector's three programs."""

from katas.detector import cli

if __name__ == "__main__":
    cli.main()
