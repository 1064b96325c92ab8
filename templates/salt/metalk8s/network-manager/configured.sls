{%- from 'metalk8s/placed.jinja' import directories, files %}
{%- set manager = pillar['metalk8s']['networkManager'] %}
{{ directories(manager['directories']) }}
{{ files(manager['files']) }}
{%- for file in manager['files'] %}
{%- set changed = "$(stat --format=%Z '" ~ file.path ~ "')" %}
{%- set since = "$(TZ=UTC systemctl show --property=StateChangeTimestamp --value NetworkManager.service)" %}
# Not onchanges: a run that is killed before this state would leave a service that never reads the file.
{{ ("reload for " ~ file.path) | json }}:
  cmd.run:
    - name: systemctl reload NetworkManager.service
    - onlyif:
      - systemctl is-active --quiet NetworkManager.service
      - {{ ('test "' ~ changed ~ '" -gt "$(date --date="' ~ since ~ '" +%s)"') | json }}
{% endfor %}
