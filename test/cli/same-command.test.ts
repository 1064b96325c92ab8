import { expect, test } from 'vitest';
import { sameCommand } from '../../src/cli/same-command.ts';

const disc = { METALK8S_ARCHIVE: '/mnt' };

test.each<[readonly string[], Record<string, string>, string]>([
  [['bootstrap'], {}, 'metalk8s bootstrap'],
  [['bootstrap', '-c', '/etc/a b.yaml'], disc, "sh /mnt/metalk8s bootstrap -c '/etc/a b.yaml'"],
  [['bootstrap', "it's"], disc, "sh /mnt/metalk8s bootstrap 'it'\\''s'"],
  [['bootstrap'], { METALK8S_ARCHIVE: '/' }, 'sh /metalk8s bootstrap'],
  [['bootstrap'], { METALK8S_ARCHIVE: '/run/my disc' }, "sh '/run/my disc/metalk8s' bootstrap"],
  [
    ['bootstrap'],
    { ...disc, METALK8S_TRUSTED_KEY: '/root/k.asc' },
    'sh /mnt/metalk8s --trusted-key /root/k.asc bootstrap',
  ],
  [
    ['bootstrap', '--trusted-key=/a.asc'],
    { ...disc, METALK8S_TRUSTED_KEY: '/root/k.asc' },
    'sh /mnt/metalk8s bootstrap --trusted-key=/a.asc',
  ],
  [['bootstrap'], { ...disc, SUDO_USER: 'ada' }, 'sudo sh /mnt/metalk8s bootstrap'],
  [['bootstrap', ''], {}, "metalk8s bootstrap ''"],
])('%j %j', (argv, env, expected) => {
  expect(sameCommand({ argv, env })).toBe(expected);
});
