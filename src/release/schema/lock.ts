import type { ObjectSchema, Schema } from '../../documents/schema.ts';
import { documentSchema } from './document.ts';

const size: Schema = {
  title: 'Size',
  description: 'Number of bytes.',
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
};

function text(format: string, title: string, description: string): Schema {
  return { title, description, type: 'string', format };
}

const child: ObjectSchema = {
  title: 'Child',
  description: 'A manifest of an index that is on the disc; an index may name others.',
  type: 'object',
  additionalProperties: false,
  required: ['digest'],
  properties: {
    digest: text('digest', 'Digest', 'Digest of the manifest.'),
    platform: text(
      'image-platform',
      'Platform',
      'Its platform; left out for what belongs to none, such as an attestation.',
    ),
  },
};

const image: ObjectSchema = {
  title: 'Image',
  description: 'What the tag of an image named.',
  type: 'object',
  additionalProperties: false,
  required: ['reference', 'digest', 'mediaType', 'size', 'children'],
  properties: {
    reference: text('image-reference', 'Reference', 'As the release list has it.'),
    digest: text('digest', 'Digest', 'Digest of the manifest or index.'),
    mediaType: text('media-type', 'Media type', 'Type of that document.'),
    size,
    children: {
      title: 'Children',
      description: 'Of an index, the manifests that are on the disc; empty for a single manifest.',
      type: 'array',
      items: child,
    },
  },
};

const lockedPackage: ObjectSchema = {
  title: 'Package',
  description: 'A package as upstream serves it, before we sign it.',
  type: 'object',
  additionalProperties: false,
  required: ['platform', 'name', 'epoch', 'version', 'release', 'arch', 'repository', 'sha256', 'size'],
  properties: {
    platform: text('package-platform', 'Platform', 'The platform that it is for.'),
    name: text('package-name', 'Name', 'Name of the package.'),
    epoch: text('package-epoch', 'Epoch', '"0" where the package says none.'),
    version: text('package-version', 'Version', 'Its version.'),
    release: text('package-version', 'Release', 'Its release.'),
    arch: text('package-architecture', 'Architecture', 'Its architecture.'),
    repository: text('repository-id', 'Repository', 'Id of the upstream repository.'),
    sha256: text('sha256', 'Checksum', 'SHA-256 of the file.'),
    size,
  },
};

const lockedFile: ObjectSchema = {
  title: 'File',
  description: 'A file that upstream publishes.',
  type: 'object',
  additionalProperties: false,
  required: ['url', 'sha256', 'size'],
  properties: {
    url: text('file-url', 'Address', 'As the release list has it.'),
    sha256: text('sha256', 'Checksum', 'SHA-256 of the file.'),
    size,
  },
};

/** The lock of a release list as JSON Schema. */
export const lockSchema: ObjectSchema = documentSchema({
  kind: 'ReleaseLock',
  description: 'What a release list came to: every image by digest, every package and file by checksum.',
  required: ['version', 'images', 'packages', 'files'],
  properties: {
    version: text('product-version', 'Product version', 'The product version that it was made for.'),
    images: { title: 'Images', description: 'Images, by reference.', type: 'array', items: image },
    packages: {
      title: 'Packages',
      description: 'Packages with everything that they require, by platform and name.',
      type: 'array',
      items: lockedPackage,
    },
    files: { title: 'Files', description: 'Files, by address.', type: 'array', items: lockedFile },
  },
});
