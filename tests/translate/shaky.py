"""A child for `engines.pool` that dies, hangs or refuses where a sentence says so, and else answers in capitals."""

import json
import os
import sys
import time
from pathlib import Path


def say(reply: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


setup = json.loads(sys.stdin.readline())
if setup.get("broken"):
    say({"fatal": "no such model"})
for line in sys.stdin:
    text = json.loads(line)
    if text == "hang":
        time.sleep(600)
    if text == "die":
        os._exit(3)
    if text == "die once" and not Path(setup["mark"]).exists():
        Path(setup["mark"]).touch()
        os._exit(4)
    say({"error": "refused"} if text == "refuse" else {"text": text.upper()})
