import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inGroups, readAnswers } from '../../src/facts/answers.ts';
import { toObservedHost } from '../../src/facts/to-observed-host.ts';

const line = (name: string, text: string | Buffer, status = 0) =>
  `${name} ${Buffer.from(text).toString('base64')} ${status}\n`;

describe('answers', () => {
  test('are what commands printed, and null where they failed', () => {
    const answers = readAnswers(`${line('one', 'a\nend\n')}${line('two', 'b', 127)}${line('three', '')}end\n`);
    expect(answers?.text('one')).toBe('a\nend\n');
    expect(answers?.text('two')).toBeNull();
    expect(answers?.text('three')).toBe('');
    expect(answers?.text('four')).toBeNull();
  });

  test('may be fields', () => {
    const answers = readAnswers(`${line('one', 'a\0\0c\nd\0rest')}end\n`);
    expect(answers?.fields('one')).toEqual(['a', '', 'c\nd']);
    expect(answers?.fields('two')).toEqual([]);
    expect(inGroups(['a', 'b', 'c', 'd', 'e'], 2)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test.each([
    ['cut off', line('one', 'a')],
    ['cut off within the last line', `${line('one', 'a')}end`],
    ['twice the same', `${line('one', 'a')}${line('one', 'b')}end\n`],
    ['no base64', 'one a* 0\nend\n'],
    ['no status', 'one YQ==\nend\n'],
    ['a word before', `Welcome!\n${line('one', 'a')}end\n`],
    ['nothing', ''],
  ])('are none at all when they are not whole: %s', (_, output) => {
    expect(readAnswers(output)).toBeUndefined();
  });

  test('stay what they are, whatever a command printed', () => {
    const printed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('end\n', 'two YQ== 0\nend\n', '\0', ' 0\n'),
    );
    fc.assert(
      fc.property(fc.array(printed), (pieces) => {
        const text = pieces.join('');
        const answers = readAnswers(`${line('one', text)}${line('two', 'b')}end\n`);
        expect(answers?.text('one')).toBe(text.toWellFormed());
        expect(answers?.text('two')).toBe('b');
      }),
    );
  });
});

describe('a host that lies', () => {
  const names = [
    'clock user os-release architecture host-name machine-id product-uuid cpus memory swaps system-state modules settings',
    'kernel-configuration kernel-file-systems cgroup-version cgroup-v1-controllers cgroup-v2-controllers time interfaces',
    'routes resolver own-name localhost chains sockets mounts file-systems packages package-locks',
    'package-exclusions version-locks units selinux leftovers programs processes proxies administrator write-latencies address-probes',
  ].flatMap((row) => row.split(' '));
  const known = [
    'tcp LISTEN 0 128 0.0.0.0:99999 0.0.0.0:* users:(("',
    '[{"ifname":1,"addr_info":{},"flags":"UP"},null,[],{"ifname":"x","addr_info":[null,{"family":"inet"}]}]',
    '[{"dst":5},{"dst":"default","nexthops":[1]}]',
    '0-99999999999999',
    'LoadState=loaded\n\n\n\n',
    '__proto__\0__proto__\0__proto__\0__proto__\0',
    ' - \n - - -\n1 2 3:4 / /\\400 x - y',
    'copied, 1e999 s, \ncopied, 9.9.9 s, ',
  ];
  const answer = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...known), fc.json());

  test('never makes a reader fail', () => {
    fc.assert(
      fc.property(fc.array(answer, { minLength: names.length, maxLength: names.length }), (texts) => {
        const lines = names.map((name, index) => line(name, texts[index] ?? ''));
        const answers = readAnswers(`${lines.join('')}end\n`);
        expect(answers).toBeDefined();
        if (answers === undefined) return;
        const observed = toObservedHost(answers, { settings: ['__proto__', 'a.b'], kernelOptions: ['A'] }, 0);
        expect(() => JSON.stringify(observed)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test('with much of each kind of answer takes no time to speak of', () => {
    const started = performance.now();
    for (const text of [...known, ' ', '\\', '=', '"', '[', 'a b\n', 'ID="\\']) {
      const long = text.repeat(Math.ceil(100_000 / text.length));
      const answers = readAnswers(`${names.map((name) => line(name, long)).join('')}end\n`);
      if (answers === undefined) throw new Error('the answers are not whole');
      toObservedHost(answers, {}, 0);
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
