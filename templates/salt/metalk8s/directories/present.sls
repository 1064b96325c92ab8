{%- from 'metalk8s/placed.jinja' import directories %}
{{ directories(pillar['metalk8s']['node']['directories']) }}
