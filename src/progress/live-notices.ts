import { fitted } from './fitted.ts';
import type { Wrapper } from './live-cell.ts';
import type { Screen } from './live-screen.ts';

/** A task without a title: listr2 shows the last lines of its output under the list. */
export function createNotices(screen: Screen) {
  const finished = Promise.withResolvers<void>();
  const early: string[] = [];
  const show = (given: Wrapper, line: string) => {
    given.output = fitted(line, screen.columns);
  };
  let wrapper: Wrapper | undefined;

  return {
    task: {
      task: (_: unknown, given: Wrapper) => {
        wrapper = given;
        for (const line of early) show(given, line);
        return finished.promise;
      },
      rendererOptions: { bottomBar: 3 },
    },
    add(line: string) {
      if (wrapper === undefined) early.push(line);
      else show(wrapper, line);
    },
    end: () => finished.resolve(),
  };
}
