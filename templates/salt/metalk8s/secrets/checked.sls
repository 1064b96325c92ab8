{#- Content is neither known here nor looked at. -#}
{%- for secret in pillar['metalk8s']['secrets'] %}
{{ ("check " ~ secret.path) | json }}:
  file.exists:
    - name: {{ secret.path | json }}

{{ secret.path | json }}:
  file.managed:
    - create: false
    - replace: false
    - user: {{ secret.user | json }}
    - group: {{ secret.group | json }}
    - mode: {{ secret.mode | json }}
    - require:
      - file: {{ ("check " ~ secret.path) | json }}
{% endfor %}
