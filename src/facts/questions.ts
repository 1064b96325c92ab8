/** What is asked about a host, beside what is always read. Nothing is asked by what is left out. Paths are absolute. */
export interface Questions {
  /** Name of whoever called sudo; left out: nobody did. */
  readonly sudoUser?: string | undefined;
  /** Names of variables that the caller's environment has, where the caller is on that host. */
  readonly environment?: readonly string[];
  /** Paths, there or not, whose file systems matter. */
  readonly fileSystems?: readonly string[];
  /** Where etcd will write: the disk below is measured, by a file without a name. */
  readonly etcdDirectory?: string;
  /** `br_netfilter` */
  readonly modules?: readonly string[];
  /** `net.ipv4.ip_forward` */
  readonly settings?: readonly string[];
  /** `OVERLAY_FS` */
  readonly kernelOptions?: readonly string[];
  /** With their suffix: `firewalld.service` */
  readonly units?: readonly string[];
  /** Paths of what a cluster leaves behind; `*` in the last part stands for each entry. */
  readonly leftovers?: readonly string[];
  /** Paths of files that the configuration names. */
  readonly files?: readonly string[];
  /** CIDRs: other machines are asked whether they hold an address, for each that the host has there. */
  readonly probedNetworks?: readonly string[];
  /** Names of programs. */
  readonly programs?: readonly string[];
}
