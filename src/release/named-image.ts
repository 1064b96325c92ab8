/** An image that something on the disc names. */
export interface NamedImage {
  /** In full, as a container runtime completes it: with a digest, else with a tag. */
  readonly reference: string;
  /** The file that names it, or another source: `kubeadm 1.36.3`. */
  readonly file: string;
  /** What in there: `DaemonSet kube-system/calico-node, spec.template.spec.containers[0].image`, or `line 12`. */
  readonly by: string;
}
