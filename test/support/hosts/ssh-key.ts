import ssh2 from 'ssh2';

/** An Ed25519 key pair in OpenSSH's formats. */
export interface SshKey {
  readonly privateKey: string;
  /** `ssh-ed25519 BASE64`, without a comment. */
  readonly publicKey: string;
}

/** `generate`: gives a pair. ssh2 leaves out zeros that a public key begins with, and one pair in 256 is none that anybody can read: then another is made. */
export function generateSshKey(generate = () => ssh2.utils.generateKeyPairSync('ed25519')): SshKey {
  let pair = generate();
  while (ssh2.utils.parseKey(pair.private) instanceof Error) pair = generate();
  return { privateKey: pair.private, publicKey: pair.public.split(' ').slice(0, 2).join(' ') };
}
