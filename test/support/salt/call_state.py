"""
Calls a function of a state module of ours, with answers of others as they are given. Standard input: {"module": path, "now": nanoseconds since
the epoch, "calls": [{"arguments": {}, "shown": {property: value} or null, "test": bool, "works": bool}]}. Standard output: for each call its result,
what changed, and what was done.
"""

import importlib.util
import json
import sys
from types import SimpleNamespace

asked = json.load(sys.stdin)
spec = importlib.util.spec_from_file_location("module", asked["module"])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.time = SimpleNamespace(time_ns=lambda: int(asked["now"]))


def call(arguments, shown, test=False, works=True):
    done = []

    def show(command, **_):
        wanted = next(word for word in command if word.startswith("--property=")).split("=")[1].split(",")
        stdout = "\n".join(f"{key}={value}" for key, value in (shown or {}).items() if key in wanted)
        return {"retcode": 0 if shown is not None else 1, "stdout": stdout, "stderr": ""}

    def act(action):
        return lambda name: done.append(f"{action} {name}") or works

    module.__opts__ = {"test": test}
    module.__salt__ = {
        "cmd.run_all": show,
        **{f"service.{action}": act(action) for action in ("restart", "reload")},
    }
    outcome = module.current(**arguments)
    return {"result": outcome["result"], "changed": sorted(outcome["changes"]), "done": done}


json.dump([call(**each) for each in asked["calls"]], sys.stdout)
