import { damaged } from './damaged.ts';
import { BLOCK, type Extent, type IsoEntry } from './iso-image.ts';

/**
 * Throws a `VERIFICATION_FAILED` where extents lie over one another. Several files may share one whole extent: that is how equal content
 * is stored once.
 */
export function checkExtents(folders: readonly Extent[], entries: readonly IsoEntry[], where: string): void {
  const files = entries.flatMap(({ extents }) => extents);
  const distinct = new Map(files.map((extent) => [`${extent.offset} ${extent.length}`, extent]));
  const sorted = [...distinct.values(), ...folders].sort((left, right) => left.offset - right.offset);
  let end = 0;
  for (const { offset, length } of sorted) {
    if (offset < end) throw damaged(`two extents lie over one another at byte ${offset}`, where);
    end = offset + Math.ceil(length / BLOCK) * BLOCK;
  }
}
