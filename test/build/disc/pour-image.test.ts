import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openCheckedContents } from '../../../src/build/disc/checked-contents.ts';
import type { ImageSink } from '../../../src/build/disc/chunk-writer.ts';
import type { DiscContent } from '../../../src/build/disc/disc-layout.ts';
import { pourImage } from '../../../src/build/disc/pour-image.ts';
import { directoryOfTest } from '../../support/test-directory.ts';

const BLOCK = 2048;
const never = new AbortController().signal;

let directory: string;

beforeEach(async () => {
  directory = await directoryOfTest();
});

async function stored(name: string, bytes: Buffer): Promise<DiscContent> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await writeFile(join(directory, name), bytes);
  return { source: { file: join(directory, name), sha256, size: bytes.length }, size: bytes.length, sha256 };
}

function value(bytes: Buffer): DiscContent {
  return { source: { content: bytes }, size: bytes.length, sha256: '' };
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** Keeps what it gets, after a while. */
function memory(size: number) {
  const image = Buffer.alloc(size, 255);
  const sink: ImageSink = {
    async write(bytes, position) {
      await new Promise(setImmediate);
      image.set(bytes, position);
    },
  };
  return { image, sink };
}

async function pour(contents: readonly DiscContent[], sink: ImageSink, { stop = never, size = Number.NaN } = {}) {
  const checked = await openCheckedContents(directory);
  const bytes = Buffer.alloc(3 * BLOCK, 'head');
  const whole = contents.reduce((sum, content) => sum + Math.ceil(content.size / BLOCK) * BLOCK, bytes.length);
  const head = { bytes, size: Number.isNaN(size) ? whole : size };
  try {
    return await pourImage({ head, contents, checked, summed: true, stop, progress: () => {} }, sink);
  } finally {
    await checked.save();
  }
}

test('head and contents follow one another in whole blocks, of whatever size and kind', async () => {
  const sizes = [1, BLOCK - 1, BLOCK, BLOCK + 1, 65_536, 65_537, 2 ** 20, 2 ** 20 - BLOCK, 3 * 2 ** 20 + 77, 5];
  const texts = sizes.map((size) => randomBytes(size));
  const large = randomBytes(9 * 2 ** 20);
  const contents = [...(await Promise.all(texts.map((text, index) => stored(`f${index}`, text)))), value(large)];
  const expected = Buffer.concat([Buffer.alloc(3 * BLOCK, 'head'), ...texts.map(padded), padded(large)]);
  const { image, sink } = memory(expected.length);
  const sha256 = await pour(contents, sink);
  expect(image.equals(expected)).toBe(true);
  expect(sha256).toBe(createHash('sha256').update(expected).digest('hex'));
});

test.each([100, 200_000])('a file of %i bytes that is not what its sum says is refused by name', async (size) => {
  const content = await stored('blob', randomBytes(size));
  const path = join(directory, 'blob');
  const refusal = { code: 'STEP_FAILED', message: expect.stringContaining('not what its SHA-256 says'), where: path };
  await writeFile(path, randomBytes(size));
  await expect(pour([content], memory(1e6).sink)).rejects.toMatchObject(refusal);
  await truncate(path, size - 1);
  await expect(pour([content], memory(1e6).sink)).rejects.toMatchObject(refusal);
  await rm(path);
  await expect(pour([content], memory(1e6).sink)).rejects.toMatchObject({
    message: 'a file that was to go on the disc cannot be read',
    where: path,
    cause: expect.objectContaining({ code: 'ENOENT' }),
  });
});

test.each([100, 200_000])(
  'a file of %i bytes that was right once is summed again when it was touched',
  async (size) => {
    const text = randomBytes(size);
    const content = await stored('blob', text);
    const path = join(directory, 'blob');
    const refused = expect.objectContaining({ where: path });
    await pour([content], memory(1e6).sink);
    await writeFile(path, randomBytes(size));
    await expect(pour([content], memory(1e6).sink)).rejects.toEqual(refused);

    await writeFile(path, text);
    await pour([content], memory(1e6).sink);
    await link(path, join(directory, 'second name'));
    await pour([content], memory(1e6).sink);

    // Other content of one size and date, under the same name.
    const past = new Date(1e12);
    await utimes(path, past, past);
    await pour([content], memory(1e6).sink);
    await writeFile(join(directory, 'other'), randomBytes(size));
    await utimes(join(directory, 'other'), past, past);
    await rename(join(directory, 'other'), path);
    await expect(pour([content], memory(1e6).sink)).rejects.toEqual(refused);
  },
);

test('what was found right before the machine was started anew counts for nothing', async () => {
  const content = await stored('blob', randomBytes(100));
  const path = join(directory, 'blob');
  await pour([content], memory(1e6).sink);
  const records = join(directory, 'checked-contents.json');
  const { files } = JSON.parse(await readFile(records, 'utf8'));
  await writeFile(path, randomBytes(100));
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  files[content.sha256] = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  await writeFile(records, JSON.stringify({ boot: 'another', files }));
  await expect(pour([content], memory(1e6).sink)).rejects.toThrow('SHA-256');
});

test('records that cannot be read are as if there were none', async () => {
  const content = await stored('blob', randomBytes(100));
  for (const text of ['', '{"boot":1}', '[]', 'null', '{"boot":"x","files":"y"}']) {
    await writeFile(join(directory, 'checked-contents.json'), text);
    await pour([content], memory(1e6).sink);
  }
});

test.each([0, 1, 5])('the error of write %i ends it, after all other writes have ended', async (failing) => {
  const content = value(randomBytes(20 * 2 ** 20));
  let count = 0;
  let open = 0;
  const sink: ImageSink = {
    async write() {
      const own = count++;
      open++;
      await new Promise(setImmediate);
      open--;
      if (own === failing) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'write' });
    },
  };
  await expect(pour([content], sink)).rejects.toThrow('EIO');
  expect(open).toBe(0);
  expect(count).toBeLessThan(20);
});

test('it ends when it is stopped, with the reason', async () => {
  const controller = new AbortController();
  const sink: ImageSink = {
    async write(_, position) {
      if (position > 4 * 2 ** 20) controller.abort(new Error('enough'));
    },
  };
  const work = pour([value(randomBytes(20 * 2 ** 20))], sink, { stop: controller.signal });
  await expect(work).rejects.toThrow('enough');
});

test('an image of another size than its head says is a defect', async () => {
  await expect(pour([value(randomBytes(10))], memory(1e6).sink, { size: BLOCK })).rejects.toMatchObject({
    code: 'INTERNAL',
  });
});
