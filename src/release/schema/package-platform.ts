import type { ObjectSchema } from '../../documents/schema.ts';
import { named } from './named.ts';

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
    metadataSigned: {
      title: 'Metadata signed',
      description:
        'Whether upstream signs `repodata/repomd.xml` too, as `repomd.xml.asc`. Where it does not, its packages are verified alone, and without a lock an old list of them cannot be told from the present one.',
      type: 'boolean',
      default: true,
    },
  },
};

/** An operating system that packages are carried for, and where they come from. */
export const packagePlatform: ObjectSchema = {
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
