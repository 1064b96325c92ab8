/** Why a transaction of dnf came to nothing, and what to do. */
export interface DnfFailure {
  /** `locked`: another transaction is under way, or was until just now, and it is worth trying again. */
  readonly kind: 'locked' | 'failed';
  readonly message: string;
  readonly hint: string;
}

const DAMAGED = 'Verify the archive; if it is damaged, copy it again from where it is intact. Then run again.';
const EXCLUDED =
  'Something on this host hides packages from dnf: look for excludepkgs in the section [main] of /etc/dnf/dnf.conf, ' +
  'and at dnf versionlock list. Then run again.';

interface Explanation extends Pick<DnfFailure, 'hint'> {
  readonly pattern: RegExp;
  readonly kind?: DnfFailure['kind'];
  readonly message: (match: RegExpMatchArray, text: string) => string;
}

/** Words of dnf 4 and rpm 4, in the order in which they tell more. */
const explanations: readonly Explanation[] = [
  {
    pattern: /^(\S+) already locked by (\d+)$(?:\n\s+The application with PID \2 is: (\S+)$)?/m,
    kind: 'locked',
    message: ([, lock, pid, name]) =>
      `process ${pid}${name === undefined ? '' : ` (${name})`} holds dnf’s lock ${lock}`,
    hint: '',
  },
  {
    pattern: /can't create transaction lock on (\S+)/,
    kind: 'locked',
    message: ([, lock]) => `another program holds RPM’s lock ${lock}`,
    hint: '',
  },
  {
    // It was read what is installed before the other transaction ended.
    pattern: /^Error: Transaction test error:\n(?: +package \S+ is already installed\n?)+(?!\s+\S)/m,
    kind: 'locked',
    message: () => 'another transaction has installed the same packages meanwhile',
    hint: '',
  },
  {
    pattern: /At least (\S+) more space needed on the (\S+) filesystem/,
    message: ([, size, place]) => `The disk is too full for the packages: ${place} needs ${size} more`,
    hint: 'Make room there, then run again.',
  },
  {
    pattern: /No space left on device/,
    message: () => 'The disk is too full for the packages',
    hint: 'Make room, see df --human-readable, then run again.',
  },
  {
    pattern: /^Error in (\S+) scriptlet in rpm package (\S+)$/m,
    message: ([, script, name]) => `A script (${script}) of the package ${name} failed`,
    hint: 'See what it says, and journalctl on the host. Then run again.',
  },
  {
    pattern:
      /^(?:All matches were filtered out by exclude filtering for argument: (\S+)| +- package (\S+) is filtered out by exclude filtering)$/m,
    message: ([, wanted, needed]) => `The package ${wanted ?? needed} is excluded on this host`,
    hint: EXCLUDED,
  },
  {
    pattern: /^Error: Unable to find a match: (.*)$/m,
    message: ([, names]) => `The archive does not have these packages: ${names}`,
    hint: DAMAGED,
  },
  {
    pattern: /^Package (\S+) is not signed$|^Public key for (\S+) is not installed/m,
    message: ([, unsigned, unknown]) => `The package ${unsigned ?? unknown} is not signed by a key of the archive`,
    hint: DAMAGED,
  },
  {
    pattern:
      /GPG (?:check FAILED|signature verification error|verification is enabled, but GPG signature is not available)/,
    message: () => 'The signature of the packages or of the list of them is not good',
    hint: DAMAGED,
  },
  {
    pattern: /^Package "(\S+)" from local repository "\S+" has incorrect checksum$/m,
    message: ([, name]) => `The package ${name} of the archive is damaged or missing`,
    hint: DAMAGED,
  },
  {
    pattern: /^Error: Failed to download metadata for repo '(\S+)': (.*)$/m,
    message: ([, repository], text) =>
      `The packages of the repository ${repository} cannot be read${/Couldn't open file (\S+?)\]/.exec(text)?.[1]?.replace(/^/, ': ') ?? ''}`,
    hint: 'See to it that the archive is mounted: systemctl status "srv-metalk8s-*.mount". Then run again.',
  },
  {
    pattern: /^ +file (\S+) from install of (\S+) conflicts with file from package (\S+)$/m,
    message: ([, file, ours, theirs]) => `${file} of ${ours} is in the package ${theirs} of this host too`,
    hint: 'If nobody needs that package, remove it, then run again.',
  },
  {
    pattern: /^ +- problem with installed package (\S+)$/m,
    message: ([, name]) => `The package ${name} of this host does not go with what is to be installed`,
    hint: 'If nobody needs that package, remove it, then run again.',
  },
  {
    pattern:
      /^ *(?:Problem(?: \d+)?:|-)? *(?:package \S+ requires .*, but none of the providers can be installed|nothing provides .*)$/m,
    message: ([line]) => `The packages do not go together: ${line.replace(/^ *(?:Problem(?: \d+)?:|-)? */, '')}`,
    hint: 'The archive is made for a host with the base packages of its system; see what this host lacks or has besides. Then run again.',
  },
];

/** Explains what dnf printed before it ended with another status than 0. */
export function explainDnfFailure(text: string): DnfFailure {
  for (const { pattern, kind = 'failed', message, hint } of explanations) {
    const match = pattern.exec(text);
    if (match !== null) return { kind, message: message(match, text), hint };
  }
  const hint = 'See what it says, and /var/log/dnf.log on the host. Then run again.';
  return { kind: 'failed', message: 'dnf could not install the packages', hint };
}
