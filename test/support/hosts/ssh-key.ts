import ssh2 from 'ssh2';

/** An Ed25519 key pair in OpenSSH's formats. */
export interface SshKey {
  readonly privateKey: string;
  /** `ssh-ed25519 BASE64`, without a comment. */
  readonly publicKey: string;
}

export function generateSshKey(): SshKey {
  const pair = ssh2.utils.generateKeyPairSync('ed25519');
  return { privateKey: pair.private, publicKey: pair.public.split(' ').slice(0, 2).join(' ') };
}
