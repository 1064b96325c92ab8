import type { FileStore } from '../../../../src/hosts/file-store.ts';

/** What a module that runs on the sandbox's node exports as `onNode`: plain data in, plain data out. `files`: those of the node. */
export type OnNode<Input, Output> = (input: Input, files: FileStore) => Promise<Output>;
