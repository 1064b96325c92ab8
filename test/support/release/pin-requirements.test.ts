import { expect, test } from 'vitest';
import { addHashes, readReport, renderRequirements } from './pin-requirements.ts';

const REPORT = JSON.stringify({
  install: [
    entry('PyYAML', '6.0.3', 'https://files.test/pyyaml-6.0.3-cp311-cp311-manylinux2014_x86_64.whl', 'aa'),
    entry('zipp', '4.1.2', 'https://files.test/zipp-4.1.2-py3-none-any.whl', 'bb'),
    entry('timelib', '0.3.0', 'https://files.test/timelib-0.3.0.tar.gz', 'cc'),
  ],
});

test('only what is compiled for one processor is asked for again for another', () => {
  expect(readReport(REPORT).map(({ name, compiled }) => [name, compiled])).toEqual([
    ['PyYAML', true],
    ['zipp', false],
    ['timelib', false],
  ]);
});

test('a requirements file has every hash, sorted by name', () => {
  const pinned = addHashes(readReport(REPORT), [
    { name: 'pyyaml-6.0.3-cp311-cp311-manylinux2014_aarch64.whl', sha256: 'a0' },
    { name: 'pyyaml-6.0.3-cp311-cp311-manylinux2014_x86_64.whl', sha256: 'aa' },
    { name: 'pyyaml_extras-6.0.3-py3-none-any.whl', sha256: 'dd' },
    { name: 'zipp-4.1.3-py3-none-any.whl', sha256: 'ee' },
  ]);
  expect(renderRequirements(['salt==1'], pinned).split('\n').slice(1)).toEqual([
    'PyYAML==6.0.3 \\',
    '    --hash=sha256:a0 \\',
    '    --hash=sha256:aa',
    'timelib==0.3.0 \\',
    '    --hash=sha256:cc',
    'zipp==4.1.2 \\',
    '    --hash=sha256:bb',
    '',
  ]);
});

function entry(name: string, version: string, url: string, sha256: string) {
  return { metadata: { name, version }, download_info: { url, archive_info: { hashes: { sha256 } } } };
}
