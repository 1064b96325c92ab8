import { expect, test } from 'vitest';
import { sourceLines, transportOptions } from './apt-sources.ts';

const TARGETS = [
  'http://mirror.example/debian/|bookworm|bookworm|main|Debian|$(SIGNED_BY)',
  'http://mirror.example/debian/|bookworm|bookworm|main|Debian|$(SIGNED_BY)',
  'http://mirror.example/debian/|bookworm-updates|bookworm-updates|main|Debian|$(SIGNED_BY)',
  'http://security.example/|bookworm-security|bookworm-security|main|Debian|/usr/share/keyrings/own.gpg',
  'http://mirror.example/debian/|bookworm|bookworm|contrib|Debian|$(SIGNED_BY)',
  'http://mirror.example/debian/|stable|trixie|main|Debian|$(SIGNED_BY)',
  'https://vendor.example/apt|nodistro|nodistro|main|. nodistro|$(SIGNED_BY)',
  '',
].join('\n');

test("only Debian's own main of our suite is taken, once, by the suite's name in the sources", () => {
  expect(sourceLines(TARGETS)).toEqual([
    'deb http://mirror.example/debian/ bookworm main',
    'deb http://mirror.example/debian/ bookworm-updates main',
    'deb [signed-by=/usr/share/keyrings/own.gpg] http://security.example/ bookworm-security main',
  ]);
});

test('a machine without Debian sources has none', () => {
  expect(sourceLines('https://vendor.example/apt|nodistro|nodistro|main|. nodistro|$(SIGNED_BY)\n')).toEqual([]);
});

test('options of transport are kept, all others not', () => {
  const dump = [
    'APT::Architecture "amd64";',
    'Acquire "";',
    'Acquire::http "";',
    'Acquire::http::Proxy "http://proxy.example:3128";',
    'Acquire::https::Verify-Peer "true";',
    'Acquire::Retries "3";',
    'Acquire::IndexTargets::deb::Packages::MetaKey "$(COMPONENT)/x";',
    'DPkg::Post-Invoke:: "rm -f /x";',
  ].join('\n');
  expect(transportOptions(dump)).toEqual([
    'Acquire::http::Proxy "http://proxy.example:3128";',
    'Acquire::https::Verify-Peer "true";',
    'Acquire::Retries "3";',
  ]);
});
