include:
  - metalk8s.kubelet.configured

kubelet.service:
  service.running:
    - enable: true
    - watch:
      - sls: metalk8s.kubelet.configured
  unit.current:
    - files: {{ pillar['metalk8s']['kubelet']['files'] | map(attribute='path') | list | json }}
    - require:
      - service: kubelet.service
