import { join } from 'node:path';
import { execa } from 'execa';
import { cached, hashFiles, type Report } from '../cache.ts';
import { binaries } from '../release/binaries.ts';
import { GO_MODULES } from '../release/go-programs.ts';
import { goToolchain } from '../release/toolchain.ts';
import type { OracleConfiguration } from './configuration.ts';
import type { OraclePrograms } from './make-configuration.ts';
import { NEWEST_VERSION } from './versions.ts';

/** Any Kubernetes release knows the objects of older ones, so the newest pinned one decodes for all. */
const DECODER_MODULE = join(GO_MODULES, `kubernetes/${NEWEST_VERSION.version}`);
const DECODER_SOURCE = join(import.meta.dirname, 'decode.go');

/** The programs for observing kubeadm of a release, built when they are not in the test cache yet. */
export async function oraclePrograms(
  version: string,
  { run = [] }: Pick<OracleConfiguration, 'run'>,
  report: Report,
): Promise<OraclePrograms> {
  const folders = [await binaries({ name: 'kubeadm', version }, report)];
  if (run.includes('etcd')) folders.push(await binaries({ name: 'etcd' }, report));
  if (run.includes('kube-apiserver'))
    folders.push(await binaries({ name: 'kubernetes-control-plane', version }, report));
  return { version, folders, decoder: join(await decoder(report), 'decode') };
}

async function decoder(report: Report): Promise<string> {
  const { go, env, version } = await goToolchain(report);
  const pinned = await hashFiles([DECODER_SOURCE, join(DECODER_MODULE, 'go.mod'), join(DECODER_MODULE, 'go.sum')]);
  // The flags are those of the release, so that what was compiled for kubeadm is not compiled again.
  const flags = [
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags=-s -w -buildid=',
    '-tags=selinux,notest,grpcnotrace',
  ];
  const recipe = {
    name: 'kubeadm-decoder',
    inputs: { pinned, go: version, flags, architecture: process.arch },
    async make(directory: string) {
      const command = ['--pdeathsig', 'KILL', '--', go, 'build', ...flags, '-o', `${directory}/`, DECODER_SOURCE];
      const buildEnv = {
        ...env,
        CGO_ENABLED: '0',
        GOFLAGS: '',
        GOWORK: 'off',
        GOEXPERIMENT: '',
        GOAMD64: 'v1',
        GOARM64: 'v8.0',
      };
      await execa('setpriv', command, { cwd: DECODER_MODULE, env: buildEnv, stdin: 'ignore' });
    },
  };
  return cached(recipe, report);
}
