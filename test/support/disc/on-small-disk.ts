import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { WRITE_DISC } from './run-write-disc.ts';
import type { SampleRequest, Told } from './write-sample.ts';

/** A file system of its own, which only the program and its shell see. */
interface SmallDisk {
  /** As mount takes it: `16m`. */
  readonly size: string;
  /** A file that stands there as `x.iso` before. */
  readonly old?: string;
}

/** The program writes `x.iso`, or parts of it, to a small disk, with its sources beside. */
export async function writeOnSmallDisk(
  directory: string,
  { size, old }: SmallDisk,
  request: Partial<SampleRequest>,
): Promise<{
  readonly told: Told;
  /** Names that are there afterwards but for the sources. */
  readonly left: readonly string[];
  /** Sum of `x.iso`; empty when there is none. */
  readonly sha256: string;
}> {
  const disk = await mkdtemp(join(directory, 'disk-'));
  const whole = { directory: disk, cache: join(directory, 'cache'), ...request, output: join(disk, 'x.iso') };
  const script = `
    mount -t tmpfs -o size="$1" tmpfs "$2"
    if [ -n "$3" ]; then cp "$3" "$2/x.iso"; fi
    "$4" "$5" "$6" 2>/dev/null || true
    rm -rf "$2/files"
    ls -A "$2"
    echo --
    if [ -e "$2/x.iso" ]; then sha256sum <"$2/x.iso"; fi`;
  const words = ['sh', size, disk, old ?? '', process.execPath, WRITE_DISC, JSON.stringify(whole)];
  const { stdout } = await execa('unshare', ['--mount', '--propagation', 'private', 'sh', '-euc', script, ...words]);
  const [told = '', ...rest] = stdout.split('\n');
  const end = rest.indexOf('--');
  return { told: JSON.parse(told) as Told, left: rest.slice(0, end), sha256: rest[end + 1]?.slice(0, 64) ?? '' };
}
