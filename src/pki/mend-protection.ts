import type { FileProtection, FileStore, FileToWrite } from '../hosts/file-store.ts';
import type { FileSpecification } from '../kubernetes/pki/specification.ts';

/** Gives files that are there the mode and the owner they should have; tells in words which had others. */
export async function mendProtection(
  store: FileStore,
  files: readonly (FileSpecification | undefined)[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  const rewritten: FileToWrite[] = [];
  for (const file of files) {
    const found = file && (await store.stat(file.path));
    const fault = found && protectionFault(found, file);
    const content = fault ? await store.read(file.path) : undefined;
    if (!file || fault === undefined || content === undefined) continue;
    faults.push(`${file.path}: ${fault}`);
    rewritten.push({ ...file, content });
  }
  if (rewritten.length > 0) await store.writeAtomic(rewritten);
  return faults;
}

function protectionFault(found: FileProtection, wanted: FileProtection): string | undefined {
  const faults: string[] = [];
  if (found.mode !== wanted.mode) faults.push(`mode was ${octal(found.mode)}, not ${octal(wanted.mode)}`);
  if (found.uid !== wanted.uid || found.gid !== wanted.gid) {
    faults.push(`owner was ${found.uid}:${found.gid}, not ${wanted.uid}:${wanted.gid}`);
  }
  return faults.length === 0 ? undefined : faults.join(', ');
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
