const ARCHITECTURES = ['noarch', 'x86_64', 'aarch64'];

/** Whether a pattern of dnf's configuration fits a package: its name, or its name and architecture, with `*`, `?` and `[…]`. */
export function fitsPackage(pattern: string, name: string): boolean {
  return fitsOneOf(pattern.trim(), [name, ...ARCHITECTURES.map((architecture) => `${name}.${architecture}`)]);
}

/** Whether a pattern fits one of the texts, with `*`, `?` and `[…]`. */
export function fitsOneOf(pattern: string, texts: readonly string[]): boolean {
  const wanted = expressionOf(pattern);
  return texts.some((each) => wanted.test(each));
}

function expressionOf(pattern: string): RegExp {
  const expression = pattern
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^(?:${expression})$`);
  } catch {
    // A bracket that nothing closes stands for itself.
    return new RegExp(`^(?:${expression.replaceAll(/[[\]]/g, '\\$&')})$`);
  }
}
