import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { release } from 'node:os';
import { machineTool } from '../hosts/machine-tool.ts';
import type { ProvokedFault } from './provoked-fault.ts';

/** What hosts have of the machine that they run on, with nobody's doing: on some machines it is so, on others it is not. */
interface MachineFault extends ProvokedFault {
  /** Asked of the machine itself, another way than the product asks its hosts. */
  isThere(): Promise<boolean>;
}

/** See `CGROUP2_SUPER_MAGIC` of statfs(2). */
const CGROUP2 = 0x63677270;

const machineFaults: readonly MachineFault[] = [
  {
    how: 'where the machine of the tests has cgroup v1',
    checks: ['cgroup-version'],
    script: '',
    isThere: async () => (await statfs('/sys/fs/cgroup')).type !== CGROUP2,
  },
  {
    how: 'where the machine of the tests knows no ISO 9660',
    checks: ['image-mounts'],
    script: '',
    isThere: async () => !(await knowsIso()),
  },
  {
    how: 'where nothing keeps the clock of the machine of the tests',
    checks: ['clock-synchronised'],
    script: '',
    isThere: async () => (await clockError()) >= LARGEST_ERROR,
  },
  {
    how: 'where the machine of the tests does not tell its hosts how its kernel was built',
    checks: ['kernel-configuration'],
    script: '',
    isThere: async () => !existsSync('/proc/config.gz') && !existsSync(`/lib/modules/${release()}/config`),
  },
];

/** Those that the machine of the tests has. */
export async function givenFaults(): Promise<readonly ProvokedFault[]> {
  const there = await Promise.all(machineFaults.map((fault) => fault.isThere()));
  return machineFaults.filter((_, index) => there[index]);
}

export const possiblyGivenFaults: readonly ProvokedFault[] = machineFaults;

/** Also where hosts are told of a kernel that has everything, see `provideKernelModules`. */
async function knowsIso(): Promise<boolean> {
  const text = (path: string) => readFile(path, 'latin1').catch(() => undefined);
  const [known, modules, options] = await Promise.all([
    text('/proc/filesystems'),
    text(`/lib/modules/${release()}/modules.dep`),
    text('/proc/config.gz'),
  ]);
  if (/\tiso9660$/m.test(known ?? '') || /\/isofs\.ko\b/.test(modules ?? '')) return true;
  return modules === undefined && options === undefined;
}

/** Microseconds: from then on the kernel's clock counts as not synchronised, by adjtimex(2) and systemd alike. */
const LARGEST_ERROR = 16_000_000;

/** Of the machine's clock, in microseconds. The third long of `struct timex`, after an int that is padded. */
async function clockError(): Promise<number> {
  const script = `
import ctypes, struct
timex = ctypes.create_string_buffer(512)
if ctypes.CDLL(None).adjtimex(timex) < 0: raise OSError('adjtimex')
print(struct.unpack_from('l', timex, 24)[0])`;
  return Number(await machineTool(['python3', '-c', script]));
}
