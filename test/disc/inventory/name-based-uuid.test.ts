import { expect, test } from 'vitest';
import { nameBasedUuid } from '../../../src/disc/inventory/name-based-uuid.ts';

/** What Python's `uuid.uuid5(uuid.NAMESPACE_URL, name)` gives. */
test.each([
  ['', '1b4db7eb-4057-5ddf-91e0-36dec72071f5'],
  ['https://metalk8s.scality.com/', '95f2bea0-c376-5370-ac1f-c8fc68d1fff7'],
  [
    'https://metalk8s.scality.com/sbom/0000000000000000000000000000000000000000000000000000000000000000',
    'ce9fe184-8f8f-5551-8ae3-f18cfd24e64a',
  ],
  ['ä € 😀', '3c6446f2-3aab-5838-8dc0-710710b3a292'],
])('%j', (name, expected) => {
  expect(nameBasedUuid(name)).toBe(expected);
});
