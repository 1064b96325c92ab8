import type { Check } from '../check.ts';
import { hasRole } from '../look-up.ts';

export const oidcAuthority: Check = {
  name: 'oidc-authority',
  title: 'the certificate of the authority of the OpenID Connect provider',
  why: 'the pod of the API server mounts it, and does not start without',
  mend: 'Bring it there, or leave kubernetes.apiServer.oidc.CAFile out where the host trusts the authority anyway.',
  severity: 'error',
  inspect(subject) {
    const { CAFile } = subject.configuration.kubernetes.apiServer.oidc ?? {};
    if (CAFile === undefined || !hasRole(subject, 'control-plane') || subject.host.files.includes(CAFile)) return [];
    return [{ found: `${CAFile} (kubernetes.apiServer.oidc.CAFile) is not there, or no file` }];
  },
};
