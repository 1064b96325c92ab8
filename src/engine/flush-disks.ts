import type { Host } from '../hosts/host.ts';
import { runChecked } from './run-checked.ts';

/** Where packages, Salt and the kubelet have written, each of which may be a disk of its own. What etcd and containerd keep they see to themselves. */
const PLACES = ['/etc', '/opt', '/usr', '/var/lib'] as const;

/** Sees to it that what was done is on the disks: a cluster that was told to be done comes back, also when the power fails right after. */
export async function flushDisks(host: Host): Promise<void> {
  await runChecked(host, ['sync', '--file-system', '--', ...PLACES], {
    message: 'What was done cannot be written to the disk',
    hint: 'See what the kernel says of the disk: journalctl --dmesg --priority=err. Then run again.',
  });
}
