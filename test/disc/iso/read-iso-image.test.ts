import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK, type ReadAt } from '../../../src/disc/iso/iso-image.ts';
import { readIsoImage } from '../../../src/disc/iso/read-iso-image.ts';
import { isMetalK8sError } from '../../../src/errors/metalk8s-error.ts';
import {
  attributes,
  both,
  continued,
  FOLDER_FLAG,
  file,
  folder,
  GOES_ON,
  named,
  ROOT,
  type TinyIso,
  tinyIso,
  use,
} from './tiny-iso.ts';

const longName = 'n'.repeat(200);
const sample: TinyIso = {
  directories: {
    [ROOT]: [
      folder('images', 21),
      file('metalk8s', 30, 10, { systemUse: Buffer.concat([attributes(0o100555), named('metalk8s')]) }),
      file('empty', 0, 0),
      file('big', 31, 2 * BLOCK, { flags: GOES_ON }),
      file('big', 40, 5),
      file('long', 33, 1, { systemUse: Buffer.concat([attributes(0o100444), continued(29, 100, 217)]) }),
      file('same', 30, 10),
    ],
    21: [folder('blobs', 22), file('oci-layout', 34, 3)],
    22: [],
  },
  blocks: {
    29: Buffer.concat([
      Buffer.alloc(100),
      Buffer.concat([named(longName.slice(0, 100), 1), named(longName.slice(100)), use('TF', Buffer.alloc(3))]),
    ]),
  },
};

test('reads folders, modes, long names, files of several extents, and content stored once', async () => {
  const { volumeId, entries } = await read(tinyIso(sample));
  expect(volumeId).toBe('TINY');
  const at = (block: number, length: number) => ({ offset: block * BLOCK, length });
  expect(entries).toEqual([
    { path: 'images', type: 'folder', mode: 0o555, size: 0, extents: [] },
    { path: 'images/blobs', type: 'folder', mode: 0o555, size: 0, extents: [] },
    { path: 'images/oci-layout', type: 'file', mode: 0o444, size: 3, extents: [at(34, 3)] },
    { path: 'metalk8s', type: 'file', mode: 0o555, size: 10, extents: [at(30, 10)] },
    { path: 'empty', type: 'file', mode: 0o444, size: 0, extents: [] },
    { path: 'big', type: 'file', mode: 0o444, size: 2 * BLOCK + 5, extents: [at(31, 2 * BLOCK), at(40, 5)] },
    { path: longName, type: 'file', mode: 0o444, size: 1, extents: [at(33, 1)] },
    { path: 'same', type: 'file', mode: 0o444, size: 10, extents: [at(30, 10)] },
  ]);
});

test('reads a file above 4 GiB, whose extents lie beyond 4 GiB', async () => {
  const first = 4_294_965_248;
  const count = 4_000_000;
  const small = tinyIso({
    directories: { [ROOT]: [file('big', 40, first, { flags: GOES_ON }), file('big', 3_000_000, 4096)] },
    changeDescriptor: (bytes) => both(bytes, 80, 4, count),
  });
  const { entries } = await readIsoImage(readerOf(small), count * BLOCK, 'x.iso');
  expect(entries).toMatchObject([
    {
      size: first + 4096,
      extents: [
        { offset: 40 * BLOCK, length: first },
        { offset: 3_000_000 * BLOCK, length: 4096 },
      ],
    },
  ]);
});

test('tells links, devices and odd modes, for others to judge', async () => {
  const odd = (name: string, mode: number) =>
    file(name, 0, 0, { systemUse: Buffer.concat([attributes(mode), named(name)]) });
  const records = [odd('link', 0o120777), odd('device', 0o020600), odd('setuid', 0o104755)];
  const { entries } = await read(tinyIso({ directories: { [ROOT]: records } }));
  expect(entries.map(({ path, type, mode }) => [path, type, mode])).toEqual([
    ['link', 'link', 0o777],
    ['device', 'special', 0o600],
    ['setuid', 'file', 0o4755],
  ]);
});

function root(...records: TinyIso['directories'][number]): TinyIso {
  return { directories: { [ROOT]: records } };
}

const rock = (...entries: Buffer[]) => ({ systemUse: Buffer.concat([attributes(0o100444), ...entries]) });

const hostile: readonly (readonly [string, TinyIso, string])[] = [
  ['an extent before the descriptors end', root(file('a', 16, 5)), 'an extent outside the image'],
  ['an extent beyond the end', root(file('a', 63, BLOCK + 1)), 'an extent outside the image'],
  ['an extent far beyond the end', root(file('a', 0xffffffff, 1)), 'an extent outside the image'],
  ['extents over one another', root(file('a', 30, BLOCK + 1), file('b', 31, 5)), 'two extents lie over one another'],
  ['a file over a directory', root(file('a', ROOT, 5)), 'two extents lie over one another'],
  ['a folder that holds itself', root(folder('a', ROOT)), 'a directory that stands in two places'],
  [
    'two folders that are one',
    { directories: { [ROOT]: [folder('a', 21), folder('b', 21)], 21: [] } },
    'in two places',
  ],
  ['a loop of folders', { directories: { [ROOT]: [folder('a', 21)], 21: [folder('b', ROOT)] } }, 'in two places'],
  ['a folder of another place', root(folder('a', 30)), 'does not begin with itself'],
  ['a folder of half a block', root(folder('a', 21, { size: 100 })), 'a directory of 100 bytes'],
  ['a folder of no size', root(folder('a', 21, { size: 0 })), 'a directory of 0 bytes'],
  ['a folder of 4 GiB', root(folder('a', 21, { size: 0xfffff800 })), 'a directory of 4294965248 bytes'],
  ['a way up', root(file('a', 30, 5, rock(named('..')))), '".." is no name of a file'],
  ['a name with a slash', root(file('a', 30, 5, rock(named('../x')))), 'is no name of a file'],
  ['an empty name', root(file('a', 30, 5, rock(named('')))), '"" is no name of a file'],
  ['a name with a zero', root(file('a', 30, 5, rock(named('a\0b')))), 'is no name of a file'],
  ['a name that is not ASCII', root(file('a', 30, 5, rock(named('ä')))), 'is no name of a file'],
  [
    'a name of 256 letters',
    root(file('a', 30, 5, rock(named('x'.repeat(100), 1), continued(29, 0, 165)))),
    'is no name',
  ],
  ['the parent as name', root(file('a', 30, 5, rock(named('', 4)))), 'a name has flags 4'],
  ['a name that goes on nowhere', root(file('a', 30, 5, rock(named('a', 1)))), 'a name has flags 1'],
  ['a name twice', root(file('a', 30, 5), file('b', 31, 5, rock(named('a')))), 'a is there twice'],
  ['no name', root(file('a', 30, 5, rock())), 'a file without a name'],
  ['no Rock Ridge', root(file('a', 30, 5, { systemUse: named('a') })), 'a record without Rock Ridge'],
  ['two modes', root(file('a', 30, 5, rock(attributes(0o100555), named('a')))), 'a record without Rock Ridge'],
  [
    'a folder by mode alone',
    root(file('a', 30, 5, { systemUse: Buffer.concat([attributes(0o040555), named('a')]) })),
    'a is a folder and no folder',
  ],
  ['a folder by flag alone', root(file('a', 30, BLOCK, { flags: FOLDER_FLAG })), 'a is a folder and no folder'],
  [
    'a relocated folder',
    root(file('a', 30, 5, rock(named('a'), use('CL', Buffer.alloc(8))))),
    'an entry CL of Rock Ridge',
  ],
  [
    'a compressed file',
    root(file('a', 30, 5, rock(named('a'), use('ZF', Buffer.alloc(12))))),
    'an entry ZF of Rock Ridge',
  ],
  ['a sparse file', root(file('a', 30, 5, rock(named('a'), use('SF', Buffer.alloc(17))))), 'an entry SF of Rock Ridge'],
  ['a continuation outside', root(file('a', 30, 5, rock(continued(900, 0, 20)))), 'an extent outside the image'],
  ['a continuation beyond its block', root(file('a', 30, 5, rock(continued(30, 2040, 20)))), 'beyond its block'],
  [
    'continuations in a circle',
    { ...root(file('a', 30, 5, rock(continued(29, 0, 28)))), blocks: { 29: continued(29, 0, 28) } },
    'the continuations of a record have no end',
  ],
  [
    'an entry of no length',
    root(file('a', 30, 5, rock(Buffer.from('XX\0\u0001')))),
    'an entry of Rock Ridge is cut off',
  ],
  ['an entry beyond its record', root(file('a', 30, 5, rock(Buffer.from('XX\u00ff\u0001', 'latin1')))), 'is cut off'],
  ['a file that goes on nowhere', root(file('a', 30, BLOCK, { flags: GOES_ON })), 'of several extents is cut off'],
  ['a file that goes on as another', root(file('a', 30, BLOCK, { flags: GOES_ON }), file('b', 31, 5)), 'is cut off'],
  ['a gap inside a file', root(file('a', 30, 5, { flags: GOES_ON }), file('a', 31, 5)), 'an extent with a gap'],
  ['flags that nobody has', root(file('a', 30, 5, { flags: 0x04 })), 'a directory record has flags 4'],
  ['an interleaved file', root(file('a', 30, 5, { change: (bytes) => bytes.writeUInt8(1, 26) })), 'is interleaved'],
  ['extended attributes', root(file('a', 30, 5, { change: (bytes) => bytes.writeUInt8(1, 1) })), 'extended attributes'],
  [
    'numbers that differ',
    root(file('a', 30, 5, { change: (bytes) => bytes.writeUInt8(9, 2) })),
    'a number is 9 in one byte order and 30',
  ],
  [
    'a record shorter than its name',
    root(file('a', 30, 5, { change: (bytes) => bytes.writeUInt8(200, 32) })),
    'a directory record is cut off',
  ],
  [
    'a record without a name',
    root(file('a', 30, 5, { change: (bytes) => bytes.writeUInt8(0, 32) })),
    'a directory record is cut off',
  ],
  [
    'a record of a few bytes',
    root(file('a', 30, 5, { change: (bytes) => bytes.writeUInt8(8, 0) })),
    'a directory record is cut off',
  ],
  [
    'a volume longer than its file',
    { ...root(), changeDescriptor: (bytes) => both(bytes, 80, 4, 65) },
    'longer than the file',
  ],
  ['other blocks', { ...root(), changeDescriptor: (bytes) => both(bytes, 128, 2, 512) }, 'its blocks have 512 bytes'],
  ['no primary descriptor', { ...root(), changeDescriptor: (bytes) => bytes.writeUInt8(2, 0) }, 'is of type 2'],
  [
    'another file system',
    { ...root(), changeDescriptor: (bytes) => bytes.write('BEA01', 1) },
    'no volume descriptor in block 16',
  ],
  ['no terminator', { ...root(), blocks: { 17: Buffer.alloc(BLOCK) } }, 'no volume descriptor in block 17'],
  ['descriptors without end', { ...root(), blocks: manyDescriptors() }, 'its volume descriptors have no end'],
];

describe('refuses', () => {
  test.each(hostile)('%s', async (_what, iso, message) => {
    const long = { 29: Buffer.concat([named('y'.repeat(156)), use('TF', Buffer.alloc(0))]) };
    const image = tinyIso({ ...iso, blocks: { ...long, ...iso.blocks } });
    await expect(read(image)).rejects.toThrow(expect.objectContaining({ code: 'VERIFICATION_FAILED' }));
    await expect(read(image)).rejects.toThrow(message);
  });

  test('an empty file', async () => {
    await expect(read(Buffer.of())).rejects.toThrow('beyond the end');
  });
});

test('whatever the metadata hold, the answer is a tree inside the image or a refusal, soon', async () => {
  const image = tinyIso(sample);
  const position = fc.oneof(
    fc.integer({ min: 16 * BLOCK, max: 16 * BLOCK + 200 }),
    fc.integer({ min: ROOT * BLOCK, max: ROOT * BLOCK + 900 }),
    fc.integer({ min: 21 * BLOCK, max: 22 * BLOCK + 250 }),
    fc.integer({ min: 29 * BLOCK, max: 29 * BLOCK + 330 }),
  );
  const change = fc.record({ position, value: fc.integer({ min: 0, max: 255 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const changed = Buffer.from(image);
      for (const one of changes) changed[one.position] = one.value;
      const tree = await readOrRefused(changed);
      for (const { path, extents } of tree?.entries ?? []) {
        expect(path).toMatch(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[!-~ ]+$/);
        for (const { offset, length } of extents) expect(offset + length).toBeLessThanOrEqual(image.length);
      }
    }),
    { numRuns: 1500 },
  );
});

async function readOrRefused(image: Buffer) {
  try {
    return await read(image);
  } catch (error) {
    if (isMetalK8sError(error) && error.code === 'VERIFICATION_FAILED') return undefined;
    throw error;
  }
}

function read(image: Buffer) {
  return readIsoImage(readerOf(image), image.length, 'x.iso');
}

function readerOf(image: Buffer): ReadAt {
  return async (offset, length) => {
    if (offset + length > image.length) throw new RangeError(`read beyond the end at ${offset}`);
    return image.subarray(offset, offset + length);
  };
}

function manyDescriptors(): Record<number, Buffer> {
  const supplementary = Buffer.alloc(BLOCK);
  supplementary.write('\u0002CD001\u0001', 'latin1');
  return Object.fromEntries(Array.from({ length: 20 }, (_, index) => [17 + index, supplementary]));
}
