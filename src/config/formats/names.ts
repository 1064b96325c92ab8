import { shown } from '../../documents/shown.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** A lower-case RFC 1123 subdomain, as Kubernetes takes it. */
export function checkDnsName(text: string): string | undefined {
  if (text !== text.toLowerCase()) return `${shown(text)} must be in lower case`;
  if (text.length > 253) return 'must have at most 253 characters';
  const wrong = text.split('.').find((label) => label.length > 63 || !LABEL.test(label));
  if (wrong === undefined) return undefined;
  return `${shown(text)} is not an RFC 1123 name: letters, digits and "-", parted by dots, each part of 1 to 63 characters`;
}

/** A node name; the kubelet also makes a label value of it, which holds 63 characters. */
export function checkNodeName(text: string): string | undefined {
  if (text.length > 63)
    return `must have at most 63 characters, as the label kubernetes.io/hostname does; it has ${text.length}`;
  return checkDnsName(text);
}

export function checkUserName(text: string): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(text) ? undefined : `${shown(text)} is not a user name`;
}

export function checkFeatureGate(text: string): string | undefined {
  return /^[A-Z][A-Za-z0-9]*$/.test(text)
    ? undefined
    : 'must be the name of a feature gate, such as StorageVersionMigrator: an upper-case letter, then letters and digits';
}

export function checkLabelKey(text: string): string | undefined {
  const parts = text.split('/');
  const name = parts.pop() ?? '';
  const nameIsGood = name.length <= 63 && /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(name);
  const prefixIsGood = parts.length === 0 || (parts.length === 1 && checkDnsName(parts[0] ?? '') === undefined);
  return nameIsGood && prefixIsGood ? undefined : `${shown(text)} is not a label key such as kubernetes.io/hostname`;
}

/** Text on one line, with something on it. */
export function checkLine(text: string): string | undefined {
  return text.trim() === text && /^[^\p{Cc}]+$/u.test(text)
    ? undefined
    : 'must be text on one line, without space around it';
}

export function checkAbsolutePath(text: string): string | undefined {
  if (!text.startsWith('/')) return `${shown(text)} is not an absolute path: start it with "/"`;
  if (/\p{Cc}/u.test(text)) return 'must be a path without control characters';
  if (text.trimEnd() !== text) return 'must be a path without space at its end';
  if (text.split('/').includes('..')) return `${shown(text)} must not lead up by ".."`;
  if (/^\/+$/.test(text)) return 'must be a path below "/"';
  return undefined;
}
