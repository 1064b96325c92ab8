import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type FolderArchive, folderArchive } from './folder-archive.ts';
import { type ImageArchive, imageArchive } from './image-archive.ts';
import { firstPartIn, joinFiles, openFile, partsOf } from './joined-file.ts';

/**
 * Opens an archive wherever it is: an ISO file, a device, a mounted ISO or a folder with its content; the first part of an image, with the
 * others beside it, or the folder that holds them. Nothing is checked yet. Throws a `USAGE` where there is none of these. Close it in the end.
 */
export async function openArchive(path: string): Promise<ImageArchive | FolderArchive> {
  try {
    const { isFolder, isDevice, isFile } = await kindOf(path);
    const parts = await partsOf((isFolder ? await firstPartIn(path) : undefined) ?? path);
    if (parts.length > 0) {
      const { file, size } = await joinFiles(parts);
      return imageArchive(path, file, size);
    }
    if (isFolder) return await folderArchive(path, await open(path, constants.O_RDONLY | constants.O_DIRECTORY));
    if (isDevice) return imageArchive(path, await open(path, constants.O_RDONLY), undefined);
    if (!isFile) throw noArchive(path, 'it is neither a file nor a folder nor a block device');
    const { file, size } = await openFile(path);
    return imageArchive(path, file, size);
  } catch (error) {
    if (error instanceof MetalK8sError) throw error;
    throw noArchive(path, 'the archive cannot be opened', error);
  }
}

async function kindOf(path: string) {
  const stats = await stat(path);
  return { isFolder: stats.isDirectory(), isDevice: stats.isBlockDevice(), isFile: stats.isFile() };
}

/** That there is no archive, and what one is. */
export function noArchive(where: string, message: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('USAGE', message, {
    where,
    hint: 'Give an ISO file, a device that holds one, or the folder where one is mounted or was copied to.',
    ...(cause === undefined ? {} : { cause }),
  });
}
