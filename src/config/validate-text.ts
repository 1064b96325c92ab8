import type { Finding } from '../documents/finding.ts';
import { validateDocument } from '../documents/validate-document.ts';
import type { BootstrapConfiguration } from './configuration.types.ts';
import { configurationDocument } from './configuration-document.ts';

/** A configuration that is valid, as v1alpha3, with warnings; or everything that is wrong with it. Findings are in the order of the file. */
export type Validation =
  | { readonly valid: true; readonly configuration: BootstrapConfiguration; readonly findings: readonly Finding[] }
  | { readonly valid: false; readonly findings: readonly Finding[] };

/** Reads and checks a configuration, and reports everything that is wrong at once. Never throws. */
export function validateText(text: string): Validation {
  const validation = validateDocument(text, configurationDocument);
  const { findings } = validation;
  if (!validation.valid) return { valid: false, findings };
  return { valid: true, configuration: validation.value as BootstrapConfiguration, findings };
}
