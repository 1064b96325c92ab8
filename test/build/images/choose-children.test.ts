import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/build/images/blob-store.ts';
import { chooseChildren } from '../../../src/build/images/choose-children.ts';
import { readDocument } from '../../../src/build/images/read-document.ts';

interface Child {
  readonly name: string;
  /** Undefined: the index states none. */
  readonly platform?: unknown;
  readonly attests?: string;
}

const hex = (name: string) => `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0')}`;
const platform = (text: string) => {
  const [os, architecture, variant] = text.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
};
const child = (text: string): Child => ({ name: text, platform: platform(text) });
const attestation = (of: string): Child => ({
  name: `about ${of}`,
  platform: platform('unknown/unknown'),
  attests: of,
});

/** Names of the chosen children, with the platform that each is chosen for. */
function chosen(children: readonly Child[], platforms: readonly string[]): string[] {
  const manifests = children.map((each) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: hex(each.name),
    size: 7,
    ...(each.platform === undefined ? {} : { platform: each.platform }),
    ...(each.attests === undefined
      ? {}
      : {
          annotations: {
            'vnd.docker.reference.type': 'attestation-manifest',
            'vnd.docker.reference.digest': hex(each.attests),
          },
        }),
  }));
  const content = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  const names = new Map(children.map(({ name }) => [hex(name), name]));
  return chooseChildren(readDocument({ digest: digestOf(content), content }, 'x'), platforms).map(
    ({ descriptor, platform }) => `${names.get(descriptor.digest)} for ${platform}`,
  );
}

const all = ['linux/amd64', 'linux/arm/v6', 'linux/arm/v7', 'linux/arm64/v8', 'linux/ppc64le', 'windows/amd64'].map(
  child,
);

describe('children of an index for some platforms', () => {
  test.each<[string, readonly Child[], readonly string[], readonly string[]]>([
    ['one platform', all, ['linux/amd64'], ['linux/amd64 for linux/amd64']],
    [
      'in the order of the index',
      all,
      ['linux/ppc64le', 'linux/amd64'],
      ['linux/amd64 for linux/amd64', 'linux/ppc64le for linux/ppc64le'],
    ],
    ['64-bit ARM is v8, said or not', all, ['linux/arm64'], ['linux/arm64/v8 for linux/arm64/v8']],
    ['… the other way round', [child('linux/arm64')], ['linux/arm64/v8'], ['linux/arm64 for linux/arm64']],
    [
      'all variants where none is named',
      all,
      ['linux/arm'],
      ['linux/arm/v6 for linux/arm/v6', 'linux/arm/v7 for linux/arm/v7'],
    ],
    ['the one that is named', all, ['linux/arm/v7'], ['linux/arm/v7 for linux/arm/v7']],
    ['none', all, ['linux/riscv64'], []],
    [
      'what states no platform comes along',
      [{ name: 'bare' }, ...all],
      ['linux/amd64'],
      ['bare for undefined', 'linux/amd64 for linux/amd64'],
    ],
    ['null is no statement', [{ name: 'bare', platform: null }], ['linux/amd64'], ['bare for undefined']],
    [
      'platforms that are no words are no platform',
      [{ name: 'odd', platform: { os: 'linux', architecture: 'amd64\n' } }],
      ['linux/amd64'],
      [],
    ],
    [
      'platforms that are no texts are no platform',
      [{ name: 'odd', platform: { os: 'linux', architecture: 64 } }],
      ['linux/amd64'],
      [],
    ],
    [
      'attestations of what is carried, of no platform',
      [...all, attestation('linux/amd64'), attestation('linux/ppc64le')],
      ['linux/amd64'],
      ['linux/amd64 for linux/amd64', 'about linux/amd64 for undefined'],
    ],
    [
      'an attestation that says it is for a platform is none of it',
      [child('linux/arm64'), { ...attestation('linux/arm64'), platform: platform('linux/amd64') }],
      ['linux/amd64'],
      [],
    ],
    [
      'the same child twice',
      [child('linux/amd64'), child('linux/amd64')],
      ['linux/amd64'],
      ['linux/amd64 for linux/amd64'],
    ],
  ])('%s', (_, children, platforms, expected) => {
    expect(chosen(children, platforms)).toEqual(expected);
  });
});
