import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../../src/config/formats/addresses.ts';
import { type FormatName, formats } from '../../src/config/formats/formats.ts';

type Table = Record<FormatName, { good: readonly string[]; bad: readonly string[] }>;

const table: Table = {
  'ipv4-cidr': {
    good: ['10.200.1.0/24', '0.0.0.0/0', '10.0.0.1/32'],
    bad: ['10.200.1.1/24', '10.0.0.0', 'fd00::/64', '10.0.0.0/8,10.1.0.0/16', '', ' 10.0.0.0/8'],
  },
  'ipv4-address': { good: ['10.0.0.1'], bad: ['10.0.0', '::1', 'host'] },
  endpoint: {
    good: ['10.0.0.1', '10.0.0.1:6443', 'api.example.com', 'api.example.com:443', 'api'],
    bad: [
      '',
      ':6443',
      'api:',
      'api:0',
      'api:65536',
      'api:x',
      'api:6443:1',
      'https://api',
      '[fd00::1]:6443',
      'fd00::1',
      'API',
      'localhost',
      '127.1.2.3',
      '0.0.0.0',
      '10.0.0.256',
      'a_b',
      'api.',
    ],
  },
  host: {
    good: ['bastion', '10.0.0.1', 'a.b-c.d'],
    bad: ['', '10.0.0', '::1', 'a b', '-a', 'a-', 'a..b', `${'a'.repeat(64)}`],
  },
  'no-proxy-entry': {
    good: [
      'localhost',
      '127.0.0.1',
      '10.10.0.0/16',
      '.example.com',
      '*.example.com',
      '*',
      '::1',
      'fd00::/8',
      'host:8080',
      'Host_1',
    ],
    bad: ['', 'a b', 'a,b', 'http://a', 'user@a', '10.0.0.0/33', 'a/b', 'a:b', 'a:99999', '$(reboot)'],
  },
  'node-name': {
    good: ['bootstrap', 'node-1.site.example', '1'],
    bad: ['', 'Node', 'a_b', 'a b', '-a', 'a'.repeat(64), '.a'],
  },
  'user-name': { good: ['root', 'cloud-user', '_x', 'a.b'], bad: ['', '-x', 'a b', '1a', 'a;b', 'a'.repeat(33)] },
  'feature-gate': { good: ['StorageVersionMigrator', 'X1'], bad: ['', 'lower', 'A-B', 'A=true,B', '__proto__'] },
  'label-key': {
    good: ['kubernetes.io/hostname', 'rack', 'a_b.c'],
    bad: ['', '/a', 'a/', 'a/b/c', 'A.io/x', '-a', 'a'.repeat(64)],
  },
  line: { good: ['kubernetes', 'two words'], bad: ['', ' a', 'a ', 'a\nb', 'a\u0000'] },
  'absolute-path': {
    good: ['/srv/a.iso', '/srv/', '/a b'],
    bad: ['', 'a', './a', '/', '//', '/a/../b', '/a ', '/a\nb', '~/a'],
  },
  'proxy-url': {
    good: ['http://proxy:3128', 'https://proxy.example.com', 'http://10.0.0.1:3128/', 'HTTP://proxy'],
    bad: [
      '',
      'proxy:3128',
      'ftp://proxy',
      'http://user:hunter2@proxy',
      'http://user@proxy',
      'http://proxy/path',
      'http://proxy?a',
      'http://proxy#a',
      'http://',
      'http://a b',
      'http://proxy:99999',
      'http:\\\\proxy',
    ],
  },
  'https-url': {
    good: ['https://login.example.com', 'https://login.example.com/realms/x'],
    bad: [
      'http://login.example.com',
      'https://user:hunter2@login',
      'https://login?x=1',
      'https://login#x',
      'login.example.com',
      '',
    ],
  },
  cron: {
    good: ['0 2 * * *', '*/15 * * * *', '0 0-6,22 1 1 0-7', '5/10 * * * *', ' 0  2 * * 7 '],
    bad: [
      '',
      'daily',
      '@daily',
      '* * * *',
      '* * * * * *',
      '60 * * * *',
      '* 24 * * *',
      '* * 0 * *',
      '* * * 13 *',
      '* * * * 8',
      '5-1 * * * *',
      '*/0 * * * *',
      '*-5 * * * *',
      'a * * * *',
      '1, * * * *',
    ],
  },
};

const cases = Object.entries(table) as [FormatName, Table[FormatName]][];

describe.each(cases)('%s', { timeout: 60_000 }, (name, { good, bad }) => {
  it.each(good)('takes %j', (text) => {
    expect(formats[name].check(text)).toBeUndefined();
    expect(new RegExp(formats[name].pattern).test(text.trim())).toBe(true);
  });

  it.each(bad)('refuses %j', (text) => {
    const message = formats[name].check(text);
    expect(message).toMatch(/^[^\n]{10,}$/);
    expect(message).not.toContain('hunter2');
  });

  it('takes nothing that its pattern for editors refuses, and shows no control character', () => {
    const pattern = new RegExp(formats[name].pattern);
    const near = fc.oneof(fc.string({ unit: 'binary' }), ...[...good, ...bad].map((text) => mutated(text)));
    fc.assert(
      fc.property(near, (text) => {
        const message = formats[name].check(text);
        return message === undefined ? pattern.test(text.trim()) : !/\p{Cc}/u.test(message);
      }),
      { numRuns: 300 },
    );
  });
});

describe('endpoints', () => {
  it.each([
    ['api.example.com', { host: 'api.example.com', port: 6443 }],
    ['10.0.0.1:443', { host: '10.0.0.1', port: 443 }],
  ])('splits %s', (text, expected) => {
    expect(parseEndpoint(text)).toEqual(expected);
  });
});

/** The text with a character put in, or a part left out. */
function mutated(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.nat(text.length),
      fc.nat(3),
      fc.constantFrom('', '.', '/', ':', '@', '-', '0', 'A', ' ', '\n', '\u0000', 'é'),
    )
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
}
