import { renderYaml } from '../kubernetes/render-yaml.ts';
import { saltPaths } from './paths.ts';

/** What our own runs of Salt on a node are told about themselves: `minion` in the folder of the configuration. */
export function minionConfiguration(nodeName: string): string {
  return renderYaml({
    id: nodeName,
    file_client: 'local',
    file_roots: { base: [saltPaths.tree, saltPaths.files] },
    pillar_roots: { base: [saltPaths.pillar] },
    cachedir: saltPaths.cache,
    // By default not below the cache, but where a Salt of the host's owner has its own.
    extension_modules: `${saltPaths.cache}/extmods`,
    // Taken from the tree as they are. Copying them first would tell a minion that does not run, and wait a second for it to listen.
    states_dirs: [`${saltPaths.tree}/_states`],
    pki_dir: saltPaths.keys,
    sock_dir: saltPaths.sockets,
    pidfile: saltPaths.processId,
    log_file: saltPaths.log,
    log_level_logfile: 'info',
    // What comes later relies on what comes before.
    failhard: true,
    // Sources of files that are looked into only to see that they have none: git's comes with a large library.
    disable_fileservers: ['gitfs', 'minionfs'],
    // Neither is a name looked up nor an address of a cloud asked: at a site without either, that is waiting for nothing.
    enable_fqdns_grains: false,
    metadata_server_grains: false,
  });
}
