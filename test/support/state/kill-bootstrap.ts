import { DISC_MOUNT } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import type { Kill } from './kill-plan.ts';

/** How a bootstrap that was not to come to its end ended. */
export interface Killed {
  /** The last line of the journal that was there when it was gone; null: no plan was there yet. */
  readonly last: string | null;
  /** Null: it was killed. */
  readonly exitCode: number | null;
  readonly output: string;
  /** Its moment came. */
  readonly hit: boolean;
}

/**
 * Starts bootstrap from the disc and ends it at a moment of this start: itself, and nothing that it has started. The journal is looked at all
 * the time, so that a blow comes a millisecond after its line is there; it comes with the end of the step when that is sooner.
 */
export async function killBootstrap(host: TestHost, { step, line, afterMs, by = 'SIGKILL' }: Kill): Promise<Killed> {
  const wanted = (what: string) => `"what":"${what}","host":"${host.name}","step":"${step}"`;
  const words = [
    wanted(line),
    wanted('step-done'),
    String(afterMs / 1000),
    by,
    'sh',
    `${DISC_MOUNT}/metalk8s`,
    'bootstrap',
  ];
  const { stdout } = await host.run(['python3', '-c', KILLER, ...words], { timeoutMs: 900_000 });
  return JSON.parse(stdout) as Killed;
}

const KILLER = `
import fcntl, glob, json, os, pty, signal, subprocess, sys, tempfile, termios, time

line, end = sys.argv[1].encode(), sys.argv[2].encode()
delay, blow, command = float(sys.argv[3]), sys.argv[4], sys.argv[5:]
seen = tempfile.TemporaryFile()
runs = '/var/lib/metalk8s/runs'

def newest():
    names = sorted(glob.glob(runs + '/[0-9]*/journal.ndjson'))
    return names[-1] if names else None

class Journal:
    """What is written from now on. A folder that appears is another run."""
    path, file, changed, written = None, None, None, b''
    def __init__(self):
        self.follow()
        self.written = b''
    def follow(self):
        try:
            changed = os.stat(runs).st_mtime_ns
        except FileNotFoundError:
            return
        if changed != self.changed:
            path = newest()
            if path != self.path:
                self.path, self.file = path, open(path, 'rb')
            self.changed = changed
        if self.file is not None:
            self.written += self.file.read()

def start():
    if blow != 'lost terminal':
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=seen, stderr=seen), None
    terminal, side = pty.openpty()
    def lead():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    process = subprocess.Popen(command, stdin=side, stdout=side, stderr=side, preexec_fn=lead)
    os.close(side)
    os.set_blocking(terminal, False)
    return process, terminal

def drain(terminal):
    try:
        while terminal is not None:
            seen.write(os.read(terminal, 65536))
    except BlockingIOError:
        pass
    except OSError:
        pass

journal, hit, moment = Journal(), False, None
process, terminal = start()
try:
    # On a busy machine the moment would pass before this process has its turn.
    os.setpriority(os.PRIO_PROCESS, 0, -20)
except PermissionError:
    pass
while process.poll() is None:
    drain(terminal)
    journal.follow()
    if moment is None and line in journal.written:
        moment = time.monotonic() + delay
    if not hit and moment is not None and (time.monotonic() >= moment or end in journal.written):
        hit = True
        if blow == 'lost terminal':
            os.close(terminal)
            terminal = None
        else:
            process.send_signal(getattr(signal, blow))
    time.sleep(0.001)
drain(terminal)
status = process.wait()
path = newest()
lines = open(path, 'rb').read().splitlines() if path else []
seen.seek(0)
json.dump({
    'last': lines[-1].decode() if lines else None,
    'exitCode': None if status == -signal.SIGKILL else status,
    'output': seen.read().decode(errors='replace')[-4000:],
    'hit': hit,
}, sys.stdout)
`;
