"""`python -m katas.dojo.bench loop | detector`."""

from katas.dojo.bench.cli import app

if __name__ == "__main__":
    app(prog_name="python -m katas.dojo.bench")
