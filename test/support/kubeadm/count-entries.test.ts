import { expect, it } from 'vitest';
import { countEntries } from './count-entries.ts';

it('counts paths, certificates and objects of all hosts', () => {
  const entries = new Map([
    ['cp1/files.yaml', '/a: file 0600 0:0\n/b: directory 0700 0:0\n'],
    ['cp1/pki.yaml', 'certificates:\n  /a.crt: {}\nkeys: {}\n'],
    ['cp1/sent/ConfigMap.yaml', '{}'],
    ['cp1/requests.yaml', '[]'],
    ['w1/files.yaml', '/c: file 0600 0:0\n'],
    ['held/Node.yaml', '{}'],
  ]);
  expect(countEntries(entries)).toBe('3 files, 1 certificates, 2 objects');
});
