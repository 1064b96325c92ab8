import type { Release } from '../../release/release.ts';
import type { Sum } from '../sums.ts';
import type { DiscInventory } from './inventory.ts';
import { genericPurl, imagePurl, npmPurl, rpmPurl } from './purl.ts';

/** What a build knows of itself beside the inventory. */
export interface BuildProvenance {
  readonly inventory: DiscInventory;
  readonly release: Pick<Release, 'imagePlatforms' | 'packagePlatforms'>;
  /** Every other file of the disc, but for the list of sums and its signature. */
  readonly files: readonly Sum[];
  /** Version of the program that builds. */
  readonly builder: string;
  /** Versions of the tools that it ran, by name. */
  readonly tools: Readonly<Record<string, string | undefined>>;
}

/** in-toto's ResourceDescriptor, v1. */
interface Resource {
  readonly name?: string;
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly mediaType?: string;
}

/** Tools that write or sign what is on a disc, or choose it. Others fetch or prove: their versions leave no trace on it. */
const INFLUENTIAL = ['createrepo_c', 'dnf', 'gpg', 'rpm', 'rpmsign', 'xorriso'];

/**
 * `sbom/provenance.json`: which files were made from which inputs, with what. An in-toto Statement v1 with SLSA's provenance v1
 * (https://slsa.dev/spec/v1.1/provenance). It names neither host nor user nor time of the build, nor mirrors that inputs came through:
 * whoever makes the same disc from the same inputs makes the same statement.
 */
export function renderProvenance({ inventory, release, files, builder, tools }: BuildProvenance): Uint8Array {
  const { archive } = inventory;
  const influential = INFLUENTIAL.flatMap((name) => (tools[name] === undefined ? [] : [[name, tools[name]]]));
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files
      .toSorted((left, right) => (left.path < right.path ? -1 : 1))
      .map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://metalk8s.scality.com/build-iso/v1',
        externalParameters: {
          version: archive.version,
          kubernetes: archive.kubernetes,
          components: archive.components,
          imagePlatforms: release.imagePlatforms,
          packagePlatforms: release.packagePlatforms.map(({ name }) => name),
          date: archive.date,
          signingKey: archive.signingKey,
        },
        resolvedDependencies: inputs(inventory),
      },
      runDetails: {
        builder: {
          id: 'https://metalk8s.scality.com/build-iso',
          version: { metalk8s: builder, ...Object.fromEntries(influential) },
        },
      },
    },
  };
  return Buffer.from(`${JSON.stringify(statement, undefined, 2)}\n`);
}

/** As upstream serves them: a package before we sign it. */
function inputs({ archive: { lock, node }, modules, nodeSha256 }: DiscInventory): Resource[] {
  const images = lock.images.flatMap(({ reference, digest, mediaType, children }): Resource[] => [
    { name: reference, uri: imagePurl(reference, digest), digest: { sha256: hex(digest) }, mediaType },
    ...children.map(({ digest: child, platform }) => ({
      name: `${reference} ${platform ?? 'for no platform'}`,
      uri: imagePurl(reference, child, platform?.split('/')[1]),
      digest: { sha256: hex(child) },
    })),
  ]);
  const packages = lock.packages.map((locked): Resource => {
    const { repository, sha256 } = locked;
    return { name: repository, uri: rpmPurl(locked), digest: { sha256 } };
  });
  const files = lock.files.map(({ url, sha256 }): Resource => ({ uri: url, digest: { sha256 } }));
  const npm = modules.map((module): Resource => {
    const [algorithm = '', value = ''] = module.integrity.split(/-(.*)/s);
    return { uri: npmPurl(module), digest: { [algorithm]: Buffer.from(value, 'base64').toString('hex') } };
  });
  const runtime = { uri: genericPurl('node', node, {}), digest: { sha256: nodeSha256 } };
  return [...images, ...packages, ...files, runtime, ...npm];
}

function hex(digest: string): string {
  return digest.slice('sha256:'.length);
}
