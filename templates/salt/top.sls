{{ saltenv }}:
  '*':
    - metalk8s.phases.prepare
    - metalk8s.phases.kubelet
    - metalk8s.phases.manifests
