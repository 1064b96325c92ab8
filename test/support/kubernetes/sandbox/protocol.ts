import type { NodeFiles } from '../../../../src/kubernetes/node-files.ts';
import type { PkiSpecification } from '../../../../src/kubernetes/pki/specification.ts';

/** What is asked of the sandbox of one node, as one line of JSON on its standard input, which then stays open. */
export interface NodeRequest {
  readonly hostname: string;
  /** With prefix length; the node's own comes first. */
  readonly addresses: readonly string[];
  /** Folders of programs, bound read-only. */
  readonly programs: readonly string[];
  readonly files: NodeFiles;
  readonly pki: readonly PkiSpecification[];
  /** Static pods that run, by name, in this order; each is healthy before the next one starts. */
  readonly pods: readonly string[];
  /** What is run on the host then, in this order. */
  readonly commands: readonly NodeCommand[];
}

export type NodeCommand = NodeProgram | NodeModule;

export interface NodeProgram {
  readonly name: string;
  readonly argv: readonly string[];
  readonly input?: string;
}

/** Code of ours, in the network of the node and on its files; what it gives is the standard output, as JSON. */
interface NodeModule {
  readonly name: string;
  /** Path of a module with an `onNode`; see `node-module.ts`. */
  readonly module: string;
  readonly input: unknown;
}

export interface NodeResult {
  /** Address, port and program of all sockets that listened once all pods were healthy. */
  readonly listening: readonly { readonly address: string; readonly port: number; readonly program: string }[];
  readonly commands: Readonly<Record<string, NodeCommandResult>>;
  /** Milliseconds from the start of the first pod to the health of the last. */
  readonly healthyAfterMs: number;
}

export interface NodeCommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
