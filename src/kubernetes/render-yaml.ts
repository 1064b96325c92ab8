import { stringify } from 'yaml';

/**
 * YAML as Kubernetes' own tools write it: keys in alphabetical order, list items at the column of their key, no line folded, UTF-8
 * without a byte order mark, a newline at the end. Values that are undefined are left out.
 */
export function renderYaml(document: unknown): string {
  return stringify(document, { sortMapEntries: true, indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
}
