"""`python -m katas.dojo.warm [ARGS]`: what pytest-watch runs at a save."""

import sys

from katas.dojo.warm import client

if __name__ == "__main__":
    sys.exit(client.main(sys.argv[1:]))
