{%- from 'metalk8s/placed.jinja' import directories, files %}
{%- set manager = pillar['metalk8s']['networkManager'] %}
{{ directories(manager['directories']) }}
{{ files(manager['files']) }}
{%- if manager['files'] %}
NetworkManager.service:
  unit.current:
    - action: reload
    - files: {{ manager['files'] | map(attribute='path') | list | json }}
{%- endif %}
