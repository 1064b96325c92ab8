import { Document, isPair, isScalar, stringify, visit } from 'yaml';

const OPTIONS = { sortMapEntries: true, aliasDuplicateObjects: false };

/** YAML with sorted fields. */
export function toYaml(value: unknown): string {
  return stringify(value, { ...OPTIONS, lineWidth: 0 });
}

/** YAML with sorted fields, in which maps and lists of plain values stand on one line. */
export function toCompactYaml(value: unknown): string {
  const document = new Document(value, OPTIONS);
  visit(document, {
    Collection(_key, node) {
      if (node.items.map((item) => (isPair(item) ? item.value : item)).every(isScalar)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
