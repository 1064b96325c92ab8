import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { reportError } from '../errors/error-report.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Emit, StepSummary } from '../events/event.ts';
import { sized } from '../events/words.ts';
import type { BundleEntry } from '../support-bundle/bundle-entry.ts';
import { type BundlePart, type BundleReport, makeBundle } from '../support-bundle/make-bundle.ts';
import type { CommandDefinition } from './command.ts';
import { progressOptions } from './open-listeners.ts';
import type { CommandOptions } from './option.ts';
import { writeData } from './output.ts';
import { outputFormat } from './output-format.ts';
import { parseSince } from './parse-since.ts';
import { productVersion } from './product-version.ts';
import { resolveOptions, resolveOwnOptions } from './resolve-options.ts';
import { sameCommand } from './same-command.ts';
import { thisHost } from './this-host.ts';
import { withProgress } from './with-progress.ts';

const options = [...progressOptions] as const;

const ownOptions = {
  output: {
    type: 'text',
    flags: '--output <file>',
    help: 'the bundle to be written; metalk8s-support-HOST-TIME.tar.gz here by default',
    variable: 'METALK8S_SUPPORT_BUNDLE',
  },
  outputFormat,
  since: {
    type: 'text',
    flags: '--since <time>',
    help: 'how far back journals and logs go: 90m, 24h, 3d, or a date and time of UTC',
    default: '3d',
  },
} as const satisfies CommandOptions;

const steps: Readonly<Record<BundlePart, StepSummary>> = {
  secrets: { id: 'support/secrets', title: 'Secrets of this host, to be left out' },
  facts: { id: 'support/facts', title: 'Facts' },
  programs: { id: 'support/programs', title: 'Journals, services, network' },
  files: { id: 'support/files', title: 'Configuration, runs, logs' },
  pods: { id: 'support/pods', title: 'Logs of pods' },
  cluster: { id: 'support/cluster', title: 'Objects of the cluster' },
};

export const supportBundle: CommandDefinition = {
  description:
    'Writes one file with all that is needed to find out what is wrong with this host: journals, logs of Kubernetes’ own pods, runs, ' +
    'configuration, facts, and the main objects of the cluster. Keys, tokens and passwords are left out, and masked where they stand in ' +
    'something else. Works as well where the API does not answer, or nothing was installed; what could not be taken is listed in the ' +
    'bundle’s README.txt. Changes nothing. Run it as root: others may read little.',
  options,
  ownOptions,
  examples: [
    { command: 'metalk8s support-bundle', what: 'of the last three days' },
    {
      command: 'metalk8s support-bundle --since 2h --output /media/usb/node1.tar.gz',
      what: 'a shorter one, on a stick',
    },
  ],
  async run(context, { flags }) {
    const common = resolveOptions(options, { flags, env: context.env });
    const own = resolveOwnOptions(ownOptions, { flags, env: context.env });
    const now = context.now();
    const since = parseSince(own.since, now);
    const { host } = thisHost();
    const output = resolve(own.output ?? `metalk8s-support-${host.name}-${compact(now)}.tar.gz`);
    await refuseExisting(output);
    const run = { command: 'support-bundle', resume: sameCommand(context), options: common };
    const outcome = await withProgress(context, run, (emit, stop) =>
      inParts(emit, (part) =>
        makeBundle({ host, output, since, now, version: productVersion, secrets: context.secrets, stop, part }),
      ),
    );
    if (!outcome.ok) return outcome.exit;
    await writeData(context, { data: outcome.value, format: own.outputFormat, text: reportText });
    return 0;
  },
};

/** Tells each part as a step that ends where the next one begins. */
async function inParts<Value>(emit: Emit, work: (part: (part: BundlePart) => void) => Promise<Value>): Promise<Value> {
  emit({ type: 'run-started', command: 'support-bundle', steps: Object.values(steps) });
  let step: StepSummary | undefined;
  try {
    const value = await work((part) => {
      if (step !== undefined) emit({ type: 'step-done', step });
      step = steps[part];
      emit({ type: 'step-started', step });
    });
    if (step !== undefined) emit({ type: 'step-done', step });
    return value;
  } catch (error) {
    if (step !== undefined) emit({ type: 'step-failed', step, error: reportError(error) });
    throw error;
  }
}

async function refuseExisting(path: string): Promise<void> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  if (!there) return;
  throw new MetalK8sError('USAGE', 'there is such a file already, and it is not replaced', {
    where: path,
    hint: 'Name another file with --output.',
  });
}

/** `20260131T143000Z` */
function compact(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

function reportText({ file, bytes, entries }: BundleReport): string {
  const has = (state: BundleEntry['state']) => entries.filter((entry) => entry.state === state).length;
  const rows = [
    ['Bundle', `${file}, ${sized(bytes)}`],
    [
      'Content',
      `${has('taken')} taken, ${has('cut')} cut, ${has('failed')} failed, ${has('skipped')} left out; README.txt in it tells which`,
    ],
    ['Privacy', 'secrets are masked; names and addresses are not. Look it through before you hand it on'],
  ];
  return rows.map(([label = '', value]) => `${label.padEnd(11)}${value}\n`).join('');
}
