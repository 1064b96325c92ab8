import { Document, visit } from 'yaml';

/**
 * YAML as Kubernetes' own tools write it: keys in alphabetical order, list items at the column of their key, no line folded, UTF-8
 * without a byte order mark, a newline at the end; texts that would be read as something else, or have a tab, in double quotes, others that need
 * quotes in single ones. Values that are undefined are left out.
 */
export function renderYaml(content: unknown): string {
  const document = new Document(content, { sortMapEntries: true, aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, scalar) {
      const { value } = scalar;
      if (typeof value === 'string' && (looksLikeOther(value) || /^[^\n]*\t[^\n]*$/.test(value))) {
        scalar.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return document.toString({ indentSeq: false, lineWidth: 0, singleQuote: true });
}

/** Words of YAML 1.1, which Kubernetes' tools still read, and what begins like a number or a date. */
function looksLikeOther(text: string): boolean {
  return (
    text === '' ||
    /^(?:~|null|y|yes|n|no|on|off|true|false|[-+]?\.inf|\.nan)$/i.test(text) ||
    /^[-+]?(?:\.?\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?|0x[\da-f_]+|0o?[0-7_]+|0b[01_]+)$/i.test(text) ||
    /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/.test(text) ||
    /^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/.test(text)
  );
}
