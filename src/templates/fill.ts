import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** A text with holes, written `{{name}}`, and what it is called when something is wrong with it. */
export interface Template {
  readonly name: string;
  readonly text: string;
}

const HOLE = /\{\{([a-z]\w*)\}\}/g;
const HOLE_LINE = /^([ \t]*)\{\{([a-z]\w*)\}\}$/;

/**
 * The text of a template with every hole filled. A value stands exactly as it is given: quoting is the caller's, who shows it by a type
 * of its own for `Value`. A hole alone on its line takes several lines, each indented like the hole; with an empty value the line goes.
 * Throws an `INTERNAL` when a hole has no value, a value has no hole, or braces are no hole.
 */
export function fill<Value extends string>(template: Template, values: Readonly<Record<string, Value>>): string {
  const used = new Set<string>();
  const filled = (name: string, line: number): string => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw broken(template, `line ${line}: the hole ${name} has no value`);
    used.add(name);
    return value;
  };
  const lines = template.text.split('\n').flatMap((line, index) => {
    refuseStrayBraces(template, line, index + 1);
    const [, indent, block] = HOLE_LINE.exec(line) ?? [];
    if (indent === undefined || block === undefined) {
      return [line.replace(HOLE, (_, name: string) => filled(name, index + 1))];
    }
    const value = filled(block, index + 1);
    return value === '' ? [] : value.split('\n').map((part) => (part === '' ? '' : indent + part));
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw broken(template, `no hole takes the value ${unused.join(', ')}`);
  return lines.join('\n');
}

/** Only the template itself is looked at: braces in a value mean nothing. */
function refuseStrayBraces(template: Template, line: string, number: number): void {
  if (/\{\{|\}\}/.test(line.replace(HOLE, ''))) throw broken(template, `line ${number} has braces that are no hole`);
}

function broken(template: Template, what: string): MetalK8sError {
  return new MetalK8sError('INTERNAL', `A template cannot be filled: ${what}`, { where: template.name });
}
