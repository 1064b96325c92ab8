import type { Format } from '../../documents/format.ts';
import { digest, imageReference, mediaType, registryLocation } from './images.ts';
import { matching } from './matching.ts';
import { day, discPath, fingerprint, kubernetesVersion, localPath, packageVersion, sha256 } from './names.ts';
import { urlFormat } from './urls.ts';

/**
 * Forms of texts in release lists, locks and mirrors. Names of packages and repositories become arguments of programs, names of files and lines
 * of dnf's configuration: none may start with `-` or hold anything but plain characters.
 */
export const formats: Readonly<Record<string, Format>> = {
  'product-version': matching({
    title: 'product version',
    pattern: '1[0-9]{2}\\.[0-9]{1,4}\\.[0-9]{1,4}',
    example: '136.0.0',
    longest: 13,
  }),
  'kubernetes-version': kubernetesVersion,
  day,
  'image-platform': matching({
    title: 'platform of images',
    pattern: '[a-z0-9]+/[a-z0-9]+(/[a-z0-9]+)?',
    example: 'linux/amd64',
    longest: 64,
  }),
  'package-platform': matching({
    title: 'platform of packages',
    pattern: '[a-z][a-z0-9]*/(x86_64|aarch64)',
    example: 'el9/x86_64',
    longest: 32,
  }),
  'release-version': matching({
    title: 'release version',
    pattern: '[A-Za-z0-9][A-Za-z0-9._]*',
    example: '9',
    longest: 32,
  }),
  'module-platform': matching({
    title: 'module platform',
    pattern: 'platform:[a-z][a-z0-9.]*',
    example: 'platform:el9',
    longest: 64,
  }),
  'package-name': matching({
    title: 'package name',
    pattern: '[A-Za-z0-9_][A-Za-z0-9._+-]*',
    example: 'kubelet',
    longest: 128,
  }),
  'package-version': packageVersion,
  'package-epoch': matching({ title: 'package epoch', pattern: '[0-9]+', example: '"0"', longest: 10 }),
  'package-architecture': matching({
    title: 'package architecture',
    pattern: '[a-z][a-z0-9_]*',
    example: 'x86_64',
    longest: 32,
  }),
  'repository-id': matching({
    title: 'repository id',
    pattern: '[a-z0-9][a-z0-9._-]*',
    example: 'kubernetes',
    longest: 64,
  }),
  'component-name': matching({ title: 'component name', pattern: '[a-z][a-z0-9-]*', example: 'calico', longest: 32 }),
  'disc-path': discPath,
  'local-path': localPath,
  fingerprint,
  sha256,
  'image-reference': imageReference,
  'registry-location': registryLocation,
  digest,
  'media-type': mediaType,
  'folder-url': urlFormat({ title: 'https URL of a folder', scheme: 'https', end: 'folder' }),
  'file-url': urlFormat({ title: 'https URL of a file', scheme: 'https', end: 'file' }),
  'any-url': urlFormat({ title: 'https URL of a file or folder', scheme: 'https', end: 'any' }),
  'mirror-folder-url': urlFormat({ title: 'https or http URL of a folder', scheme: 'https?', end: 'folder' }),
  'mirror-file-url': urlFormat({ title: 'https or http URL of a file', scheme: 'https?', end: 'file' }),
  'mirror-any-url': urlFormat({ title: 'https or http URL of a file or folder', scheme: 'https?', end: 'any' }),
};
