include:
  - metalk8s.containerd.configured
  - metalk8s.containerd.running
  - metalk8s.containerd.registries-configured
