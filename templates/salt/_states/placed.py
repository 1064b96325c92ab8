"""
Files whose bytes are known. Salt's own `file.managed` does not look at `source_hash` where the source is one of its file server: it compares
with whatever lies there.
"""

import hashlib
import os


def file(name, source, source_hash, user, group, mode):
    """
    Like file.managed with these arguments. A link in its place is replaced. Fails where the source is not what its hash says.

    source_hash: ``sha256=`` and 64 hexadecimal digits.
    """
    cached = __salt__["cp.cache_file"](source, saltenv=__env__)
    if not cached:
        return _failed(name, f"{source} is not there")
    with open(cached, "rb") as stream:
        found = hashlib.sha256(stream.read()).hexdigest()
    if f"sha256={found}" != source_hash:
        return _failed(name, f"{source} has not the hash {source_hash}")
    if os.path.islink(name):
        # file.managed writes to what a link leads to, which is somebody else's, or stumbles where that is nothing.
        if __opts__["test"]:
            changes = {"link": {"old": os.readlink(name), "new": None}}
            return {"name": name, "result": None, "comment": "A file would take the place of a link", "changes": changes}
        os.unlink(name)
    return __states__["file.managed"](name=name, source=source, user=user, group=group, mode=mode)


def _failed(name, comment):
    return {"name": name, "result": False, "comment": comment, "changes": {}}
