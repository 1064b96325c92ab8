import { describe, expect, test } from 'vitest';
import { isMetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { Finding } from '../../src/preflight/check.ts';
import { ignoredChecks } from '../../src/preflight/ignored-checks.ts';
import { refuseFindings } from '../../src/preflight/refuse-findings.ts';
import { preflightReport, preflightText } from '../../src/preflight/report.ts';

function finding(changes: Partial<Finding>): Finding {
  return {
    check: 'cpus',
    host: 'node1',
    severity: 'error',
    found: 'the host has 1 processor',
    why: 'pods would wait',
    mend: 'Give it more.',
    ignored: false,
    cannotBeIgnored: null,
    ...changes,
  };
}

const findings = [
  finding({ check: 'swap', severity: 'warning', found: 'there is swap' }),
  finding({ check: 'firewalld', found: 'firewalld.service is active', ignored: true }),
  finding({}),
  finding({ check: 'etcd-data', found: 'there is /var/lib/etcd', cannotBeIgnored: 'it would be lost' }),
  finding({ host: 'node2', check: 'memory', severity: 'warning', found: 'the host has 3.0 GiB of memory' }),
];

describe('the report', () => {
  test('has each host, those without findings too, errors before what is ignored before warnings', () => {
    const report = preflightReport(['node1', 'node2', 'node3'], findings);
    expect(report.passed).toBe(false);
    expect(report.hosts.map(({ host, errors, warnings, ignored }) => [host, errors, warnings, ignored])).toEqual([
      ['node1', 2, 1, 1],
      ['node2', 0, 1, 0],
      ['node3', 0, 0, 0],
    ]);
    expect(report.hosts[0]?.findings.map(({ check }) => check)).toEqual(['cpus', 'etcd-data', 'firewalld', 'swap']);
  });

  test('for people', () => {
    expect(
      preflightText(preflightReport(['node1', 'node2', 'node3'], findings)),
    ).toBe(`node1: 2 errors, 1 error ignored, 1 warning

  error      cpus: the host has 1 processor
    why      pods would wait
    mend     Give it more.

  error      etcd-data: there is /var/lib/etcd
    why      pods would wait
    mend     Give it more.
    always   it cannot be ignored: it would be lost

  ignored    firewalld: firewalld.service is active
    why      pods would wait
    mend     Give it more.

  warning    swap: there is swap
    why      pods would wait
    mend     Give it more.

node2: 1 warning

  warning    memory: the host has 3.0 GiB of memory
    why      pods would wait
    mend     Give it more.

node3: fit

Nothing was changed.
To go on all the same: --ignore-preflight-errors cpus
`);
  });

  test('of a host with warnings alone passes', () => {
    const report = preflightReport(['node1'], [finding({ severity: 'warning' }), finding({ ignored: true })]);
    expect(report.passed).toBe(true);
    expect(preflightText(report)).not.toContain('ignore-preflight');
  });

  test('has lines of 120 characters at most, words whole', () => {
    const text = preflightText(preflightReport(['node1'], [finding({ why: 'word '.repeat(80).trim() })]));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(text.match(/\bword\b/g)).toHaveLength(80);
  });
});

test('a host that is fit is not refused; errors are counted and their checks named', () => {
  refuseFindings([finding({ severity: 'warning' }), finding({ ignored: true })]);
  const error = thrownBy(() => refuseFindings([...findings, finding({ host: 'node2' })]));
  expect(error).toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: 'preflight found 3 errors: cpus, etcd-data',
    where: 'node1 and node2',
  });
});

test('names that no check has are refused with the nearest', () => {
  expect(ignoredChecks(undefined)).toEqual(new Set());
  expect(ignoredChecks(['swap', 'cpus'])).toEqual(new Set(['swap', 'cpus']));
  const error = thrownBy(() => ignoredChecks(['swap', 'firewall', 'all']));
  expect(error).toMatchObject({
    code: 'USAGE',
    message: 'no check of preflight is called "firewall" (firewalld?), "all"',
    where: '--ignore-preflight-errors',
  });
});

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    if (isMetalK8sError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
