import { renderYaml } from '../render-yaml.ts';
import { rootFile } from '../root-file.ts';
import type { EncryptionKeySpecification, EncryptionProvider } from './specification.ts';

/** Bytes of a key, for both providers: secretbox takes no other size, and with aescbc it means AES-256. */
export const ENCRYPTION_KEY_BYTES = 32;

/** The file that `--encryption-provider-config` names. */
export const ENCRYPTION_CONFIGURATION_FILE = '/etc/kubernetes/encryption.conf';

/** Recipe of the apiserver's encryption configuration: everything but the key. */
export function encryptionKeySpecification(provider: EncryptionProvider): EncryptionKeySpecification {
  return {
    kind: 'encryption-key',
    file: rootFile(ENCRYPTION_CONFIGURATION_FILE),
    provider,
    keyName: 'key1',
    resources: ['secrets'],
  };
}

/**
 * Final bytes of the EncryptionConfiguration. `identity` stands last, so that what was stored before stays readable.
 * `secret`: the key in base64.
 */
export function renderEncryptionConfiguration(
  { provider, keyName, resources }: EncryptionKeySpecification,
  secret: string,
): string {
  return renderYaml({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources, providers: [{ [provider]: { keys: [{ name: keyName, secret }] } }, { identity: {} }] }],
  });
}
