include:
  - metalk8s.containerd.configured

containerd.service:
  service.running:
    - enable: true
    - watch:
      - sls: metalk8s.containerd.configured
