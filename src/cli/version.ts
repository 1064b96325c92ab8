import type { CommandDefinition } from './command.ts';
import { writeData } from './output.ts';
import { productVersion } from './product-version.ts';
import { resolveOptions } from './resolve-options.ts';

const options = ['output', 'noColor'] as const;

export const version: CommandDefinition = {
  description: 'Shows the version of metalk8s, of the Node.js that runs it, and the platform it runs on.',
  options,
  examples: [
    { command: 'metalk8s version', what: 'for people' },
    { command: 'metalk8s version -o json', what: 'for programs, and for a bug report' },
  ],
  async run(context, { flags }) {
    const { output } = resolveOptions(options, { flags, env: context.env });
    await writeData(context, { data: versions(), format: output, text });
    return 0;
  },
};

interface Versions {
  readonly metalk8s: string;
  readonly kubernetes: string;
  readonly node: string;
  readonly platform: string;
}

function versions(): Versions {
  return {
    metalk8s: productVersion,
    kubernetes: kubernetesMinor(productVersion),
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  };
}

/** The product version carries the minor of Kubernetes: 136.0.0 is for 1.36. */
function kubernetesMinor(product: string): string {
  return product.replace(/^(\d)(\d+)\..*$/, '$1.$2');
}

function text({ metalk8s, kubernetes, node, platform }: Versions): string {
  return `metalk8s ${metalk8s} (Kubernetes ${kubernetes})\nNode.js ${node} on ${platform}\n`;
}
