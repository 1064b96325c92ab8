/**
 * containerd's configuration on a test host. The machine may lack CAP_SYS_RESOURCE, without which runc cannot lower a container's OOM
 * score; the sandbox image is the one that the release brings.
 */
export function containerdConfiguration(pauseImage: string): string {
  return `version = 3

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = ${JSON.stringify(pauseImage)}

[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = false
`;
}
