import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** What is known of a request that failed. */
export interface ApiFailure {
  /** What was to be done: `apply ConfigMap kube-system/coredns`. */
  readonly doing: string;
  /** Server and kubeconfig, for people. */
  readonly where: string;
  /** HTTP status; undefined: there was no answer, or none that is HTTP. */
  readonly status?: number;
  /** The word for machines of the answer's Status: `Conflict`, `AlreadyExists`; undefined: it has none. */
  readonly reason?: string | undefined;
  /** What was said, in a line for people. */
  readonly said: string;
  /** Why it may go well if asked again soon, in a few words; undefined: it will not. */
  readonly transient?: string | undefined;
  /** When to ask again, as the server has it. */
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** A request to the Kubernetes API that failed. Neither credentials nor what was sent are in it. */
export class ApiError extends MetalK8sError {
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly transient: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(failure: ApiFailure) {
    const { doing, where, status, said, cause } = failure;
    super('STEP_FAILED', `Cannot ${doing}: ${said}`, {
      where,
      hint: hintFor(status),
      ...(cause !== undefined && { cause }),
    });
    this.name = 'ApiError';
    this.status = status;
    this.reason = failure.reason;
    this.transient = failure.transient;
    this.retryAfterSeconds = failure.retryAfterSeconds;
  }
}

function hintFor(status: number | undefined): string {
  switch (status) {
    case undefined:
      return 'Look whether the API server runs: `crictl ps -a --name kube-apiserver`, then `crictl logs` of it, and `journalctl -u kubelet`.';
    case 401:
      return 'The kubeconfig holds a certificate that the API server does not accept: look at `metalk8s status` for its end, and at its authority.';
    case 403:
      return 'The user of the kubeconfig has no right to do so, or an admission plugin refuses it, as the answer says.';
    case 400:
    case 409:
    case 422:
      return 'The answer says what is in the way. Nothing of this object was changed; mend it and run again.';
    default:
      return 'Look at the log of the API server, `crictl logs` of kube-apiserver, then run again.';
  }
}
