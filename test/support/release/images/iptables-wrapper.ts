import type { FileSource } from '../file-source.ts';

const NAMES = ['iptables', 'ip6tables'].flatMap((family) =>
  ['', '-restore', '-save'].map((verb) => `${family}${verb}`),
);

/**
 * `iptables` and its kin as kube-proxy's image has them: the first call finds out whether the host's rules are nft's or
 * legacy, by the chains that the kubelet makes, points all names there, and carries on as that program.
 */
export function iptablesWrapper(): readonly FileSource[] {
  return [
    { kind: 'text', path: '/usr/sbin/iptables-wrapper', content: WRAPPER, mode: 0o755 },
    ...NAMES.map((name): FileSource => ({ kind: 'link', path: `/usr/sbin/${name}`, target: 'iptables-wrapper' })),
  ];
}

/** Names without a backend, pointing to the legacy programs, as Calico's node image has them. */
export function legacyIptables(): readonly FileSource[] {
  return NAMES.map((name): FileSource => {
    const [, family = '', verb = ''] = /^(ip6?tables)(.*)$/.exec(name) ?? [];
    return { kind: 'link', path: `/usr/sbin/${name}`, target: `${family}-legacy${verb}` };
  });
}

/** The script; it acts on the folder that it is called from. */
export const WRAPPER = `#!/bin/sh
set -eu
folder=\${0%/*}

hinted() {
  { "iptables-$1-save" -t mangle; "ip6tables-$1-save" -t mangle; } 2>/dev/null |
    grep -q -E '^:(KUBE-IPTABLES-HINT|KUBE-KUBELET-CANARY) '
}

rules() {
  { "iptables-$1-save"; "ip6tables-$1-save"; } 2>/dev/null | grep -c '^-' || true
}

if hinted nft; then
  backend=nft
elif hinted legacy; then
  backend=legacy
elif [ "$(rules legacy)" -gt "$(rules nft)" ]; then
  backend=legacy
else
  backend=nft
fi

for family in iptables ip6tables; do
  for verb in '' -restore -save; do
    # By a new name first: another call may run this very name now.
    ln -s "$family-$backend$verb" "$folder/.$family$verb.$$"
    mv -f "$folder/.$family$verb.$$" "$folder/$family$verb"
  done
done

exec "$0" "$@"
`;
