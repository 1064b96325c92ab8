"""
Static pods. The kubelet runs whatever file comes into its folder, unless its name begins with a dot. Salt's own file states write a
temporary file beside the final one, with a name that the kubelet takes for another pod.
"""

import hashlib
import os


def placed(name, source, source_hash, user, group, mode):
    """
    A manifest with these bytes, owner and mode. It appears whole, or not at all.

    source, source_hash: as those of file.managed; the hash is ``sha256=`` and 64 hexadecimal digits.
    """
    wanted = {"hash": source_hash, "user": user, "group": group, "mode": mode}
    found = _found(name)
    changes = {key: {"old": found.get(key), "new": value} for key, value in wanted.items() if found.get(key) != value}
    if not changes:
        return _result(name, True, "The manifest is as it should be")
    if __opts__["test"]:
        return _result(name, None, "The manifest would be placed", changes)
    cached = __salt__["cp.cache_file"](source, saltenv=__env__)
    if not cached:
        return _result(name, False, f"{source} is not there")
    with open(cached, "rb") as stream:
        content = stream.read()
    if _hash(content) != source_hash:
        return _result(name, False, f"{source} has not the hash {source_hash}")
    owner = (__salt__["file.user_to_uid"](user), __salt__["file.group_to_gid"](group))
    if "" in owner:
        return _result(name, False, f"There is no user {user} or no group {group}")
    try:
        _write(name, content, owner, int(mode, 8))
    except OSError as error:
        return _result(name, False, f"The manifest cannot be written: {error}")
    return _result(name, True, "The manifest was placed", changes)


def _result(name, result, comment, changes=None):
    return {"name": name, "result": result, "comment": comment, "changes": changes or {}}


def _hash(content):
    return "sha256=" + hashlib.sha256(content).hexdigest()


def _found(name):
    """What is there. A link, which the kubelet would follow to anywhere, counts as nothing and is replaced."""
    if os.path.islink(name) or not os.path.isfile(name):
        return {}
    with open(name, "rb") as stream:
        content = stream.read()
    return {
        "hash": _hash(content),
        "user": __salt__["file.get_user"](name),
        "group": __salt__["file.get_group"](name),
        "mode": format(os.stat(name).st_mode & 0o7777, "04o"),
    }


def _write(name, content, owner, mode):
    folder = os.path.dirname(name)
    draft = os.path.join(folder, f".{os.path.basename(name)}.metalk8s-new")
    if os.path.lexists(draft):
        os.unlink(draft)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchown(descriptor, *owner)
        os.fchmod(descriptor, mode)
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    os.rename(draft, name)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
