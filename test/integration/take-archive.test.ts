import { realpathSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TakeOptions, takeArchive } from '../../src/archive/take-archive.ts';
import { takeArchives } from '../../src/cli/take-archives.ts';
import { discPaths } from '../../src/disc/paths.ts';
import { sha256Of } from '../../src/disc/sha256-of.ts';
import { renderSums } from '../../src/disc/sums.ts';
import type { ProgressEvent } from '../../src/events/event.ts';
import { describedDisc } from '../support/archive/described-disc.ts';
import { makeDisc } from '../support/archive/signed-disc.ts';
import { gpgHome } from '../support/gpg-home.ts';
import { directoryOfTests } from '../support/test-directory.ts';

/** Real gpg signs discs, real gpgv says who did: what bootstrap learns of an archive, once every byte of it was verified. */
const UPSTREAM = `${discPaths.upstream}/calico/calico.yaml`;

/** As archives tell where they lie: without links. */
const directory = realpathSync(directoryOfTests());
let home: Awaited<ReturnType<typeof gpgHome>>;
let disc: { readonly tree: string; readonly image: string };
let key: string;
let otherKey: string;
let fingerprint: string;

beforeAll(async () => {
  home = await gpgHome();
  const [release, other] = [await home.makeKey('release'), await home.makeKey('other')];
  fingerprint = release.fingerprint;
  const made = join(directory, 'disc');
  await mkdir(made);
  disc = await makeDisc(made, { key: release }, describedDisc({ signingKey: fingerprint }).files);
  key = join(directory, 'release.asc');
  otherKey = join(directory, 'other.asc');
  await writeFile(key, await release.publicKey());
  await writeFile(otherKey, await other.publicKey());
}, 60_000);

afterAll(async () => {
  await home.close();
});

function options(changes: Partial<TakeOptions> = {}): TakeOptions {
  return {
    trusted: [key],
    trustDirectory: '/nowhere',
    origin: undefined,
    wanted: [UPSTREAM, 'upstream/none.yaml'],
    now: new Date(),
    stop: new AbortController().signal,
    stage: (_stage, work) => work(() => {}),
    ...changes,
  };
}

describe.each(['image', 'folder'] as const)('an archive that is %s', (kind) => {
  const path = () => (kind === 'image' ? disc.image : disc.tree);

  test('tells what it is, who signed it, and the texts that are wanted', async () => {
    const { sums, description, texts, ...taken } = await takeArchive(path(), options());
    expect(taken).toMatchObject({
      path: path(),
      kind,
      sumsSha256: sha256Of(renderSums(sums)),
      signer: { fingerprint, file: key },
    });
    expect(description.version).toBe('136.0.0');
    expect(texts).toEqual({ [UPSTREAM]: 'kind: Pod\n' });
    expect(taken.bytes).toBeGreaterThanOrEqual(kind === 'image' ? taken.fileBytes : 1);
  });

  test('by the keys of a folder', async () => {
    const trust = await mkdtemp(join(directory, 'trust-'));
    const byFolder = options({ trusted: undefined, trustDirectory: trust });
    await expect(takeArchive(path(), byFolder)).rejects.toMatchObject({ code: 'USAGE' });
    await copyFile(key, join(trust, 'release.asc'));
    expect((await takeArchive(path(), byFolder)).signer.file).toBe(join(trust, 'release.asc'));
  });

  test('is refused when another key is trusted', async () => {
    await expect(takeArchive(path(), options({ trusted: [otherKey] }))).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
    });
  });
});

test('several are taken one after another, each stage told by the name of its file', async () => {
  const events: ProgressEvent[] = [];
  const { stage: _, ...rest } = options();
  const taken = await takeArchives([disc.image, disc.tree], {
    ...rest,
    origin: undefined,
    emit: (event) => events.push(event),
  });
  expect(taken.map(({ kind }) => kind)).toEqual(['image', 'folder']);
  const told = events.flatMap((event) => (event.type === 'step-done' ? `${event.step.id} ${event.step.title}` : []));
  expect(told).toEqual([
    'archives/1/signature Verify disc.iso: signature',
    'archives/1/contents Verify disc.iso: every byte',
    'archives/1/files Verify disc.iso: files',
    'archives/2/signature Verify tree: signature',
    'archives/2/contents Verify tree: every byte',
    'archives/2/files Verify tree: files',
  ]);
});

test('the first that is refused ends it, and nothing is said of those after it', async () => {
  const events: ProgressEvent[] = [];
  const { stage: _, ...rest } = options({ trusted: [otherKey] });
  const taking = takeArchives([disc.image, disc.tree], {
    ...rest,
    origin: undefined,
    emit: (event) => events.push(event),
  });
  await expect(taking).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
  expect(events.map(({ type }) => type)).toEqual(['step-started', 'step-failed']);
});

test('a key that lies where the program came from is refused, also when the archive is another path to the same disc', async () => {
  const { stage: _, ...rest } = options({ trusted: [join(disc.tree, 'key.asc')] });
  await copyFile(key, join(disc.tree, 'key.asc'));
  const taking = takeArchives([disc.image], { ...rest, origin: disc.tree, emit: () => {} });
  await expect(taking).rejects.toMatchObject({ code: 'USAGE', where: join(disc.tree, 'key.asc') });
  await rm(join(disc.tree, 'key.asc'));
});
