"""
Runs single states of ours with real Salt in one process. Standard input: {"configuration": folder, "states": [{"fun", "kwargs"}]}. Standard
output: a list of {"result", "comment", "changes"}; on standard error what Salt logs.
"""

import json
import sys

import salt._logging
import salt.client
import salt.config

asked = json.load(sys.stdin)
salt._logging.setup_console_handler(log_level="warning")
options = salt.config.minion_config(asked["configuration"] + "/minion")
options["file_client"] = "local"
caller = salt.client.Caller(mopts=options)
json.dump(
    [
        {key: value for key, value in outcome.items() if key in ("result", "comment", "changes")}
        for state in asked["states"]
        for outcome in caller.cmd("state.single", state["fun"], **state["kwargs"]).values()
    ],
    sys.stdout,
)
