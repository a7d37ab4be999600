import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
PROGRAM = """
import asyncio, json, sys
from pathlib import Path
if sys.argv[2] == "full":
    import tensorflow
from nlu.engine.engine import Engine
from nlu.engine.turn import Turn
import engine_actions

class Store(dict):
    load = dict.get
    save = dict.__setitem__

async def main():
    actions = [action() for action in engine_actions.ALL]
    engine = await Engine.load(Path(sys.argv[1]), actions=actions, conversations=Store(), on_failure=print)
    said = ["hallo", "ich will bestellen", "wann habt ihr offen", "/choose", "abbrechen", "kaputt", "zweimal"]
    replies = [repr(await engine.handle(Turn(chat="a", update=n, text=t))) for n, t in enumerate(said)]
    print(json.dumps({"replies": replies, "modules": sorted(sys.modules)}))

asyncio.run(main())
"""


def run(model, how):
    """Play a few turns in a process of its own; return its answer and the finished process."""
    path = [str(ROOT), str(ROOT / "tests" / "integration" / "engine_project")]
    environment = {"PYTHONPATH": ":".join(path), "PATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(model), how]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=200)
    return json.loads(done.stdout.splitlines()[-1]), done


def test_placeholders_change_no_reply(model):
    """Without TensorFlow and Rasa's channels the engine says the same, and no placeholder stays behind."""
    light, done = run(model, "light")
    full, _ = run(model, "full")
    assert light["replies"] == full["replies"]
    assert "tensorflow" in full["modules"]
    assert not {"tensorflow", "keras", "aiogram", "matplotlib"} & set(light["modules"])
    assert done.stderr.count("\n") <= 1, done.stderr  # one line about the action that fails on purpose
