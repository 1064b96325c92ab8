import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import { ensurePki } from '../../src/pki/ensure-pki.ts';
import type { PkiContext } from '../../src/pki/pki-context.ts';
import { type MemoryStore, memoryStore } from '../support/pki/memory-store.ts';
import { pkiCluster, pkiNode } from '../support/pki/nodes.ts';

const now = new Date('2026-11-21T10:34:20Z');
const specifications = pkiSpecifications(pkiNode(), 'secretbox');
/** One of each kind, for what is tried hundreds of times. */
const oneOfEach = specifications.filter(
  (one) => one.kind === 'encryption-key' || ['ca', 'apiserver', 'admin.conf', 'sa'].includes(one.name),
);
const contextOf = (store: MemoryStore): PkiContext => ({ store, now, renewWithinDays: 90 });
const P = '/etc/kubernetes/pki';

describe('ensurePki', () => {
  it('makes everything of a control plane, and then changes nothing', async () => {
    const store = memoryStore();
    const first = await ensurePki(specifications, contextOf(store));
    expect(first.map(({ changed }) => changed)).toEqual(specifications.map(() => true));
    expect([...store.files.keys()].sort()).toEqual(
      [
        ...['admin', 'super-admin', 'kubelet', 'controller-manager', 'scheduler', 'encryption'].map(
          (name) => `/etc/kubernetes/${name}.conf`,
        ),
        ...[
          'ca',
          'front-proxy-ca',
          'apiserver',
          'apiserver-kubelet-client',
          'apiserver-etcd-client',
          'front-proxy-client',
        ].flatMap(pair),
        ...['etcd/ca', 'etcd/server', 'etcd/peer', 'etcd/healthcheck-client'].flatMap(pair),
        ...[`${P}/sa.key`, `${P}/sa.pub`],
        ...['/var/lib/kubelet/pki/kubelet', '/etc/metalk8s/pki/registry'].flatMap((path) => [
          `${path}.crt`,
          `${path}.key`,
        ]),
      ].sort(),
    );
    const before = new Map(store.files);
    const second = await ensurePki(specifications, contextOf(store));
    expect(second.filter(({ changed }) => changed)).toEqual([]);
    expect(store.files).toEqual(before);
  });

  it('issues for another node from the host that has the authorities', async () => {
    const issuers = memoryStore();
    await ensurePki(specifications, contextOf(issuers));
    issuers.written.length = 0;
    const store = memoryStore();
    const worker = pkiSpecifications(
      pkiNode({ nodeName: 'w1', advertiseAddress: '10.78.0.21', roles: ['workload'] }),
      'secretbox',
    );
    await ensurePki(worker, { ...contextOf(store), issuers });
    expect([...store.files.keys()].sort()).toEqual([
      '/etc/kubernetes/kubelet.conf',
      `${P}/ca.crt`,
      '/var/lib/kubelet/pki/kubelet.crt',
      '/var/lib/kubelet/pki/kubelet.key',
    ]);
    expect(issuers.written).toEqual([]);
    const again = await ensurePki(worker, { ...contextOf(store), issuers });
    expect(again.filter(({ changed }) => changed)).toEqual([]);
  });

  it('takes authorities that were brought along with their keys', async () => {
    const other = memoryStore();
    await ensurePki(specifications, contextOf(other));
    const store = memoryStore();
    for (const path of ['ca', 'etcd/ca', 'front-proxy-ca'].flatMap(pair))
      store.put(path, other.files.get(path)?.content ?? '');
    const outcomes = await ensurePki(specifications, contextOf(store));
    expect(outcomes.slice(0, 3).map(({ changed }) => changed)).toEqual([false, false, false]);
    expect(store.files.get(`${P}/ca.crt`)).toEqual(other.files.get(`${P}/ca.crt`));
    expect(store.files.get(`${P}/apiserver.crt`)).not.toEqual(other.files.get(`${P}/apiserver.crt`));
  });

  it('lists every file that must be brought along with an authority without its key, and makes nothing', async () => {
    const store = memoryStore();
    await ensurePki(specifications, contextOf(store));
    for (const path of store.files.keys())
      if (![`${P}/ca.crt`, `${P}/apiserver.key`].includes(path)) store.files.delete(path);
    store.written.length = 0;
    const error: unknown = await ensurePki(specifications, contextOf(store)).catch((thrown: unknown) => thrown);
    expect(isMetalK8sError(error) && error.where?.split(/\n| and /)).toEqual([
      `${P}/apiserver.crt`,
      ...pair('apiserver-kubelet-client'),
      '/var/lib/kubelet/pki/kubelet.crt',
      '/var/lib/kubelet/pki/kubelet.key',
      '/etc/metalk8s/pki/registry.crt',
      '/etc/metalk8s/pki/registry.key',
      ...['admin', 'super-admin', 'kubelet', 'controller-manager', 'scheduler'].map(
        (name) => `/etc/kubernetes/${name}.conf`,
      ),
    ]);
    expect(error).toMatchObject({
      code: 'DIFFERS',
      message: '9 certificates, keys or kubeconfigs cannot be relied upon',
    });
    // The two other authorities are made at once with the check of the first; nothing is issued.
    expect(store.written.filter((path) => !/ca\.(?:crt|key)$/.test(path))).toEqual([]);
  });

  it('holds no secret in any outcome or error', async () => {
    const store = memoryStore();
    const told: string[] = [];
    const tell = async (context: PkiContext) => {
      const result: unknown = await ensurePki(oneOfEach, context).catch((error: unknown) => error);
      told.push(
        `${result}`,
        JSON.stringify(result),
        (result as Error).stack ?? '',
        JSON.stringify((result as Error).cause) ?? '',
      );
    };
    await tell(contextOf(store));
    const secrets = [...store.files]
      .filter(([path]) => /\.(?:key|conf)$/.test(path))
      .flatMap(([, { content }]) => content.match(/[A-Za-z0-9+/=]{24,}/g) ?? []);
    for (const [path, { content }] of [...store.files]) {
      store.put(path, content.replace(/[A-Za-z](?=[^A-Za-z-]*-----END|\n *[a-z]+:)/, '!'));
      await tell(contextOf(store));
      store.put(path, content);
    }
    const text = told.join('\n');
    expect(secrets.length).toBeGreaterThan(10);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

describe('whatever stands in its place', () => {
  const garbage = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      '',
      '\n',
      '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'kind: Config',
      'a: &a [*a]',
      '&a [*a, *a]',
    ),
    fc.tuple(fc.constantFrom('cut', 'double', 'flip'), fc.nat(10_000)),
  );

  it('ends in a valid tree or in an error that names a file: never in a crash, never in a changed authority', {
    timeout: 60_000,
  }, async () => {
    const good = memoryStore();
    await ensurePki(oneOfEach, contextOf(good));
    const paths = [...good.files.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), garbage, async (path, spoiled) => {
        const store = memoryStore();
        for (const [name, { content }] of good.files) store.put(name, content);
        const content = typeof spoiled === 'string' ? spoiled : mangle(good.files.get(path)?.content ?? '', spoiled);
        store.put(path, content);
        const result: unknown = await ensurePki(oneOfEach, contextOf(store)).catch((error: unknown) => error);
        if (isMetalK8sError(result)) {
          expect(`${result.where} ${result.message}`).toContain(path);
          expect(result.message + result.hint).not.toContain('undefined');
        } else {
          expect(result).not.toBeInstanceOf(Error);
          const again = await ensurePki(oneOfEach, contextOf(store));
          expect(again.filter(({ changed }) => changed)).toEqual([]);
        }
        if (/ca\.(?:crt|key)$|sa\.|encryption/.test(path)) expect(store.files.get(path)?.content).toBe(content);
      }),
      { numRuns: 100 },
    );
  });

  it('issues any list of alternative names, and finds it right afterwards', { timeout: 60_000 }, async () => {
    const name = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('localhost', '*.example.com', '::', '127.0.0.1'),
    );
    const store = memoryStore();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          name.map((text) => text.toLowerCase()),
          { maxLength: 30 },
        ),
        async (apiserver) => {
          const node = pkiNode({ cluster: pkiCluster({ extraSans: { apiserver } }) });
          const few = pkiSpecifications(node, 'secretbox').filter(
            (one) => 'name' in one && ['ca', 'apiserver'].includes(one.name),
          );
          await ensurePki(few, contextOf(store));
          expect(await ensurePki(few, contextOf(store))).toMatchObject([{ changed: false }, { changed: false }]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function mangle(text: string, [way, place]: readonly [string, number]): string {
  const at = place % Math.max(1, text.length);
  if (way === 'cut') return text.slice(0, at);
  if (way === 'double') return text.slice(0, at) + text;
  const turned = createHash('sha256').update(`${text}${place}`).digest('base64').charAt(0);
  return text.slice(0, at) + turned + text.slice(at + 1);
}

function pair(name: string): string[] {
  return [`${P}/${name}.crt`, `${P}/${name}.key`];
}
