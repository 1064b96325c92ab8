import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrustedKey } from '../../../src/archive/trusted-keys.ts';
import { gpgHome, type TestKey } from '../gpg-home.ts';
import { trusted } from './corruption.ts';
import { makeDisc } from './signed-disc.ts';

/** A small signed disc, and who signed it. */
export interface DiscGround {
  /** For files of the test. */
  readonly scratch: string;
  readonly home: Awaited<ReturnType<typeof gpgHome>>;
  readonly key: TestKey;
  /** The key as somebody trusts it. */
  readonly keys: TrustedKey[];
  readonly disc: { readonly tree: string; readonly image: string };
  close(): Promise<void>;
}

export async function discGround(): Promise<DiscGround> {
  const scratch = await mkdtemp(join(tmpdir(), 'mk8s-disc-'));
  const home = await gpgHome();
  const key = await home.makeKey('release');
  const publicKey = join(scratch, 'key.asc');
  await writeFile(publicKey, await key.publicKey());
  return {
    scratch,
    home,
    key,
    keys: await trusted(publicKey),
    disc: await makeDisc(scratch, { key }),
    async close() {
      await home.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
