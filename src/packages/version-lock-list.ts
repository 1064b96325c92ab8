/** What dnf's plugin versionlock reads first. */
export const VERSION_LOCK_CONFIGURATION = '/etc/dnf/plugins/versionlock.conf';

/**
 * Where the plugin has its list: what `locklist` says in the section `main` of its configuration, the last time; otherwise the place that its
 * package has. `templates/salt/_states/held.py` has the same rule.
 */
export function versionLockList(configuration: string): string {
  let section = '';
  let list = '/etc/dnf/plugins/versionlock.list';
  for (const line of configuration.split('\n')) {
    section = /^\[(.*)\]/.exec(line)?.[1] ?? section;
    const value = /^locklist\s*=\s*(\/.*\S)/.exec(line)?.[1];
    if (section === 'main' && value !== undefined) list = value;
  }
  return list;
}
