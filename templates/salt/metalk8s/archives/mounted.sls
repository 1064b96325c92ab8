{%- from 'metalk8s/placed.jinja' import directories, files %}
{%- set archives = pillar['metalk8s']['archives'] %}
{{ directories(archives['directories']) }}
{{ files(archives['files']) }}
{%- for unit in archives['units'] %}
{{ unit.name | json }}:
  service.running:
    - enable: true
    - watch:
      - placed: {{ unit.path | json }}
{% endfor %}
