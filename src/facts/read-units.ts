import type { UnitState } from './observed-host.ts';

export const systemdResolved = 'systemd-resolved.service';
export const fapolicyd = 'fapolicyd.service';

/**
 * The names that were asked about, as fields that each end with NUL, and what `systemctl show` printed of them: for each, in their order, lines of
 * `LoadState`, `ActiveState` and `UnitFileState`, parted by empty lines. Units that the host does not know are left out.
 */
export function readUnits(text: string | null): readonly UnitState[] {
  const names = (text ?? '').split('\0');
  const blocks = (names.pop() ?? '').trim().split(/\n{2,}/);
  if (blocks.length !== names.length) return [];
  return names.flatMap((name, index) => {
    const value = (property: string) => new RegExp(`^${property}=(.*)$`, 'm').exec(blocks[index] ?? '')?.[1] ?? '';
    if (!['loaded', 'masked'].includes(value('LoadState'))) return [];
    return [
      {
        name,
        active: ['active', 'activating', 'reloading'].includes(value('ActiveState')),
        enabled: ['enabled', 'enabled-runtime'].includes(value('UnitFileState')),
      },
    ];
  });
}

export function isActive(units: readonly UnitState[], name: string): boolean {
  return units.some((unit) => unit.name === name && unit.active);
}
