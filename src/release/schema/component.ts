import type { ObjectSchema } from '../../documents/schema.ts';
import { named } from './named.ts';

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

/** A part of the release: its images, packages and files. */
export const component: ObjectSchema = {
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
