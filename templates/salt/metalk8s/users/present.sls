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
    # One that the host's owner made stays as it is. It is told by its home. A command would be run by the shell above.
    - unless:
      - fun: file.search
        path: /etc/passwd
        pattern: {{ ("^" ~ user.name ~ ":([^:]*:){4}(?!" ~ user.home ~ ":)") | json }}
{% endfor %}
