import type { ObjectSchema, Schema } from '../../documents/schema.ts';
import { documentSchema } from './document.ts';

function path(title: string, description: string, example: string): Schema {
  return { title, description, type: 'string', format: 'local-path', examples: [example] };
}

const registry: ObjectSchema = {
  title: 'Mirror of a registry',
  description: 'Where the images of an upstream registry come from: another registry, or an OCI image layout.',
  type: 'object',
  additionalProperties: false,
  required: ['upstream'],
  properties: {
    upstream: {
      title: 'Upstream',
      description:
        'A registry as references name it, or repositories below it. The longest that fits an image is taken.',
      type: 'string',
      format: 'registry-location',
      examples: ['docker.io/calico'],
    },
    registry: {
      title: 'Registry',
      description: 'What takes the place of `upstream` in references.',
      type: 'string',
      format: 'registry-location',
      examples: ['proxy.example.com:5000/hub/calico'],
    },
    insecure: {
      title: 'Insecure',
      description:
        'The registry speaks plain HTTP, or TLS with a certificate that nobody checks. Only on a loopback address.',
      type: 'boolean',
      default: false,
    },
    ca: path(
      'Certificates',
      'File with the certificates of the authorities that the certificate of the registry may come from, beside those of the system.',
      'company-ca.pem',
    ),
    layout: path(
      'Layout',
      'Directory of an OCI image layout whose index names images by their upstream references (`org.opencontainers.image.ref.name`).',
      'images',
    ),
  },
};

const key: ObjectSchema = {
  title: 'Key',
  description: 'An OpenPGP key, from an address or a file.',
  type: 'object',
  additionalProperties: false,
  required: ['fingerprint'],
  properties: {
    fingerprint: {
      title: 'Fingerprint',
      description: 'Fingerprint of the primary key, 40 hexadecimal digits.',
      type: 'string',
      format: 'fingerprint',
      examples: ['0123456789ABCDEF0123456789ABCDEF01234567'],
    },
    url: {
      title: 'Address',
      description: 'Where the public key is.',
      type: 'string',
      format: 'mirror-file-url',
      examples: ['https://proxy.example.com/keys/company.asc'],
    },
    file: path('File', 'File with the public key.', 'company.asc'),
  },
};

const repository: ObjectSchema = {
  title: 'Mirror of a package repository',
  description: 'Where the packages of an upstream repository come from: another address, or a directory.',
  type: 'object',
  additionalProperties: false,
  required: ['upstream'],
  properties: {
    upstream: {
      title: 'Upstream',
      description:
        'Address of a repository in the release list, or of a folder above several. The longest that fits a repository is taken; what its address has beyond it is kept.',
      type: 'string',
      format: 'folder-url',
      examples: ['https://dl.rockylinux.org/pub/rocky/'],
    },
    url: {
      title: 'Address',
      description: 'What takes the place of `upstream`.',
      type: 'string',
      format: 'mirror-folder-url',
      examples: ['https://proxy.example.com/rocky/'],
    },
    directory: path('Directory', 'Directory that takes the place of `upstream`.', 'packages/rocky'),
    keys: {
      title: 'Keys',
      description: 'Keys that packages may be signed with, instead of those in the release list.',
      type: 'array',
      items: key,
      minItems: 1,
    },
    signedByUs: {
      title: 'Signed by us',
      description:
        'Whether packages are taken unsigned and signed with the key of the disc, instead of what the release list says.',
      type: 'boolean',
    },
  },
};

const file: ObjectSchema = {
  title: 'Mirror of files',
  description:
    'Where an upstream file, or a folder of them, comes from. Public keys of package repositories are files too.',
  type: 'object',
  additionalProperties: false,
  required: ['upstream'],
  properties: {
    upstream: {
      title: 'Upstream',
      description: 'Address of a file; or, with "/" at its end, of a folder. The longest that fits a file is taken.',
      type: 'string',
      format: 'any-url',
      examples: ['https://raw.githubusercontent.com/'],
    },
    url: {
      title: 'Address',
      description: 'What takes the place of `upstream`; of a folder where that is one.',
      type: 'string',
      format: 'mirror-any-url',
      examples: ['https://proxy.example.com/github/'],
    },
    path: path('Path', 'File or directory that takes the place of `upstream`.', 'files'),
  },
};

/** Mirrors as JSON Schema. */
export const mirrorsSchema: ObjectSchema = documentSchema({
  kind: 'Mirrors',
  description:
    'Where a build fetches from instead of upstream. Paths are absolute, or relative to the folder of the file.',
  required: [],
  properties: {
    registries: {
      title: 'Registries',
      description: 'Mirrors of registries.',
      type: 'array',
      items: registry,
      default: [],
    },
    repositories: {
      title: 'Repositories',
      description: 'Mirrors of package repositories.',
      type: 'array',
      items: repository,
      default: [],
    },
    files: { title: 'Files', description: 'Mirrors of files.', type: 'array', items: file, default: [] },
  },
});
