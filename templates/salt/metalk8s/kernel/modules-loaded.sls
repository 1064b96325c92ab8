{%- from 'metalk8s/placed.jinja' import files %}
{%- set kernel = pillar['metalk8s']['kernel'] %}
{{ files(kernel['files']) }}
{%- for module in kernel['modules'] %}
# modprobe itself says whether there is anything to load: a kernel may have the module built in, and then lists it nowhere.
{{ ("modprobe " ~ module) | json }}:
  cmd.run:
    - onlyif: {{ ("modprobe --dry-run --first-time --quiet " ~ module) | json }}
{% endfor %}
