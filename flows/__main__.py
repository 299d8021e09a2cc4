"""``python -m flows``: the main job as a Prefect flow, on an ephemeral server where none is set."""

import sys

from flows.cli import main

if __name__ == "__main__":
    sys.exit(main(["run", "--prefect", *sys.argv[1:]]))
