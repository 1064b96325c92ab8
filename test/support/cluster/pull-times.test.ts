import { expect, test } from 'vitest';
import { coveredBy, pullTimes } from './pull-times.ts';

const at = (seconds: number) => Date.parse('2026-11-21T10:00:00Z') + seconds * 1000;

/** As containerd 2.2 writes it. */
const LOG = `time="2026-11-21T10:00:01.000000000Z" level=info msg="PullImage \\"registry.k8s.io/etcd:3.6.8-0\\""
time="2026-11-21T10:00:03.500000000Z" level=info msg="Pulled image \\"registry.k8s.io/etcd:3.6.8-0\\" with image id \\"sha256:1\\", repo tag \\"x\\", repo digest \\"y\\", size \\"2100\\" in 2.5s"
time="2026-11-21T10:01:03.000000000Z" level=info msg="Pulled image \\"x\\" with image id \\"sha256:2\\", repo tag \\"x\\", repo digest \\"y\\", size \\"2100\\" in 1m2s"
time="2026-11-21T10:01:03.000000000Z" level=info msg="Pulled image \\"y\\" with image id \\"sha256:2\\", repo tag \\"x\\", repo digest \\"y\\", size \\"2100\\" in 870.5ms"
`;

test('reads when images were pulled', () => {
  expect(pullTimes(LOG)).toEqual([
    { from: at(1), to: at(3.5) },
    { from: at(1), to: at(63) },
    { from: at(62.1295), to: at(63) },
  ]);
});

test('pulls at the same time count once', () => {
  const pulls = [
    { from: 0, to: 10 },
    { from: 5, to: 20 },
    { from: 6, to: 7 },
    { from: 30, to: 40 },
  ];
  expect(coveredBy(pulls, { from: 0, to: 100 })).toBe(30);
  expect(coveredBy(pulls, { from: 15, to: 35 })).toBe(10);
  expect(coveredBy([], { from: 0, to: 9 })).toBe(0);
});
