import { seedImport, writeSeedArchive } from '../../archive/seed-archive.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Host } from '../../hosts/host.ts';
import { parseReference } from '../../registry/reference.ts';
import { runChecked } from '../run-checked.ts';
import type { StepHandler, StepOf } from '../step-handler.ts';
import { notePaths } from './note-paths.ts';

/** Below a folder that is on a disk, and root's alone. Always the same, so that the next run replaces what a killed one left. */
const SEED = '/var/lib/metalk8s/seed-images.tar';
/** A containerd that hangs answers nobody, ever. */
const IN_KUBERNETES = ['ctr', '--timeout', '2m', '--namespace', 'k8s.io', 'images'] as const;
/** Unpacking takes seconds, and minutes on the slowest of disks. */
const IMPORT = ['ctr', '--timeout', '15m'] as const;

/** On the host that we run on, as the tar is made from the layout there. */
export const importImages: StepHandler<'import-images'> = async ({ layout, images }, context) => {
  const { host } = context;
  const drafts = [SEED, `${SEED}.partial`];
  try {
    if ((await missingNames(host, images)).length === 0) return { changed: false };
    await notePaths(drafts, context);
    const references = images.map(({ reference }) => reference);
    await writeSeedArchive({ layout, references, platform: await platformOf(host), output: SEED });
    await runChecked(host, [...IMPORT, ...seedImport(SEED)], {
      message: 'containerd does not take the images that a host begins with',
      hint: 'See whether containerd is well: systemctl status containerd; journalctl --unit=containerd. Then run again.',
    });
    const missing = await missingNames(host, images);
    if (missing.length > 0) throw notThere(missing);
    return { changed: true };
  } finally {
    for (const draft of drafts) await host.files.remove(draft);
  }
};

/** Names that containerd is to know the images by and does not: another image has them, or none, or its content is not whole. */
async function missingNames(host: Host, images: StepOf<'import-images'>['images']): Promise<readonly string[]> {
  const failure = {
    message: 'containerd does not tell which images it has',
    hint: 'See whether it is well: systemctl status containerd; journalctl --unit=containerd. Then run again.',
  };
  const listed = readImages((await runChecked(host, [...IN_KUBERNETES, 'list'], failure)).stdout);
  const whole = readChecks((await runChecked(host, [...IN_KUBERNETES, 'check'], failure)).stdout);
  return images.flatMap(({ reference, digest }) => {
    const { host: registry, name } = parseReference(reference, 'plan');
    const names = new Set([reference, `${registry}/${name}@${digest}`]);
    return [...names].filter((each) => {
      const found = listed.get(each);
      return found?.digest !== digest || !found.pinned || !whole.has(each);
    });
  });
}

/** Reads `ctr images list`: REF TYPE DIGEST SIZE PLATFORMS LABELS. */
function readImages(text: string): ReadonlyMap<string, { readonly digest: string; readonly pinned: boolean }> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [reference, type, digest, ...rest] = line.trim().split(/\s+/);
      if (reference === undefined || type === undefined || !digest?.startsWith('sha256:')) return [];
      const labels = rest.at(-1)?.split(',') ?? [];
      return [[reference, { digest, pinned: labels.includes('io.cri-containerd.pinned=pinned') }]];
    }),
  );
}

/** Reads `ctr images check`, REF TYPE DIGEST STATUS SIZE UNPACKED: the names of images that are there as a whole, unpacked as well. */
function readChecks(text: string): ReadonlySet<string> {
  return new Set(
    text.split('\n').flatMap((line) => {
      const words = line.trim().split(/\s+/);
      return words[3] === 'complete' && words.at(-1) === 'true' && words[0] !== undefined ? [words[0]] : [];
    }),
  );
}

/** As images have it: `linux/amd64`. */
async function platformOf(host: Host): Promise<string> {
  const { stdout } = await host.run(['uname', '-m']);
  const machine = stdout.trim();
  return `linux/${{ x86_64: 'amd64', aarch64: 'arm64' }[machine] ?? machine}`;
}

function notThere(names: readonly string[]): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `containerd took the images and does not have them: ${names.join(', ')}`, {
    where: [...IN_KUBERNETES, 'check'].join(' '),
    hint: 'See what it says: journalctl --unit=containerd. Then run again.',
  });
}
