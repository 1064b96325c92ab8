import type { ComponentRecipe } from '../component.ts';
import type { PinnedModule } from '../go-module.ts';
import { goPrograms } from '../go-programs.ts';

const VERSION = '1.9.1';
const FOLDER = `cni-plugins/${VERSION}`;
const MODULE = 'github.com/containernetworking/plugins';

/** All that an upstream release for Linux holds, by upstream's folders. */
const PLUGINS = {
  ipam: ['dhcp', 'host-local', 'static'],
  main: ['bridge', 'dummy', 'host-device', 'ipvlan', 'loopback', 'macvlan', 'ptp', 'tap', 'vlan'],
  meta: ['bandwidth', 'firewall', 'portmap', 'sbr', 'tuning', 'vrf'],
};

/** The reference CNI plugins. */
export function cniPlugins(): ComponentRecipe {
  return goPrograms({
    name: 'cni-plugins',
    version: VERSION,
    module: FOLDER,
    programs: packages().map((path) => {
      const file = path.slice(path.lastIndexOf('/') + 1);
      // Called with neither arguments nor CNI_COMMAND, a plugin introduces itself.
      return { file, package: path, versionArguments: [], says: `CNI ${file} plugin v${VERSION}` };
    }),
    variables: { [`${MODULE}/pkg/utils/buildversion.BuildVersion`]: `v${VERSION}` },
    usualSeconds: 30,
  });
}

/** What pins the plugins. */
export const CNI_PLUGINS_MODULE: PinnedModule = {
  folder: FOLDER,
  packages: packages(),
  requires: [{ path: MODULE, version: `v${VERSION}` }],
};

function packages(): readonly string[] {
  return Object.entries(PLUGINS).flatMap(([folder, names]) =>
    names.map((name) => `${MODULE}/plugins/${folder}/${name}`),
  );
}
