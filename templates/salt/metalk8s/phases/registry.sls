include:
  - metalk8s.registry.configured
  - metalk8s.registry.placed
