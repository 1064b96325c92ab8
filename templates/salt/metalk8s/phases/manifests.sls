include:
  - metalk8s.files.placed
  - metalk8s.manifests.placed
