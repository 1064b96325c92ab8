include:
  - metalk8s.containerd.configured

containerd.service:
  service.running:
    - enable: true
    - watch:
      - sls: metalk8s.containerd.configured
  unit.current:
    - files: {{ pillar['metalk8s']['containerd']['files'] | map(attribute='path') | list | json }}
    - require:
      - service: containerd.service
