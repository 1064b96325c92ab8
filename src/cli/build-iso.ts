import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildIso as build } from '../build/build-iso.ts';
import type { BuildRequest } from '../build/build-request.ts';
import { parseSize } from '../build/disc/parse-size.ts';
import { readInputs } from '../build/read-inputs.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { productRoot } from '../product/product-root.ts';
import { registryTemplates } from '../product/registry-templates.ts';
import { buildIsoOptions } from './build-iso-options.ts';
import { buildPlanText, builtIsoText } from './build-iso-text.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { progressOptions } from './open-listeners.ts';
import type { OptionValues } from './option.ts';
import { writeData } from './output.ts';
import { productVersion } from './product-version.ts';
import { resolveOptions, resolveOwnOptions } from './resolve-options.ts';
import { sameCommand } from './same-command.ts';
import { withProgress } from './with-progress.ts';

const common = ['dryRun', 'concurrency', 'cacheDir', ...progressOptions] as const;

export const buildIso: CommandDefinition = {
  description:
    'Makes one ISO from a release list: fetches images, packages and files, proves that they suffice for a site without the Internet, ' +
    'and writes and signs the disc. Needs no root. The same list, lock, key and date give the same bytes. Stopped at any time, it leaves no ' +
    'half disc, and the same command goes on where it was.',
  options: common,
  ownOptions: buildIsoOptions,
  examples: [
    { command: 'metalk8s build-iso --signing-key release@example.com', what: 'the disc of this version' },
    { command: 'metalk8s build-iso --signing-key KEY --mirrors proxy.yaml', what: 'through the proxies of a company' },
    { command: 'metalk8s build-iso --signing-key KEY --update-lock', what: 'pin what upstream serves today' },
    { command: 'metalk8s build-iso --signing-key KEY --split 4095M', what: 'in parts for small media' },
    { command: 'metalk8s build-iso --dry-run', what: 'show what would be fetched, and from where' },
  ],
  async run(context, { flags }) {
    const sources = { flags, env: context.env };
    const shared = resolveOptions(common, sources);
    const own = resolveOwnOptions(buildIsoOptions, sources);
    const request = await requestOf(own, context);
    if (shared.dryRun) {
      const { plan } = await readInputs(request);
      await writeData(context, { data: plan, format: own.outputFormat, text: buildPlanText });
      return 0;
    }
    refuseUnclearSigning(own);
    const run = { command: 'build-iso', resume: sameCommand(context), options: shared };
    const outcome = await withProgress(context, run, async (emit, stop) =>
      build(request, {
        cache: resolve(shared.cacheDir ?? defaultCache(context)),
        concurrency: shared.concurrency,
        env: context.env,
        emit,
        stop,
        now: context.now,
        templates: await registryTemplates(),
        builder: productVersion,
      }),
    );
    if (!outcome.ok) return outcome.exit;
    await writeData(context, { data: outcome.value, format: own.outputFormat, text: builtIsoText });
    return 0;
  },
};

type Own = OptionValues<typeof buildIsoOptions>;

async function requestOf(own: Own, context: CommandContext): Promise<BuildRequest> {
  const release = resolve(own.release ?? join(productRoot(), 'iso/release.yaml'));
  return {
    release,
    lock: own.lock === undefined ? undefined : resolve(own.lock),
    mirrors: own.mirrors === undefined ? undefined : resolve(own.mirrors),
    components: own.components,
    updateLock: own.updateLock,
    output: resolve(own.output ?? `metalk8s-${productVersion}.iso`),
    signingKey: own.unsigned ? undefined : own.signingKey,
    force: own.force,
    split: own.split === undefined ? undefined : sizeOf(own.split),
    sourceDateEpoch: sourceDateEpoch(context.env),
  };
}

function refuseUnclearSigning({ signingKey, unsigned }: Own): void {
  if (unsigned !== (signingKey !== undefined)) return;
  const both = 'both --signing-key and --unsigned are given';
  throw new MetalK8sError('USAGE', unsigned ? both : 'no key is named that signs the disc', {
    where: '--signing-key',
    hint:
      'Name an OpenPGP key of yours (RSA, 3072 bits or more) by its fingerprint: `gpg --list-secret-keys` lists them, `gpg ' +
      '--quick-generate-key "NAME <ADDRESS>" rsa3072 sign never` makes one. For a first look, --unsigned makes a disc that no host installs from.',
  });
}

function sizeOf(text: string): number {
  try {
    return parseSize(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MetalK8sError('USAGE', error.message, { where: '--split', hint: 'For FAT file systems, write 4095M.' });
  }
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function sourceDateEpoch({ SOURCE_DATE_EPOCH: text }: CommandContext['env']): number | undefined {
  if (text === undefined || text === '') return undefined;
  const epoch = Number(text);
  if (/^\d{1,11}$/.test(text) && epoch <= LATEST_EPOCH) return epoch;
  throw new MetalK8sError('USAGE', `SOURCE_DATE_EPOCH is ${JSON.stringify(text)}, not a number of seconds since 1970`, {
    where: 'SOURCE_DATE_EPOCH',
    hint: 'Set it by `export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`, or unset it for the date of the release.',
  });
}

/** The years of an ISO 9660 record end with 2155, those of an OpenPGP signature with 2106. */
const LATEST_EPOCH = 4_294_967_295;

function defaultCache({ env }: CommandContext): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'metalk8s');
}
