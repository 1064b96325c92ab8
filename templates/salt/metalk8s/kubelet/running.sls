include:
  - metalk8s.kubelet.configured

kubelet.service:
  service.running:
    - enable: true
    - watch:
      - sls: metalk8s.kubelet.configured
