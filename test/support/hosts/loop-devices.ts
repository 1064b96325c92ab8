import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineTool, machineToolSucceeds } from './machine-tool.ts';

/** A loop device in use. */
export interface LoopDevice {
  /** `/dev/loopN`. */
  readonly name: string;
  /** The file behind it, as the kernel names it. */
  readonly file: string;
  /** `major:minor` of the device. */
  readonly number: string;
  /** `major:minor` of the file system that holds the file. */
  readonly fileSystem: string;
}

const LOOP_MAJOR = 7;

export async function loopDevices(): Promise<LoopDevice[]> {
  const text = await machineTool(['losetup', '--list', '--json', '--output', 'NAME,BACK-FILE,MAJ:MIN,BACK-MAJ:MIN']);
  return parseLoopDevices(text);
}

/** Reads the JSON of `losetup --list`; its output is empty when no device is in use. */
export function parseLoopDevices(text: string): LoopDevice[] {
  if (text.trim() === '') return [];
  const { loopdevices } = JSON.parse(text) as { loopdevices: Record<string, string | null>[] };
  return loopdevices.map((row) => ({
    name: row.name ?? '',
    // The kernel adds this when the file was removed while in use.
    file: (row['back-file'] ?? '').replace(/ \(deleted\)$/, ''),
    number: (row['maj:min'] ?? '').trim(),
    fileSystem: (row['back-maj:min'] ?? '').trim(),
  }));
}

/** Makes device files for a few more loop devices than are in use: where /dev is no devtmpfs, nobody else does. */
export async function provideLoopDevices(): Promise<void> {
  const spare = 8;
  const used = (await loopDevices()).map(({ number }) => Number(number.split(':')[1]));
  for (let index = 0; index < Math.max(-1, ...used) + 1 + spare; index++) {
    const path = `/dev/loop${index}`;
    if (await stat(path).catch(() => undefined)) continue;
    const arguments_ = [path, 'b', String(LOOP_MAJOR), String(index)] as const;
    if (!(await machineToolSucceeds(['mknod', ...arguments_])) && !(await stat(path).catch(() => undefined))) {
      throw new Error(`cannot make the loop device file ${path} (mknod ${arguments_.join(' ')})`);
    }
  }
}

/**
 * Waits until a disk image is behind no loop device any more: its host's mount ends a moment after the host's last process.
 * Loop devices that the host itself had made of files on that disk would hold it; they are detached.
 */
export async function releaseDisk(image: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
    const devices = await loopDevices();
    const own = devices.filter(({ file }) => file === image);
    if (own.length === 0) return;
    if (Date.now() > deadline) throw new Error(`${own[0]?.name} does not let go of ${image}`);
    const numbers = own.map(({ number }) => number);
    for (const { name } of devices.filter(({ fileSystem }) => numbers.includes(fileSystem))) {
      await machineToolSucceeds(['losetup', '--detach', name]);
    }
  }
}
