import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { quote } from './shell-words.ts';
import type { SshSession } from './ssh-session.ts';

/** Reading and writing files of a host. Paths on the host are absolute. */
export interface HostFiles {
  /** The content of a file. */
  read(path: string): Promise<Buffer>;
  /** Writes a file whole (a reader sees the old or the new one); makes the folders above it. `mode` is 0o644 when not given. */
  write(path: string, content: string | Buffer, mode?: number): Promise<void>;
  /** Copies a file, or a folder with all below it, from the machine to `path`, which must not be there yet as a folder. */
  upload(source: string, path: string): Promise<void>;
}

export function hostFiles(session: SshSession): HostFiles {
  return {
    read: async (path) => {
      const { stdout } = await session.run(['base64', '--wrap=0', path]);
      return Buffer.from(stdout, 'base64');
    },
    write: async (path, content, mode = 0o644) => {
      await session.run({ script: writeScript(path, mode) }, { input: content });
    },
    upload: async (source, path) => {
      const info = await stat(source);
      if (!info.isDirectory()) {
        await session.run({ script: writeScript(path, info.mode & 0o7777) }, { input: createReadStream(source) });
        return;
      }
      await uploadFolder(session, source, path);
    },
  };
}

async function uploadFolder(session: SshSession, source: string, path: string): Promise<void> {
  const target = quote(path);
  const script = `mkdir -p ${quote(dirname(path))}; mkdir ${target}; tar --directory=${target} --extract --same-permissions`;
  const tar = spawn('tar', ['--directory', source, '--create', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(tar, 'close');
  // Read from the first moment: Node.js throws away what an ended program wrote and nobody has begun to read.
  const content = tar.stdout.pipe(new PassThrough());
  try {
    await session.run({ script }, { input: content });
  } finally {
    // When the host stopped reading, tar is not to wait for it.
    tar.stdout.destroy();
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar could not read ${source} (exit code ${code})`);
}

function writeScript(path: string, mode: number): string {
  const draft = quote(`${path}.new`);
  return `mkdir -p ${quote(dirname(path))}; cat >${draft}; chmod ${mode.toString(8)} ${draft}; mv --no-target-directory ${draft} ${quote(path)}`;
}
