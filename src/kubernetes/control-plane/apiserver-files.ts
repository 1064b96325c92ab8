import type { NodeFile } from '../node-file.ts';
import { renderYaml } from '../render-yaml.ts';
import { rootFile } from '../root-file.ts';
import { ADMISSION_CONFIGURATION_FILE, admissionConfiguration } from './admission-configuration.ts';
import { AUDIT_POLICY_FILE, auditPolicy } from './audit-policy.ts';

/** What the apiserver reads at its start, the same on every control plane. (The encryption configuration is a secret, made where it lies.) */
export function apiserverFiles(): readonly NodeFile[] {
  return [
    { ...rootFile(AUDIT_POLICY_FILE), content: renderYaml(auditPolicy()) },
    { ...rootFile(ADMISSION_CONFIGURATION_FILE), content: renderYaml(admissionConfiguration()) },
  ];
}
