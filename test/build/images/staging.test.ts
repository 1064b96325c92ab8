import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf, hexOf, openBlobStore } from '../../../src/build/images/blob-store.ts';
import { FINISHED, openStaging } from '../../../src/build/images/staging.ts';
import { ownMark, stateOf } from '../../../src/build/process-mark.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const DEAD = '000000000000-1-2-3';

test('a blob in the store is read-only, and whole under its own name', () =>
  inTemporaryDirectory(async (cache) => {
    const store = await openBlobStore(cache);
    const staging = await openStaging(cache, store);
    const content = Buffer.from('content');
    await staging.keep(content);
    const file = join(cache, 'blobs/sha256', hexOf(digestOf(content)));
    expect(store.path(digestOf(content))).toBe(file);
    expect((await stat(file)).mode & 0o777).toBe(0o444);
    expect(await store.read(digestOf(content))).toEqual(content);
    expect(await store.size(digestOf(content))).toBe(7);
    await staging.close();
    expect(await readdir(join(cache, 'staging'))).toEqual([]);
  }));

test('what is not what it is called does not get into the store', () =>
  inTemporaryDirectory(async (cache) => {
    const store = await openBlobStore(cache);
    const file = join(cache, 'file');
    await writeFile(file, 'content');
    expect(await store.adopt(file, digestOf(Buffer.from('other')))).toBe(false);
    expect(await readdir(join(cache, 'blobs/sha256'))).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe('content');
  }));

test('what has changed in the store is dropped when it is read or verified', () =>
  inTemporaryDirectory(async (cache) => {
    const store = await openBlobStore(cache);
    for (const look of ['read', 'verify'] as const) {
      const digest = digestOf(Buffer.from('content'));
      await writeFile(store.path(digest), 'c0ntent');
      expect(await store[look](digest)).toBe(look === 'read' ? undefined : false);
      expect(await store.size(digest)).toBeUndefined();
      expect(await store[look](digest)).toBe(look === 'read' ? undefined : false);
    }
  }));

test('finished blobs of a dead process are taken over, the rest of it goes', () =>
  inTemporaryDirectory(async (cache) => {
    const store = await openBlobStore(cache);
    const finished = join(cache, 'staging', DEAD, 'fetch-1', FINISHED);
    await mkdir(finished, { recursive: true });
    const whole = Buffer.from('whole');
    const wrong = digestOf(Buffer.from('as announced'));
    await writeFile(join(finished, hexOf(digestOf(whole))), whole);
    await writeFile(join(finished, hexOf(wrong)), 'something else');
    await writeFile(join(finished, '..%2fescape'), 'x');
    await writeFile(join(finished, '../oci-put-blob1'), 'half');
    await writeFile(join(cache, 'staging', DEAD, 'stray'), 'x');
    await (await openStaging(cache, store)).close();
    expect(await readdir(join(cache, 'blobs/sha256'))).toEqual([hexOf(digestOf(whole))]);
    expect(await readdir(join(cache, 'staging'))).toEqual([]);
  }));

test('a link to a blob of the store that a dead process left does not cost the blob', () =>
  inTemporaryDirectory(async (cache) => {
    const store = await openBlobStore(cache);
    const staging = await openStaging(cache, store);
    const digest = digestOf(Buffer.from('content'));
    await staging.keep(Buffer.from('content'));
    const finished = join(cache, 'staging', DEAD, 'fetch-1', FINISHED);
    await mkdir(finished, { recursive: true });
    await link(store.path(digest), join(finished, hexOf(digest)));
    await (await openStaging(cache, store)).close();
    expect(String(await store.read(digest))).toBe('content');
    await staging.close();
  }));

test('what belongs to a living process, or to one that cannot be seen, stays; the latter for a day', () =>
  inTemporaryDirectory(async (cache) => {
    const store = await openBlobStore(cache);
    const own = await ownMark();
    const elsewhere = own.replace(/-\d+-\d+-\d+$/, '-1-2-3');
    for (const mark of [own, elsewhere, 'no mark']) await mkdir(join(cache, 'staging', mark), { recursive: true });
    await openStaging(cache, store);
    expect((await readdir(join(cache, 'staging'))).sort()).toEqual([own, elsewhere, 'no mark'].sort());
    const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const mark of [own, elsewhere, 'no mark']) await utimes(join(cache, 'staging', mark), longAgo, longAgo);
    await openStaging(cache, store);
    expect(await readdir(join(cache, 'staging'))).toEqual([own]);
  }));

test('a process is known by its mark as long as it runs', async () => {
  const own = await ownMark();
  expect(await stateOf(own)).toBe('alive');
  expect(await stateOf(own.replace(/\d+$/, '1'))).toBe('dead');
  expect(await stateOf(own.replace(/^./, (digit) => (digit === 'f' ? '0' : 'f')))).toBe('dead');
  expect(await stateOf('x')).toBe('unknown');
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const text = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const start = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  const mark = own.replace(/-\d+-\d+$/, `-${child.pid}-${start}`);
  expect(await stateOf(mark)).toBe('alive');
  child.stdin.end();
  await once(child, 'exit');
  expect(await stateOf(mark)).toBe('dead');
});
