include:
  - metalk8s.directories.present
  - metalk8s.secrets.checked
  - metalk8s.kubelet.configured
  - metalk8s.kubelet.running
