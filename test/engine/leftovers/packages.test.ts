import { expect, test } from 'vitest';
import {
  heldPackages,
  keysOfRepositoryFile,
  readPackages,
  withoutHolds,
} from '../../../src/engine/leftovers/packages.ts';

test('packages of our archives, by the repository that dnf has noted', () => {
  const text = [
    'kubelet|0|1.36.3|150500.1.1|x86_64|metalk8s-136.0.0',
    'bash|0|5.1.8|9.el9|x86_64|baseos',
    'vim-enhanced|2|8.2.2637|21.el9|x86_64|',
    'curl;reboot|0|1|1|x86_64|metalk8s-136.0.0',
    '',
  ].join('\n');
  expect(readPackages(text.split('\n'))).toEqual([
    { name: 'kubelet', epoch: '0', version: '1.36.3', release: '150500.1.1', arch: 'x86_64' },
  ]);
});

const LIST = `# the owner's
vim-enhanced-2:8.2.2637-21.el9.*
# Added lock on Sat Nov 21 18:43:00 2026
kubelet-0:1.36.3-150500.1.1.*

# Added lock on Sat Nov 21 18:43:01 2026
containerd.io-0:2.2.0-1.el9.*
# Added lock on Sat Nov 21 18:43:02 2026
python3-dnf-0:4.14.0-9.el9.*
!kernel-0:5.14.0-1.*
`;

test('holds are released with the lines above them; those of the owner stay', () => {
  expect(heldPackages(LIST)).toEqual(['vim-enhanced', 'kubelet', 'containerd.io', 'python3-dnf']);
  expect(withoutHolds(LIST, ['kubelet', 'containerd.io'])).toBe(`# the owner's
vim-enhanced-2:8.2.2637-21.el9.*

# Added lock on Sat Nov 21 18:43:02 2026
python3-dnf-0:4.14.0-9.el9.*
!kernel-0:5.14.0-1.*
`);
  expect(withoutHolds(LIST, [])).toBe(LIST);
});

test('keys of a repository, by their fingerprints', () => {
  const [one, two] = ['AB'.repeat(20), 'CD'.repeat(20)];
  const text = `[metalk8s-136.0.0]\ngpgkey=file:///srv/metalk8s/136.0.0/packages/keys/${one}.asc\n       file:///srv/x/${two}.asc\n`;
  expect(keysOfRepositoryFile(text)).toEqual([one, two]);
});
