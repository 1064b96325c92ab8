include:
  - metalk8s.archives.mounted
  - metalk8s.repository.configured
  - metalk8s.packages.installed
  - metalk8s.packages.held
  - metalk8s.users.present
  - metalk8s.kernel.modules-loaded
  - metalk8s.sysctl.configured
  - metalk8s.network-manager.configured
  - metalk8s.swap.disabled
