import type { SystemFacts } from './observed-host.ts';

type OsRelease = Pick<SystemFacts, 'id' | 'idLike' | 'versionId' | 'prettyName'>;

/** Reads /etc/os-release, see os-release(5). What is not told is empty, but the id, which is then `linux`. */
export function readOsRelease(text: string): OsRelease {
  const values = new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const [, name, value] = /^\s*([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, unquoted(value.trim())]];
    }),
  );
  return {
    id: values.get('ID') || 'linux',
    idLike: (values.get('ID_LIKE') ?? '').split(/\s+/).filter((id) => id !== ''),
    versionId: values.get('VERSION_ID') ?? '',
    prettyName: values.get('PRETTY_NAME') ?? '',
  };
}

/** Systems that are Enterprise Linux without saying so by `ID_LIKE`. */
const ENTERPRISE_LINUX = ['rhel', 'centos', 'ol'];

/** `el9/x86_64`, as releases name what packages are for; null for a system that is none of those. */
export function platformOf({ id, idLike, versionId }: OsRelease, architecture: string): string | null {
  const major = /^\d{1,3}(?=\.|$)/.exec(versionId)?.[0];
  const isEnterpriseLinux = ENTERPRISE_LINUX.includes(id) || idLike.includes('rhel');
  if (!isEnterpriseLinux || major === undefined || !/^\w+$/.test(architecture)) return null;
  return `el${major}/${architecture}`;
}

/** As a shell has it: in double quotes a backslash takes the meaning from `$`, backquote, quote and backslash. */
function unquoted(value: string): string {
  const [, double, single] = /^(?:"(.*)"|'(.*)')$/.exec(value) ?? [];
  return single ?? (double ?? value).replace(/\\([$"\\`])/g, '$1');
}
