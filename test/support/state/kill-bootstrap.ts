import { DISC_MOUNT } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import type { Kill } from './kill-plan.ts';

/** How a bootstrap that was to be killed ended. */
export interface Killed {
  /** The last line of the journal that was there when it was gone; null: no plan was there yet. */
  readonly last: string | null;
  /** It ended before its moment came; null: it was killed. */
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Starts bootstrap from the disc and kills it, and nothing that it has started, by SIGKILL at a moment of this start. The journal is looked at
 * all the time: a kill comes a millisecond after its line is there.
 */
export async function killBootstrap(host: TestHost, kill: Kill): Promise<Killed> {
  const line = `"what":"${kill.line}","host":"${host.name}","step":"${kill.step}"`;
  const words = [line, String(kill.afterMs / 1000), 'sh', `${DISC_MOUNT}/metalk8s`, 'bootstrap'];
  const { stdout } = await host.run(['python3', '-c', KILLER, ...words], { timeoutMs: 900_000 });
  return JSON.parse(stdout) as Killed;
}

const KILLER = `
import glob, json, os, signal, subprocess, sys, tempfile, time

line, delay, command = sys.argv[1].encode(), float(sys.argv[2]), sys.argv[3:]
output = tempfile.TemporaryFile()

def journal():
    names = sorted(glob.glob('/var/lib/metalk8s/runs/[0-9]*/journal.ndjson'))
    if not names:
        return b''
    with open(names[-1], 'rb') as file:
        return file.read()

before = len(journal())
process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
while process.poll() is None:
    if line in journal()[before:]:
        time.sleep(delay)
        process.kill()
        break
    time.sleep(0.0005)
status = process.wait()
lines = journal().splitlines()
output.seek(0)
json.dump({
    'last': lines[-1].decode() if lines else None,
    'exitCode': None if status == -signal.SIGKILL else status,
    'output': output.read().decode(errors='replace')[-4000:],
}, sys.stdout)
`;
