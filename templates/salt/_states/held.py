"""
Versions that dnf does not leave. Salt's own holds ask dnf's plugin versionlock, which first loads every repository that the host's owner has: at
a site that reaches none of them it waits for each, and fails.
"""

import re


def versions(name, pkgs):
    """
    A list of dnf's plugin versionlock locks these packages, each to its version alone. What it says of others stays.

    name: path of the list. pkgs: a list of ``{NAME: VERSION}``, with VERSION as ``[EPOCH:]VERSION-RELEASE``.
    """
    wanted = {package: _line(package, version) for each in pkgs for package, version in each.items()}
    try:
        with open(name, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except FileNotFoundError:
        lines = []
    kept = [line for line in lines if line in wanted.values() or _package(line) not in wanted]
    missing = [line for line in wanted.values() if line not in kept]
    text = "".join(f"{line}\n" for line in kept + missing)
    return __states__["file.managed"](name=name, contents=text, user="root", group="root", mode="0644")


def _line(package, version):
    """As dnf writes it: any architecture, and an epoch always."""
    return f"{package}-{version if ':' in version else f'0:{version}'}.*"


def _package(line):
    """The package that a line locks; None for a line that locks none, or that excludes one."""
    found = re.fullmatch(r"([^#!\s]\S*)-[^-\s]+-[^-\s]+", line.strip())
    return found and found.group(1)
