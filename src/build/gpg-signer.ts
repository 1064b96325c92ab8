import { readPublicKeys } from '../disc/openpgp/public-key.ts';
import { canonicalSignature, readSignature } from '../disc/openpgp/signature.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { lastLines } from '../hosts/last-lines.ts';
import type { BuildContext } from './build-context.ts';
import { checkSelfSignatures, chooseSigningKey } from './choose-signing-key.ts';
import type { FoundKey } from './find-signing-key.ts';
import type { SecretKey, SecretKeyBlock } from './gpg-keys.ts';
import { QUIET_GPG } from './list-secret-keys.ts';
import { runTool, type ToolResult, tryTool } from './run-tool.ts';
import type { Signer } from './signer.ts';
import { tools } from './tools.ts';

export interface SignerRequest {
  readonly key: FoundKey;
  /** Seconds since 1970: the date of every signature. */
  readonly epoch: number;
  /** Names the home: `GNUPGHOME`, else `HOME`. */
  readonly env: BuildContext['env'];
  readonly stop: AbortSignal;
}

/** Time for a person to type a passphrase, or to find the card. */
const LONGEST_SIGNING_MS = 5 * 60 * 1000;
/** Clocks of two machines may differ that much. */
const CLOCK_SLACK_S = 300;
const PROBE = Buffer.from('metalk8s: this is to see whether the key can sign\n');

/**
 * Opens the signer of a disc. GnuPG keeps the key: agent, card and passphrase are its business, and the secret half never comes here. A
 * first signature is made at once, so that who has to unlock the key is asked before the work of hours.
 *
 * Throws a `PREFLIGHT_FAILED` for a key that is not fit (RSA of 3072 bits or more, for signing, neither revoked nor expired at the epoch,
 * made before it) and for an epoch that is still to come, a `STEP_FAILED` when gpg cannot sign.
 */
export async function openSigner({ key: { named, block, vouched }, epoch, env, stop }: SignerRequest): Promise<Signer> {
  if (epoch > Date.now() / 1000 + CLOCK_SLACK_S) throw epochToCome(epoch);
  const gpg = (...words: string[]) => runTool(tools.gpg, { arguments: [...QUIET_GPG, ...words], env, stop });
  const chosen = chooseSigningKey(block, { key: named, epoch });
  const { fingerprint } = block.primary;
  checkSelfSignatures(block.primary, chosen, vouched);

  const localUser = `${chosen.fingerprint}!`;
  const signing = [...QUIET_GPG, '--faked-system-time', `${epoch}!`, '--digest-algo', 'SHA256'];
  const sign = async (content: Uint8Array): Promise<Uint8Array> => {
    const words = [...signing, '--local-user', localUser, '--detach-sign', '--output', '-'];
    const result = await signWithin(LONGEST_SIGNING_MS, stop, (either) =>
      tryTool(tools.gpg, { arguments: words, env, stop: either, input: content }),
    );
    if (result.exitCode !== 0) throw cannotSign(block, result);
    return Buffer.from(checked(result.stdout, { chosen, epoch }));
  };
  await sign(PROBE);

  const exported = ['--export-options', 'export-minimal', '--export', '--', fingerprint];
  const binary = (await gpg(...exported)).stdout;
  const armoured = (await gpg('--armor', ...exported)).stdout;
  checkExported(binary, { block, chosen });
  return {
    fingerprint,
    publicKey: { armoured, binary },
    sign,
    withGnupg: (work) =>
      work({ env: env.GNUPGHOME === undefined ? {} : { GNUPGHOME: env.GNUPGHOME }, arguments: signing, localUser }),
  };
}

async function signWithin(
  milliseconds: number,
  stop: AbortSignal,
  run: (either: AbortSignal) => Promise<ToolResult>,
): Promise<ToolResult> {
  const late = AbortSignal.timeout(milliseconds);
  try {
    return await run(AbortSignal.any([stop, late]));
  } catch (error) {
    if (error !== late.reason) throw error;
    throw new MetalK8sError('STEP_FAILED', `gpg did not sign within ${milliseconds / 60_000} minutes`, {
      hint: 'Does a prompt for a passphrase or a card wait somewhere? Unlock the key in a terminal, then run again.',
    });
  }
}

/** In its one form, when it is by the key that was asked, at the time that was asked, over a hash that we take. */
function checked(signature: Uint8Array, { chosen, epoch }: { chosen: SecretKey; epoch: number }): string {
  try {
    const { issuer, created } = readSignature(signature);
    if (issuer !== chosen.fingerprint) throw new RangeError(`it is by ${issuer}`);
    if (created !== epoch) throw new RangeError(`it is dated ${created}`);
    return canonicalSignature(signature);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MetalK8sError('STEP_FAILED', `gpg made another signature than it was asked for: ${error.message}`, {
      where: chosen.fingerprint,
    });
  }
}

/** What goes on the disc is to verify what we sign. */
function checkExported(binary: Uint8Array, { block, chosen }: { block: SecretKeyBlock; chosen: SecretKey }): void {
  const [exported] = readPublicKeys(binary);
  const fingerprints = exported?.keys.map(({ fingerprint }) => fingerprint) ?? [];
  if (exported?.fingerprint === block.primary.fingerprint && fingerprints.includes(chosen.fingerprint)) return;
  throw new MetalK8sError('STEP_FAILED', 'gpg exports another public key than that of the signing key', {
    where: block.primary.fingerprint,
  });
}

function cannotSign({ primary, name }: SecretKeyBlock, { stderr }: ToolResult): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `gpg cannot sign with the key of ${name}`, {
    where: primary.fingerprint,
    hint: `Unlock the key first, in a terminal: export GPG_TTY=$(tty); echo | gpg --local-user ${primary.fingerprint} --sign > /dev/null`,
    cause: new Error(lastLines(stderr, 5) || 'gpg did not say why'),
  });
}

function epochToCome(epoch: number): MetalK8sError {
  const date = new Date(epoch * 1000).toISOString();
  return new MetalK8sError('PREFLIGHT_FAILED', `the date of the disc, ${date}, is still to come`, {
    where: 'SOURCE_DATE_EPOCH',
    hint: 'Nobody takes a signature from the future: set it to a time that has passed, and see that the clock of this machine is right.',
  });
}
