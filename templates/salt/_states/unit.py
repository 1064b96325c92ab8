"""
Services that read files when they start, or when they are told to. Salt's requisite `watch` restarts a service for what changed in the same
run. Where that run ended before the restart, killed or by a full disk, the next one finds the files as they should be, and sees no reason.
"""

import os
import time
from datetime import datetime, timedelta, timezone

#: What is done, and the property of systemd that says when it was done last.
ACTIONS = {"restart": "ExecMainStartTimestamp", "reload": "StateChangeTimestamp"}


def current(name, files, action="restart"):
    """
    A service that has read files as they are: where it runs and one of them changed since it read them, it is restarted.

    files: paths; what is not there is left out. action: ``restart``, or ``reload`` for a service that then reads them anew.
    """
    try:
        since = _last(name, ACTIONS[action])
    except OSError as error:
        return _result(name, False, str(error))
    if since is None:
        return _result(name, True, "The service does not run: it reads the files when it starts")
    newer = [path for path in files if _is_newer(path, since)]
    if not newer:
        return _result(name, True, "The service has read the files as they are")
    changes = {path: "changed since the service read it" for path in newer}
    if __opts__["test"]:
        return _result(name, None, f"The service needs a {action}", changes)
    if not __salt__[f"service.{action}"](name):
        return _result(name, False, f"The {action} of the service failed")
    return _result(name, True, f"Done: {action}", changes)


def _result(name, result, comment, changes=None):
    return {"name": name, "result": result, "comment": comment, "changes": changes or {}}


def _last(name, moment):
    """Microseconds since the epoch; None for a service that does not run."""
    shown = __salt__["cmd.run_all"](
        ["systemctl", "show", "--timestamp=us", f"--property=ActiveState,{moment}", name],
        python_shell=False,
        env={"TZ": "UTC"},
    )
    if shown["retcode"] != 0:
        raise OSError(f"systemctl does not tell of {name}: {shown['stderr']}")
    told = dict(line.split("=", 1) for line in shown["stdout"].splitlines() if "=" in line)
    if told.get("ActiveState") not in ("active", "reloading"):
        return None
    # Before version 251 systemd shows whole seconds: what was written within that second then counts as newer, once.
    _, day, clock, _ = told[moment].split()
    return _microseconds(datetime.fromisoformat(f"{day} {clock}+00:00"))


def _microseconds(moment):
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)


def _is_newer(path, since):
    """
    By the time of the last change of content, owner or mode, which no program can set. A file from the future was written before the clock
    was set back: it tells nothing, and a restart would not make it older.
    """
    try:
        changed = os.stat(path).st_ctime_ns // 1000
    except FileNotFoundError:
        return False
    return since <= changed <= time.time_ns() // 1000
