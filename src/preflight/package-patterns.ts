/** Whether a pattern of dnf's configuration fits a package: its name, or its name and architecture, with `*`, `?` and `[…]`. */
export function fitsPackage(pattern: string, name: string): boolean {
  const expression = pattern
    .trim()
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^(?:${expression})(?:\\.(?:noarch|x86_64|aarch64))?$`).test(name);
  } catch {
    // A bracket that nothing closes stands for itself.
    return pattern.trim() === name;
  }
}
