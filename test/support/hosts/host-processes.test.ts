import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { keepersAt } from './host-processes.ts';

test('a keeper is seen at every moment, also while one program takes the place of another', () =>
  inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'keeper.sh'), 'exec sh keeper.sh\n');
    const keeper = spawn('sh', ['keeper.sh'], { cwd: directory, stdio: 'ignore' });
    try {
      for (let looks = 0; looks < 100; looks += 1) expect(await keepersAt(directory)).toEqual([keeper.pid]);
    } finally {
      const ended = new Promise((resolve) => keeper.once('exit', resolve));
      keeper.kill('SIGKILL');
      await ended;
    }
    expect(await keepersAt(directory)).toEqual([]);
  }));
