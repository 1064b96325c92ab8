import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { allObjects } from '../cluster/all-objects.ts';
import type { TestHost } from '../hosts/host.ts';
import type { HostState } from './host-state.ts';
import { comparedTexts, unlike } from './normalisations.ts';
import { normaliseState } from './normalise-state.ts';
import type { RawFile } from './raw-file.ts';
import { wholeState } from './whole-state.ts';

/** Where what is installed and configured lies. */
const PLACES = ['/boot', '/etc', '/home', '/opt', '/root', '/srv', '/usr', '/var'];

/** What files do not tell: each command prints a line for each thing there is. */
const LISTS: Readonly<Record<string, string>> = {
  packages: 'rpm --query --all',
  units:
    "systemctl list-units --all --plain --full --no-legend --type=service,socket,swap,timer | awk '{ print $1, $2, $3, $4 }'",
  mounts: "awk '{ print $5 }' /proc/self/mountinfo",
  images: 'ctr --namespace k8s.io images list --quiet',
};

/** What the kernel's network is told, each rule with its program and table. Programs that the host has not have no rules either. */
const NETWORK: Readonly<Record<string, string>> = {
  rules: `for program in iptables ip6tables iptables-legacy ip6tables-legacy; do
  { "$program-save" 2>/dev/null || true; } | awk -v program="$program" '/^[#C]/ { next } /^[*]/ { table = $1; next } { sub(/ \\[[0-9]+:[0-9]+\\]$/, ""); print program table, $0 }'
done`,
  sets: 'ipset list -name',
  links: "ip -brief link | awk '{ print $1, $2 }'",
  addresses: "ip -brief address | tr --squeeze-repeats ' '",
  routes: 'ip route show table all; ip -6 route show; ip rule',
  settings: `sysctl --all 2>/dev/null | grep -E '^net.(bridge.|ipv[46].conf.|ipv4.ip_forward |netfilter.nf_conntrack_tcp_timeout_)'`,
};

/** What kube-proxy and Felix have to do once pods are ready they have done when nothing was changed for so long. */
const STEADY_MS = 2000;
const PATIENCE_MS = 60_000;

/** Separates the parts of what a script prints: no line of any part is this. */
const NEXT = '== next ==';

/** What a host that was bootstrapped and its cluster are at this moment. Throws when it tells nothing of one of the parts. */
export async function captureState(host: TestHost): Promise<HostState> {
  const files = await filesOf(host);
  const lists = { ...(await listsOf(host, LISTS)), ...(await steadyListsOf(host, NETWORK)) };
  return wholeState(normaliseState({ files, lists, objects: await allObjects(host) }));
}

/** Sums are made of everything that is compared by content, and texts are read where only a part of them is. */
async function filesOf(host: TestHost): Promise<readonly RawFile[]> {
  const prune = unlike.flatMap(({ path }, index) => (index === 0 ? ['-path', path] : ['-o', '-path', path])).join(' ');
  const { stdout } = await host.run({
    script: `places='${PLACES.join(' ')}'
find $places -xdev \\( ${prune} \\) -printf '%y %m %U:%G %T@ %p\\0%l\\0' -prune -o -printf '%y %m %U:%G %T@ %p\\0%l\\0' | base64 --wrap=0
echo; echo '${NEXT}'
find $places -xdev \\( ${prune} \\) -prune -o -type f -print0 | xargs --null sha256sum --zero | base64 --wrap=0`,
  });
  const [listing = '', sums = ''] = stdout.split(`${NEXT}\n`).map((part) => Buffer.from(part, 'base64').toString());
  const sumOf = new Map(
    sums
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  const words = listing.split('\0').slice(0, -1);
  const files = [];
  for (let index = 0; index < words.length; index += 2) {
    const [type = '', mode = '', owner = '', seconds = '', ...path] = (words[index] ?? '').split(' ');
    const [name, target] = [path.join(' '), words[index + 1] ?? ''];
    const sha256 = sumOf.get(name);
    if (type === 'f' && sha256 === undefined && !unlike.some((each) => each.path === name))
      throw new Error(`${name} has no sum`);
    files.push({
      path: name,
      type,
      mode,
      owner,
      modifiedAt: Number(seconds) * 1000,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(type === 'l' ? { target } : {}),
    });
  }
  const read = files.filter(
    ({ path, type }) => /[fl]/.test(type) && comparedTexts.some(({ paths }) => paths.test(path)),
  );
  const texts = await textsOf(
    host,
    read.map(({ path }) => path),
  );
  return files.map((file) => {
    const text = texts.get(file.path);
    return text === undefined ? file : { ...file, text };
  });
}

async function textsOf(host: TestHost, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const script = 'while IFS= read -r -d "" path; do base64 --wrap=0 "$path"; echo; done';
  const { stdout } = await host.run({ script }, { input: paths.map((path) => `${path}\0`).join('') });
  const lines = stdout.split('\n');
  return new Map(paths.map((path, index) => [path, Buffer.from(lines[index] ?? '', 'base64').toString()]));
}

type Lists = Readonly<Record<string, readonly string[]>>;

async function listsOf(host: TestHost, commands: typeof LISTS): Promise<Lists> {
  const script = Object.values(commands).join(`\necho '${NEXT}'\n`);
  const { stdout } = await host.run({ script });
  const parts = stdout.split(`${NEXT}\n`).map((part) => part.split('\n').filter((line) => line !== ''));
  return Object.fromEntries(Object.keys(commands).map((name, index) => [name, parts[index] ?? []]));
}

async function steadyListsOf(host: TestHost, commands: typeof NETWORK): Promise<Lists> {
  let lists = await listsOf(host, commands);
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    await sleep(STEADY_MS);
    const now = await listsOf(host, commands);
    if (isDeepStrictEqual(now, lists)) return lists;
    lists = now;
  }
  throw new Error(`the network of ${host.name} has not come to rest within ${PATIENCE_MS / 1000} s`);
}
