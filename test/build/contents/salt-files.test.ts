import { expect, test } from 'vitest';
import { saltFiles } from '../../../src/build/contents/salt-files.ts';
import { isDiscPath } from '../../../src/disc/disc-path.ts';

test('formulas lie on the disc as they are in the project', async () => {
  const files = await saltFiles();
  const paths = files.map(({ path }) => path);
  for (const path of ['salt/top.sls', 'salt/metalk8s/phases/prepare.sls', 'salt/_states/manifest.py']) {
    expect(paths).toContain(path);
  }
  for (const path of paths) {
    expect(isDiscPath(path), path).toBe(true);
    expect(path).toMatch(/^salt\/[\w./-]+\.(?:sls|jinja|py)$/);
  }
});
