"""
Versions that dnf does not leave. Salt's own holds ask dnf's plugin versionlock, which first loads every repository that the host's owner has: at
a site that reaches none of them it waits for each, and fails.
"""

import os
import re


def versions(name, pkgs, configuration):
    """
    The list of dnf's plugin versionlock locks these packages, each to its version alone. What it says of others stays.

    name: path of the list, unless the plugin's configuration, a file, names another. pkgs: a list of ``{NAME: VERSION}``, with VERSION as
    ``[EPOCH:]VERSION-RELEASE``.
    """
    path = _locklist(configuration, name)
    if not path.startswith("/"):
        comment = f"locklist in {configuration} is {path!r}, which is no absolute path: dnf reads no list there"
        return _result(name, False, comment)
    wanted = {package: _line(package, version) for each in pkgs for package, version in each.items()}
    try:
        with open(path, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except FileNotFoundError:
        lines = []
    kept = [line for line in lines if line in wanted.values() or _package(line) not in wanted]
    missing = [line for line in wanted.values() if line not in kept]
    text = "".join(f"{line}\n" for line in kept + missing)
    present = "".join(f"{line}\n" for line in lines)
    if text == present:
        return _result(name, True, "The versions are locked")
    changes = {path: {"old": present, "new": text}}
    if __opts__["test"]:
        return _result(name, None, "The versions would be locked", changes)
    try:
        _write(os.path.realpath(path), text)
    except OSError as error:
        return _result(name, False, f"The list cannot be written: {error}")
    return _result(name, True, "The versions were locked", changes)


def _result(name, result, comment, changes=None):
    return {"name": name, "result": result, "comment": comment, "changes": changes or {}}


def _write(path, text):
    """Under a name that is known beforehand, unlike that of file.managed: what a kill leaves can be found, and is written over."""
    folder, base = os.path.split(path)
    draft = os.path.join(folder, f".{base}.metalk8s-new")
    with open(draft, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o644)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(draft, path)


def _locklist(configuration, default):
    """What ``locklist`` says in the section ``main``, the last time, as dnf reads it."""
    try:
        with open(configuration, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except FileNotFoundError:
        lines = []
    section, path = None, default
    for line in lines:
        header = re.match(r"\[(.*)\]", line)
        section = header.group(1) if header else section
        value = re.fullmatch(r"locklist\s*=\s*(.*?)\s*", line)
        if section == "main" and value:
            path = value.group(1)
    return path


def _line(package, version):
    """As dnf writes it: any architecture, and an epoch always."""
    return f"{package}-{version if ':' in version else f'0:{version}'}.*"


def _package(line):
    """The package that a line locks; None for a line that locks none, or that excludes one."""
    found = re.fullmatch(r"([^#!\s]\S*)-[^-\s]+-[^-\s]+", line.strip())
    return found and found.group(1)
