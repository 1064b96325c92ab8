# The registry's static pod comes before the kubelet runs, which then finds it at its first look into the folder.
include:
  - metalk8s.directories.present
  - metalk8s.secrets.checked
  - metalk8s.kubelet.configured
  - metalk8s.registry.configured
  - metalk8s.registry.placed
  - metalk8s.kubelet.running
