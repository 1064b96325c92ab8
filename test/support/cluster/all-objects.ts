import type { TestHost } from '../hosts/host.ts';

/** An object of the API as it comes. */
export interface AnyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly managedFields?: unknown;
  };
  readonly [field: string]: unknown;
}

/** All objects of the cluster that a host's root may list, of every kind. */
export async function allObjects(host: TestHost): Promise<readonly AnyObject[]> {
  const { stdout } = await host.run({
    script: `kinds=$(kubectl api-resources --verbs=list --output=name | sort --unique | paste --serial --delimiters=,)
kubectl get "$kinds" --all-namespaces --output=json`,
  });
  return JSON.parse(stdout).items;
}
