import { openArchive } from '../archive/open-archive.ts';
import { ArchiveRefused } from '../archive/refusal.ts';
import { loadTrustedKeys, TRUST_DIRECTORY, type Trust } from '../archive/trusted-keys.ts';
import type { VerifiedArchive, VerifyOptions, VerifyStage } from '../archive/verified-archive.ts';
import { verifyArchive } from '../archive/verify-archive.ts';
import type { Fault } from '../disc/fault.ts';
import { isVersion } from '../disc/parse-archive-head.ts';
import { errorCodes } from '../errors/error-codes.ts';
import { isMetalK8sError, MetalK8sError } from '../errors/metalk8s-error.ts';
import type { StepSummary } from '../events/event.ts';
import { lookStep } from '../events/look-step.ts';
import { sized } from '../events/words.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { progressOptions } from './open-listeners.ts';
import type { CommandOptions } from './option.ts';
import { writeData } from './output.ts';
import { resolveOptions, resolveOwnOptions } from './resolve-options.ts';
import { sameCommand } from './same-command.ts';
import { stopwatch } from './stopwatch.ts';
import { withProgress } from './with-progress.ts';

const options = ['output', ...progressOptions] as const;

const ownOptions = {
  trustedKey: {
    type: 'repeated',
    flags: '--trusted-key <file>',
    help: `a public key that may have signed it, once for each; all of ${TRUST_DIRECTORY} by default`,
  },
  minimumVersion: {
    type: 'text',
    flags: '--minimum-version <version>',
    help: 'refuse an archive that is older',
  },
} as const satisfies CommandOptions;

export const verify: CommandDefinition = {
  description:
    'Verifies an archive before anything in it is used: its signature, then every byte. Takes an ISO file, a device, a mounted ISO or a ' +
    'folder with the same content; needs neither root nor a mount, and executes nothing of it. Trusted are the keys that you brought by ' +
    `another way, never one that comes with the archive. Ends with exit status ${errorCodes.VERIFICATION_FAILED.exit} when the archive is ` +
    'not what somebody trusted has signed, and names each file that is missing, changed or extra.',
  options,
  ownOptions,
  configure: (command) => command.argument('<archive>', 'an ISO file, a device, or the folder where one is mounted'),
  examples: [
    { command: 'metalk8s verify metalk8s-136.0.0.iso', what: `by the keys of ${TRUST_DIRECTORY}` },
    { command: 'metalk8s verify /mnt --trusted-key release.asc', what: 'a mounted ISO, by one key' },
    { command: 'metalk8s verify new.iso --minimum-version 136.1.0', what: 'nothing older' },
  ],
  async run(context, { args: [path = ''], flags }) {
    const common = resolveOptions(options, { flags, env: context.env });
    const own = resolveOwnOptions(ownOptions, { flags, env: context.env });
    if (own.minimumVersion !== undefined && !isVersion(own.minimumVersion)) throw noVersion(own.minimumVersion);
    const elapsed = stopwatch();
    let refused: unknown;
    const run = { command: 'verify', resume: sameCommand(context), options: common };
    const outcome = await withProgress(context, run, async (emit, stop) => {
      emit({ type: 'run-started', command: 'verify', steps: Object.values(steps) });
      const stage: VerifyOptions['stage'] = (name, work) => lookStep(steps[name], { emit, stop }, work);
      const origin = context.env.METALK8S_ARCHIVE || undefined;
      try {
        const trust = { trusted: own.trustedKey, trustDirectory: TRUST_DIRECTORY, origin };
        const verified = await verifyAt(path, trust, {
          ...(own.minimumVersion === undefined ? {} : { minimumVersion: own.minimumVersion }),
          now: context.now(),
          stop,
          stage,
        });
        for (const message of verified.signer.warnings) emit({ type: 'warning', message });
        return verified;
      } catch (error) {
        refused = error;
        throw error;
      }
    });
    const seconds = elapsed() / 1000;
    if (outcome.ok) {
      await writeData(context, { data: reportOf(path, outcome.value, seconds), format: common.output, text });
      return 0;
    }
    if (common.output !== 'text') await writeRefusal(context, path, refused, common.output);
    return outcome.exit;
  },
};

const steps: Readonly<Record<VerifyStage, StepSummary>> = {
  signature: { id: 'verify/signature', title: 'Signature' },
  contents: { id: 'verify/contents', title: 'Every byte' },
  files: { id: 'verify/files', title: 'Files' },
};

async function verifyAt(path: string, trust: Trust, rest: Omit<VerifyOptions, 'keys'>): Promise<VerifiedArchive> {
  const archive = await openArchive(path);
  try {
    return await verifyArchive(archive, { ...rest, keys: await loadTrustedKeys(path, trust) });
  } finally {
    await archive.close();
  }
}

interface VerifyReport {
  readonly archive: string;
  readonly verified: true;
  readonly version: string;
  readonly kubernetes: string;
  readonly date: string;
  readonly signer: {
    readonly fingerprint: string;
    readonly name: string;
    /** The file with the trusted key. */
    readonly key: string;
    readonly date: string;
  };
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly warnings: readonly string[];
}

function reportOf(archive: string, verified: VerifiedArchive, seconds: number): VerifyReport {
  const { version, kubernetes, date, sums, bytes, signer } = verified;
  const { fingerprint, name, file, date: signed, warnings } = signer;
  return {
    archive,
    verified: true,
    version,
    kubernetes,
    date,
    signer: { fingerprint, name, key: file, date: signed.toISOString() },
    files: sums.length,
    bytes,
    seconds,
    warnings,
  };
}

function text({ archive, version, kubernetes, date, signer, files, bytes, seconds, warnings }: VerifyReport): string {
  const rows = [
    ['Archive', archive],
    ['Release', `metalk8s ${version} with Kubernetes ${kubernetes}, of ${date.slice(0, 10)}`],
    ['Signed by', `${signer.fingerprint} ${signer.name}`],
    ['', `on ${signer.date.slice(0, 10)}; trusted because of ${signer.key}`],
    ['Content', `${files} files, ${sized(bytes)}, in ${seconds.toFixed(1)} s`],
    ...warnings.map((warning) => ['Warning', warning]),
    ['Verdict', 'every byte is as it was signed'],
  ];
  return rows.map(([label = '', value]) => `${label.padEnd(11)}${value}\n`).join('');
}

/** For programs: a refusal is a result as well. */
interface RefusalReport {
  readonly archive: string;
  readonly verified: false;
  readonly reason: string;
  readonly faults: readonly Fault[];
}

async function writeRefusal(
  context: CommandContext,
  archive: string,
  error: unknown,
  format: 'json' | 'yaml',
): Promise<void> {
  if (!isMetalK8sError(error) || error.code !== 'VERIFICATION_FAILED') return;
  const [reason = ''] = error.message.split('\n');
  const faults = error instanceof ArchiveRefused ? error.faults : [];
  const data: RefusalReport = { archive, verified: false, reason, faults };
  await writeData(context, { data, format, text: () => '' });
}

function noVersion(text: string): MetalK8sError {
  return new MetalK8sError('USAGE', `${JSON.stringify(text)} is no version`, {
    where: '--minimum-version',
    hint: 'Give three numbers with dots between, as in 136.0.0.',
  });
}
