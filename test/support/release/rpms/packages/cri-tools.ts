import { join } from 'node:path';
import { NATIVE_ARCHITECTURE, type RpmPackage } from '../package.ts';
import { KUBERNETES_RPM_RELEASE } from './kubernetes.ts';

/** crictl, as pkgs.k8s.io packages it; `programs` is the directory that holds it. */
export function criTools(version: string, programs: string): RpmPackage {
  return {
    name: 'cri-tools',
    version,
    release: KUBERNETES_RPM_RELEASE,
    architecture: NATIVE_ARCHITECTURE,
    summary: 'Command-line utility for interacting with a container runtime',
    license: 'Apache-2.0',
    url: 'https://kubernetes.io',
    packager: 'Kubernetes Authors <dev@kubernetes.io>',
    files: [{ kind: 'file', path: '/usr/bin/crictl', source: join(programs, 'crictl'), mode: 0o755 }],
  };
}
