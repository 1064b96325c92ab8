import type { DefaultRenderer, ListrTaskWrapper, SimpleRenderer } from 'listr2';
import { fitted } from './fitted.ts';
import type { Screen } from './live-screen.ts';
import { type Row, rowTitle } from './rows.ts';

export type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

interface CellOptions {
  readonly screen: Screen;
  /** Whether the last line of output has room under the row. */
  readonly withOutput: boolean;
}

/** One row as a task of listr2 that lasts until the row has ended. Titles change when the list is drawn, not with each event. */
export function createCell(first: Row, { screen, withOutput }: CellOptions) {
  const finished = Promise.withResolvers<void>();
  finished.promise.catch(() => {});
  let row = first;
  let ended = false;
  let wrapper: Wrapper | undefined;

  function draw(): void {
    if (wrapper === undefined) return;
    wrapper.task.title = fitted(rowTitle(row, Date.now()), screen.columns);
    const output = fitted(row.output, screen.columns);
    if (withOutput && row.state === 'running' && output !== (wrapper.task.output ?? '')) wrapper.output = output;
    if (ended && row.state === 'waiting') wrapper.skip(`${row.name} not begun`);
    if (ended && row.state === 'running') wrapper.skip(fitted(`${rowTitle(row)}: not finished`, screen.columns));
  }

  function settle(): void {
    draw();
    if (row.state === 'failed') finished.reject(new Error(`${row.now}${row.detail}`));
    else finished.resolve();
  }

  return {
    task: {
      title: rowTitle(first),
      task: (_: unknown, given: Wrapper) => {
        wrapper = given;
        draw();
        return finished.promise;
      },
    },
    draw,
    show(next: Row) {
      if (next === row) return;
      row = next;
      if (row.state === 'done' || row.state === 'failed') settle();
    },
    end() {
      ended = true;
      settle();
    },
  };
}
