{%- from 'metalk8s/placed.jinja' import files %}
{%- set sysctl = pillar['metalk8s']['sysctl'] %}
{{ files(sysctl['files']) }}
{%- for setting in sysctl['settings'] %}
{{ setting.name | json }}:
  sysctl.present:
    - value: {{ setting.value | json }}
    - config: {{ sysctl['path'] | json }}
{% endfor %}
