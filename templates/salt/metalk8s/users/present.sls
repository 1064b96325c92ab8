{%- for user in pillar['metalk8s']['users'] %}
{{ ("group " ~ user.name) | json }}:
  group.present:
    - name: {{ user.name | json }}
    - system: true

{{ ("user " ~ user.name) | json }}:
  user.present:
    - name: {{ user.name | json }}
    - gid: {{ user.name | json }}
    - home: {{ user.home | json }}
    - createhome: false
    - shell: /sbin/nologin
    - system: true
{% endfor %}
