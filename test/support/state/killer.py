"""
Starts a command of metalk8s and strikes it at a moment: itself, and nothing that it has started. Arguments, as JSON: `after`, words of a line of its journal,
or null for its start; `delayMs` later the blow comes, or with the words `before` when those are sooner; `blow`; `command`.
Prints as JSON how it ended. Of a power cut, which others make, it prints as soon as the moment is there, and the command goes on.
"""

import fcntl
import glob
import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import termios
import time

RUNS = "/var/lib/metalk8s/runs"
CTRL_C = b"\x03"
# What the program says when it was asked to stop, on a terminal.
STOPPING = b"leaves at once"
# How long a program that was struck has for its end.
PATIENCE = 300

request = json.loads(sys.argv[1])
after, before = ((request[name] or "").encode() for name in ("after", "before"))
blow = request["blow"]
on_terminal = blow in ("lost terminal", "SIGINT twice")
seen = tempfile.TemporaryFile()


def newest():
    names = sorted(glob.glob(RUNS + "/[0-9]*/journal.ndjson"))
    return names[-1] if names else None


class Journal:
    """What is written from now on. A folder that appears is another run."""

    def __init__(self):
        self.path, self.file, self.changed, self.written = None, None, None, b""
        self.follow()
        self.written = b""

    def follow(self):
        try:
            changed = os.stat(RUNS).st_mtime_ns
            if changed != self.changed:
                path = newest()
                if path is not None and path != self.path:
                    self.path, self.file = path, open(path, "rb")
                self.changed = changed
        except FileNotFoundError:
            # Not there yet, or taken away by a reset.
            pass
        if self.file is not None:
            self.written += self.file.read()


class Terminal:
    """The other end of the program's terminal. What it shows is kept."""

    def __init__(self, end):
        self.end, self.text = end, b""
        os.set_blocking(end, False)

    def drain(self):
        try:
            while self.end is not None:
                piece = os.read(self.end, 65536)
                self.text += piece
                seen.write(piece)
        except OSError:
            # Nothing more for now, or nobody there any more.
            pass

    def press(self, keys):
        try:
            os.write(self.end, keys)
        except OSError:
            # It has ended meanwhile.
            pass

    def close(self):
        os.close(self.end)
        self.end = None


def start():
    if not on_terminal:
        # Whoever cuts the power comes after the end of this process.
        own_session = blow == "power cut"
        return subprocess.Popen(
            request["command"], stdin=subprocess.DEVNULL, stdout=seen, stderr=seen, start_new_session=own_session
        ), None
    end, side = pty.openpty()

    def lead():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(request["command"], stdin=side, stdout=side, stderr=side, preexec_fn=lead)
    os.close(side)
    return process, Terminal(end)


def strike(process, terminal):
    if blow == "lost terminal":
        terminal.close()
    elif blow == "SIGINT twice":
        press_twice(process, terminal)
    elif blow != "power cut":
        process.send_signal(getattr(signal, blow))


def press_twice(process, terminal):
    """The second time as soon as it says that it has heard the first."""
    shown = len(terminal.text)
    terminal.press(CTRL_C)
    while STOPPING not in terminal.text[shown:] and process.poll() is None:
        terminal.drain()
        time.sleep(0.001)
    if process.poll() is None:
        terminal.press(CTRL_C)


def tell(process, journal, hit):
    if process.poll() is None and blow != "power cut":
        process.kill()
        process.wait()
    status = process.returncode
    path = newest()
    lines = open(path, "rb").read().splitlines() if path else []
    seen.seek(0)
    report = {
        "last": lines[-1].decode() if lines else None,
        "exitCode": None if status == -signal.SIGKILL else status,
        "output": seen.read().decode(errors="replace")[-4000:],
        "hit": hit,
    }
    json.dump(report, sys.stdout)


def main():
    journal = Journal()
    process, terminal = start()
    try:
        # On a busy machine the moment would pass before this process has its turn.
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    except PermissionError:
        pass
    delay = request["delayMs"] / 1000
    moment = None if after else time.monotonic() + delay
    hit, deadline = False, None
    while process.poll() is None and (deadline is None or time.monotonic() < deadline):
        if terminal is not None:
            terminal.drain()
        journal.follow()
        if moment is None and after in journal.written:
            moment = time.monotonic() + delay
        if not hit and moment is not None and (time.monotonic() >= moment or before in journal.written):
            hit, deadline = True, time.monotonic() + PATIENCE
            strike(process, terminal)
            if blow == "power cut":
                break
        time.sleep(0.001)
    if terminal is not None:
        terminal.drain()
    tell(process, journal, hit)


main()
