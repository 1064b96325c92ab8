"""
Renders states with real Salt, once for each pillar, in one process. Standard input: {"configuration": folder, "states": [name],
"pillars": {name: pillar}}. Standard output: {name: the states as data, or a list of errors}, and "top": what the top file chooses.
"""

import json
import sys

import salt.client
import salt.config

asked = json.load(sys.stdin)
options = salt.config.minion_config(asked["configuration"] + "/minion")
options["file_client"] = "local"
caller = salt.client.Caller(mopts=options)
rendered = {
    name: caller.cmd("state.show_sls", ",".join(asked["states"]), pillar=pillar)
    for name, pillar in asked["pillars"].items()
}
json.dump({"rendered": rendered, "top": caller.cmd("state.show_top")}, sys.stdout)
