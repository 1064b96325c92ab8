import { expect, test } from 'vitest';
import { readOtherwise } from '../../../src/engine/steps/damaged-packages.ts';

const EMPTIED = `S.5......    /usr/sbin/dmidecode
missing     /usr/share/man/man8/dmidecode.8.gz
`;
const CONFIGURATION = 'S.5......  c /etc/salt/minion\n';
const COMPILED = 'S.5....T.    /opt/saltstack/salt/lib/python3.11/__pycache__/bisect.cpython-311.pyc\n';

test('files that packages only know of say nothing, nor does what Python has not compiled', () => {
  const missing = COMPILED.replace('S.5....T.', 'missing  ');
  expect(readOtherwise(`${missing}missing   g /run/lock/salt\n.M.......    /usr/bin/salt-call\n`)).toEqual({
    files: [],
    configurations: [],
    compiled: [],
  });
});

test('files, configurations and what Python compiled are told apart; a configuration that is missing is a file', () => {
  expect(
    readOtherwise(`${EMPTIED}${CONFIGURATION}missing   c /etc/crictl.yaml\n..?......    /usr/bin/kubelet\n${COMPILED}`),
  ).toEqual({
    files: ['/usr/sbin/dmidecode', '/usr/share/man/man8/dmidecode.8.gz', '/etc/crictl.yaml', '/usr/bin/kubelet'],
    configurations: ['/etc/salt/minion'],
    compiled: ['/opt/saltstack/salt/lib/python3.11/__pycache__/bisect.cpython-311.pyc'],
  });
});
