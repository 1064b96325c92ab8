import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A certificate of an address and its key, by their paths, with the CA that signed it. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  /** The CA's certificate, PEM. */
  readonly authority: string;
  /** Path of a directory that holds it as `ca.crt`, as skopeo and podman take it. */
  readonly authorityDirectory: string;
}

/** Makes a CA and a server certificate below a directory; `address`: 127.0.0.1 when left out. */
export async function makeCertificate(directory: string, address = '127.0.0.1'): Promise<TestCertificate> {
  const folder = join(directory, 'tls');
  const authorityDirectory = join(folder, 'certs.d');
  await mkdir(authorityDirectory, { recursive: true });
  const openssl = (...words: string[]) => execa('openssl', words, { cwd: folder });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await openssl('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test CA');
  await openssl(
    ...['req', '-x509', ...curve, '-keyout', 'server.key', '-out', 'server.crt', '-subj', '/CN=registry'],
    ...['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', `subjectAltName=IP:${address}`],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth'],
  );
  await copyFile(join(folder, 'ca.crt'), join(authorityDirectory, 'ca.crt'));
  return {
    certificate: join(folder, 'server.crt'),
    key: join(folder, 'server.key'),
    authority: await readFile(join(folder, 'ca.crt'), 'utf8'),
    authorityDirectory,
  };
}
