import { killMakings, killRenewals } from '../support/pki/kill-trials.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/** Kills the renewal and the making of a key with its certificate at random moments, 200 times each. */
const KILLS = 200;

const pairs = await inTemporaryDirectory((root) => killRenewals(root, KILLS));
process.stdout.write(`${KILLS} renewals killed: always a whole pair, ${pairs} different ones\n`);

const left = await inTemporaryDirectory((root) => killMakings(root, KILLS));
const counts = Object.entries(left).map(([what, times]) => `${what} ${times} times`);
process.stdout.write(`${KILLS} makings killed: there was ${counts.join(', ')}\n`);
