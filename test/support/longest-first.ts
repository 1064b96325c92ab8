import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take so long that the others fit beside them: begun last, they would be all that still runs at the end. */
export const LONGEST = [
  'test/e2e/bootstrap-disturbed.test.ts',
  'test/e2e/bootstrap-kills.test.ts',
  'test/e2e/bootstrap.test.ts',
  'test/e2e/bootstrap-variants.test.ts',
  'test/e2e/salt.test.ts',
  'test/integration/build-packages.test.ts',
  'test/integration/build-iso.test.ts',
  'test/integration/write-disc-faults.test.ts',
  'test/integration/release-binaries.test.ts',
  'test/integration/hosts-faults.test.ts',
  'test/config/mutations.test.ts',
  'test/hosts/run-local.test.ts',
];

/** Vitest's own order, by what earlier runs took and otherwise by size, with the longest files before all others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification) => {
      const at = LONGEST.indexOf(relative(project.config.root, moduleId));
      return at === -1 ? LONGEST.length : at;
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
