import type { ObjectSchema, Schema } from '../../documents/schema.ts';
import { documentSchema } from './document.ts';

const key: ObjectSchema = {
  title: 'Key',
  description: 'An OpenPGP key. It is used when its fingerprint is the one given here, wherever it was fetched from.',
  type: 'object',
  additionalProperties: false,
  required: ['url', 'fingerprint'],
  properties: {
    url: {
      title: 'Address',
      description: 'Where upstream publishes the public key, ASCII-armoured or binary.',
      type: 'string',
      format: 'file-url',
      examples: ['https://rpm.example.com/RPM-GPG-KEY'],
    },
    fingerprint: {
      title: 'Fingerprint',
      description: 'Fingerprint of the primary key, 40 hexadecimal digits, learned by another way than the key itself.',
      type: 'string',
      format: 'fingerprint',
      examples: ['0123456789ABCDEF0123456789ABCDEF01234567'],
    },
  },
};

const repository: ObjectSchema = {
  title: 'Repository',
  description: 'An upstream RPM repository. Of equal packages, the one of the first repository is taken.',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'url'],
  properties: {
    id: {
      title: 'Id',
      description: 'Name of the repository in messages and in the lock; unique within its platform.',
      type: 'string',
      format: 'repository-id',
      examples: ['kubernetes'],
    },
    url: {
      title: 'Address',
      description: 'Base address: the folder that holds `repodata/`. Variables such as `$basearch` are written out.',
      type: 'string',
      format: 'folder-url',
      examples: ['https://rpm.example.com/el9/x86_64/'],
    },
    keys: {
      title: 'Keys',
      description:
        'The keys that packages of this repository may be signed with. A package signed by no other is refused.',
      type: 'array',
      items: key,
      default: [],
    },
    signedByUs: {
      title: 'Signed by us',
      description:
        'Upstream signs nothing here: its packages are taken as they come and signed with the key of the disc. The lock pins them, nothing else does.',
      type: 'boolean',
      default: false,
    },
  },
};

const packagePlatform: ObjectSchema = {
  title: 'Platform of packages',
  description: 'An operating system and architecture that packages are carried for.',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'releasever', 'modulePlatform', 'repositories'],
  properties: {
    name: {
      title: 'Name',
      description: 'Operating system and architecture.',
      type: 'string',
      format: 'package-platform',
      examples: ['el9/x86_64'],
    },
    releasever: {
      title: 'Release version',
      description: 'What `$releasever` is on such a host.',
      type: 'string',
      format: 'release-version',
      examples: ['9'],
    },
    modulePlatform: {
      title: 'Module platform',
      description: 'Which module streams dnf takes for its own: `PLATFORM_ID` of the os-release file.',
      type: 'string',
      format: 'module-platform',
      examples: ['platform:el9'],
    },
    base: {
      title: 'Base',
      description:
        'Packages that every minimal installation has. The disc carries neither them nor what they require; hosts that lack one are refused by preflight.',
      type: 'array',
      items: named('package-name', 'Package', 'Name of a package.'),
      default: [],
      examples: [['glibc', 'systemd']],
    },
    repositories: {
      title: 'Repositories',
      description: 'Where packages of this platform come from.',
      type: 'array',
      items: repository,
      minItems: 1,
    },
  },
};

const packageEntry: ObjectSchema = {
  title: 'Package',
  description: 'A package that hosts install. What it requires comes along by itself.',
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      title: 'Name',
      description: 'Name of the package.',
      type: 'string',
      format: 'package-name',
      examples: ['kubelet'],
    },
    version: {
      title: 'Version',
      description: "Upstream's version, without epoch and release; left out, the newest that can be installed.",
      type: 'string',
      format: 'package-version',
      examples: ['1.36.3'],
    },
    roles: {
      title: 'Roles',
      description: 'Which hosts install it: every node, or the bootstrap node.',
      type: 'array',
      items: {
        title: 'Role',
        description: 'A kind of host.',
        type: 'string',
        enum: ['node', 'bootstrap'],
      },
      minItems: 1,
      default: ['node'],
    },
    platforms: {
      title: 'Platforms',
      description: 'Names of platforms that have it; left out, all of them.',
      type: 'array',
      items: named('package-platform', 'Platform', 'Name of a platform.'),
      minItems: 1,
      examples: [['el9/x86_64']],
    },
  },
};

const file: ObjectSchema = {
  title: 'File',
  description: 'A file that upstream publishes at an address.',
  type: 'object',
  additionalProperties: false,
  required: ['path', 'url'],
  properties: {
    path: {
      title: 'Path',
      description: "Where it lies below the disc's folder of upstream files.",
      type: 'string',
      format: 'disc-path',
      examples: ['calico/crds.yaml'],
    },
    url: {
      title: 'Address',
      description: 'Where upstream publishes it.',
      type: 'string',
      format: 'file-url',
      examples: ['https://files.example.com/v1/crds.yaml'],
    },
    sha256: {
      title: 'Checksum',
      description: 'Its SHA-256. Left out, the lock alone pins it.',
      type: 'string',
      format: 'sha256',
    },
  },
};

const component: ObjectSchema = {
  title: 'Component',
  description: 'A part of the release that can be chosen with `--components`. `core` is always there.',
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      title: 'Name',
      description: 'Name of the component.',
      type: 'string',
      format: 'component-name',
      examples: ['core'],
    },
    images: {
      title: 'Images',
      description: 'References in full: registry host, name and tag. The lock pins their digests.',
      type: 'array',
      items: {
        title: 'Image',
        description: 'A reference.',
        type: 'string',
        format: 'image-reference',
      },
      default: [],
      examples: [['registry.k8s.io/pause:3.10.2']],
    },
    packages: {
      title: 'Packages',
      description: 'Packages that hosts install.',
      type: 'array',
      items: packageEntry,
      default: [],
    },
    files: {
      title: 'Files',
      description: 'Files that upstream publishes, carried as they are.',
      type: 'array',
      items: file,
      default: [],
    },
  },
};

/**
 * The release list as JSON Schema: the one source of its checks, its defaults, its types (release.types.ts), its reference
 * (docs/reference/release-list.md) and its published schema. After a change run `node scripts/generate-from-schemas.ts`.
 */
export const releaseSchema: ObjectSchema = documentSchema({
  kind: 'Release',
  description: 'Everything that one disc carries, by the names that upstream gives it.',
  required: ['version', 'date', 'kubernetes', 'components'],
  properties: {
    version: {
      title: 'Product version',
      description: 'Version of the product: 1 and the minor version of Kubernetes, then two numbers that are yours.',
      type: 'string',
      format: 'product-version',
      examples: ['136.0.0'],
    },
    date: {
      title: 'Day',
      description:
        'Day of the release: the one date on the disc, unless SOURCE_DATE_EPOCH gives another or the signing key is younger.',
      type: 'string',
      format: 'day',
      examples: ['2026-11-21'],
    },
    kubernetes: {
      title: 'Kubernetes version',
      description: 'Version of Kubernetes, without "v".',
      type: 'string',
      format: 'kubernetes-version',
      examples: ['1.36.3'],
    },
    imagePlatforms: {
      title: 'Platforms of images',
      description: 'Which images of an index are carried, as OCI names platforms.',
      type: 'array',
      items: named('image-platform', 'Platform', 'Operating system, architecture and, where there is one, variant.'),
      minItems: 1,
      default: ['linux/amd64'],
    },
    packagePlatforms: {
      title: 'Platforms of packages',
      description: 'The operating systems and architectures that packages are carried for.',
      type: 'array',
      items: packagePlatform,
      default: [],
    },
    components: {
      title: 'Components',
      description: 'The parts of the release, `core` among them.',
      type: 'array',
      items: component,
      minItems: 1,
    },
  },
});

function named(format: string, title: string, description: string): Schema {
  return { title, description, type: 'string', format };
}
