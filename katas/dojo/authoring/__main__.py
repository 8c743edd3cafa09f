"""`python -m katas.dojo.authoring COMMAND`."""

from katas.dojo.authoring.cli import main

if __name__ == "__main__":
    main()
